-- one row per estate (or company) and cut-off in whose last hours it closed far more than its busiest usual days.
-- Cut-offs: the ends of months, and moments at which many tickets of the estate fall due together. Its usual pace is the
-- 95th percentile of its closings on those of the other days on which it closed any. A company is named only where no
-- single estate of it makes more than half of the closings. A closing at midnight is a date alone: it counts to its day.
WITH closings AS (
    SELECT estate AS subject, 'estate' AS "by", estate, closed_at, due_at, reopened, source_file, source_sheet, source_row
    FROM mart_tickets
    WHERE closed_at IS NOT NULL
    UNION ALL
    SELECT company, 'company', estate, closed_at, due_at, reopened, source_file, source_sheet, source_row
    FROM mart_tickets
    WHERE closed_at IS NOT NULL AND company IS NOT NULL
),
cut_offs AS (
    SELECT DISTINCT
        subject, "by", date_trunc('month', closed_at) + INTERVAL 1 MONTH AS cut_off,
        CASE WHEN month(closed_at) % 3 = 0 THEN 'quarter_end' ELSE 'month_end' END AS why
    FROM closings
    UNION ALL
    SELECT subject, "by", due_at, 'limit_end'
    FROM closings
    WHERE due_at IS NOT NULL AND due_at <> date_trunc('month', due_at)
    GROUP BY subject, "by", due_at
    HAVING count(*) >= $least
),
bursts AS (
    SELECT
        subject, "by", cut_off, why, count(*) AS found, count(*) FILTER (reopened) AS reopened, max(estate_share) AS most,
        min(closed_at) AS first_closed, max(closed_at) AS last_closed,
        first(source_file ORDER BY closed_at, source_file, source_sheet, source_row) AS source_file,
        first(source_sheet ORDER BY closed_at, source_file, source_sheet, source_row) AS source_sheet,
        first(source_row ORDER BY closed_at, source_file, source_sheet, source_row) AS source_row,
        list(
            concat_ws(' ', source_file, nullif(source_sheet, ''), source_row)
            ORDER BY closed_at, source_file, source_sheet, source_row
        ) AS evidence
    FROM (
        SELECT
            closings.*, cut_off, why,
            count(*) OVER (PARTITION BY subject, "by", cut_off, why, estate)
                / count(*) OVER (PARTITION BY subject, "by", cut_off, why) AS estate_share
        FROM closings
        JOIN cut_offs USING (subject, "by")
        WHERE closed_at < cut_off
            AND (
                closed_at >= cut_off - to_hours($hours)
                OR (closed_at = date_trunc('day', closed_at) AND closed_at >= cut_off - INTERVAL 1 DAY)
            )
    )
    GROUP BY subject, "by", cut_off, why
    HAVING count(*) >= $least
),
days AS (
    SELECT subject, "by", closed_at::DATE AS day, count(*) AS closed FROM closings GROUP BY ALL
)
SELECT
    bursts.subject, bursts."by", first_closed::DATE AS period_start, last_closed::DATE AS period_end, found::DOUBLE AS found,
    coalesce(quantile_cont(days.closed, 0.95), 0)::DOUBLE AS expected, why, reopened::DOUBLE AS n, source_file, source_sheet,
    source_row, evidence
FROM bursts
LEFT JOIN days
    ON bursts.subject = days.subject AND bursts."by" = days."by"
    AND days.day NOT BETWEEN first_closed::DATE AND last_closed::DATE
WHERE bursts."by" = 'estate' OR most <= 0.5
GROUP BY ALL
HAVING found >= $times * greatest(expected, 1)
ORDER BY bursts."by", bursts.subject, period_end

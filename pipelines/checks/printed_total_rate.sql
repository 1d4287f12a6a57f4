-- one row per rate of a total row that summed numerator ÷ summed denominator of its rows does not give, and what gives it.
-- A rate that the printed totals beside it give is silent here: where those are off, printed_total says so.
WITH totals AS (
    SELECT
        rowid AS total, *, value * 100 AS percent,
        list_filter([0, 1, 2, 3, 4], lambda places: abs(round(percent, places) - percent) < 1e-6)[1] AS places,
        10.0 ** -coalesce(places, 4) AS width
    FROM printed_totals
    WHERE field IN ('collection_rate', 'reported_rate')
),
spanned AS (FROM spanned_totals SEMI JOIN totals USING (total)),
silent AS (
    FROM restated_totals
    UNION
    SELECT DISTINCT total
    FROM spanned
    JOIN quarantine USING (kind, source_file, source_sheet, source_row)
),
billed AS (
    SELECT
        spanned.total, spanned.source_row, fees.estate, fees.period_start AS start, fees.period_end AS finish,
        spanned.source_row >= first_row AS inside, 'fees' AS kind,
        CASE WHEN regexp_matches(heading, '户') THEN households_paid ELSE received_yuan END AS upper,
        CASE WHEN regexp_matches(heading, '户') THEN households_due ELSE receivable_yuan END AS lower,
        printed.rate,
        [
            {'why': 'amounts', 'upper': received_yuan, 'lower': receivable_yuan},
            {'why': 'households', 'upper': households_paid, 'lower': households_due},
            {'why': 'with_prepaid', 'upper': received_yuan + prepaid_yuan, 'lower': receivable_yuan},
            {'why': 'without_prepaid', 'upper': received_yuan - prepaid_yuan, 'lower': receivable_yuan},
            {'why': 'with_recovered', 'upper': received_yuan + arrears_recovered_yuan, 'lower': receivable_yuan},
            {'why': 'net_of_waived', 'upper': received_yuan, 'lower': receivable_yuan - waived_yuan},
            {'why': 'waived_as_received', 'upper': received_yuan + waived_yuan, 'lower': receivable_yuan},
            {
                'why': 'with_opening_arrears',
                'upper': received_yuan + coalesce(arrears_recovered_yuan, 0),
                'lower': receivable_yuan + opening_arrears_yuan
            },
            {'why': 'over_all_due', 'upper': received_yuan, 'lower': receivable_yuan + opening_arrears_yuan}
        ]::STRUCT(why VARCHAR, upper DOUBLE, lower DOUBLE)[] AS others
    FROM spanned
    JOIN fees USING (source_file, source_sheet, source_row)
    LEFT JOIN (
        SELECT
            source_file AS file, coalesce(source_sheet, '') AS sheet, source_row AS place, heading AS head, period_start AS since,
            period_end AS until, receivable_yuan AS its_receivable, received_yuan AS its_received, any_value(rate) AS rate
        FROM printed
        GROUP BY ALL
    ) AS printed
        ON file = fees.source_file AND sheet = coalesce(fees.source_sheet, '') AND place = fees.source_row
        AND head = heading AND since = fees.period_start AND until = fees.period_end
        AND its_receivable = receivable_yuan AND its_received = received_yuan
    WHERE spanned.kind = 'fees' AND coalesce(fees.estate = spanned.estate, true)
        AND coalesce(fees.period_start = spanned.period_start, true) AND coalesce(fees.period_end = spanned.period_end, true)
),
asked AS (
    SELECT
        spanned.total, spanned.source_row, surveys.estate, surveys.period_start AS start, surveys.period_end AS finish,
        spanned.source_row >= first_row AS inside, 'surveys' AS kind,
        satisfied_total AS upper, responses AS lower, reported_rate AS rate,
        [
            {'why': 'of_issued', 'upper': satisfied_total, 'lower': issued},
            {'why': 'with_neutral', 'upper': satisfied_total + neutral, 'lower': responses},
            {'why': 'very_satisfied_alone', 'upper': very_satisfied, 'lower': responses}
        ]::STRUCT(why VARCHAR, upper DOUBLE, lower DOUBLE)[] AS others
    FROM spanned
    JOIN surveys USING (source_file, source_sheet, source_row)
    WHERE spanned.kind = 'surveys' AND coalesce(surveys.estate = spanned.estate, true)
        AND coalesce(surveys.period_start = spanned.period_start, true)
        AND coalesce(surveys.period_end = spanned.period_end, true)
        AND coalesce(coalesce(surveys.question, '') = spanned.question, true)
),
members AS (FROM billed UNION ALL FROM asked),
pooled AS (
    SELECT
        total, 100 * sum(upper) FILTER (inside) / nullif(sum(lower) FILTER (inside), 0) AS expected,
        100 * sum(upper) / nullif(sum(lower), 0) AS wide,
        sum(lower) FILTER (inside) AS below, sum(upper) FILTER (inside) AS above,
        100 * avg(upper / nullif(lower, 0)) FILTER (inside) AS mean, 100 * avg(rate) FILTER (inside) AS printed_mean,
        count(*) FILTER (inside) AS n, any_value(kind) AS kind,
        CASE WHEN count(DISTINCT estate) = 1 THEN min(estate) END AS lone, list(DISTINCT estate) FILTER (inside) AS theirs,
        count(*) > count(DISTINCT source_row) AS mingled, bool_or(inside AND (upper IS NULL OR lower IS NULL)) AS partial,
        min(start) AS start, max(finish) AS finish
    FROM members
    GROUP BY total
),
other AS (
    SELECT total, why, 100 * sum(upper) / nullif(sum(lower), 0) AS share
    FROM (SELECT total, unnest(others, recursive := true) FROM members WHERE inside)
    GROUP BY total, why
    HAVING count(upper) = count(*) AND count(lower) = count(*)
),
beside AS (
    SELECT
        total, 100 * coalesce(
            max(amounts.value) FILTER (amounts.field = 'received_yuan') / nullif(max(amounts.value) FILTER (amounts.field = 'receivable_yuan'), 0),
            max(amounts.value) FILTER (amounts.field = 'satisfied_total') / nullif(max(amounts.value) FILTER (amounts.field = 'responses'), 0),
            (max(amounts.value) FILTER (amounts.field = 'very_satisfied') + max(amounts.value) FILTER (amounts.field = 'satisfied'))
                / nullif(max(amounts.value) FILTER (amounts.field = 'responses'), 0)
        ) AS share,
        100 * max(amounts.value) FILTER (amounts.field = 'households_paid')
            / nullif(max(amounts.value) FILTER (amounts.field = 'households_due'), 0) AS households
    FROM totals
    JOIN printed_totals AS amounts USING (kind, source_file, source_sheet, source_row)
    WHERE totals.period_start IS NOT DISTINCT FROM amounts.period_start AND totals.estate IS NOT DISTINCT FROM amounts.estate
    GROUP BY total
),
recomputed AS (
    SELECT
        totals.*, pooled.* EXCLUDE (total, kind), beside.share, beside.households,
        list_filter([100, 10, 1], lambda size: (round(above * 100) % (100 * size)) + (round(below * 100) % (100 * size)) = 0)[1] AS size,
        CASE WHEN totals.kind = 'fees' AND NOT regexp_matches(heading, '户') THEN least(0.5, 100 * n * coalesce(size, 0.01) / below) ELSE 0 END
            AS slack,
        -width / 2 - slack - 1e-6 AS least, width + slack + 1e-6 AS most
    FROM totals
    JOIN pooled USING (total)
    LEFT JOIN beside USING (total)
    ANTI JOIN silent USING (total)
    WHERE below > 0 AND NOT mingled AND NOT partial
),
told AS (
    SELECT
        recomputed.*, whose(lone, theirs) AS about,
        CASE
            WHEN mean - percent BETWEEN least AND most OR printed_mean - percent BETWEEN least - width / 2 AND most THEN 'mean_of_rates'
            ELSE coalesce(other.why, 'unexplained')
        END AS why
    FROM recomputed
    LEFT JOIN other ON other.total = recomputed.total AND other.share - percent BETWEEN least AND most
    WHERE NOT (expected - percent BETWEEN least AND most) AND NOT (wide - percent BETWEEN least AND most)
        AND NOT coalesce(recomputed.share - percent BETWEEN least AND most AND NOT regexp_matches(heading, '户'), false)
        AND NOT coalesce(households - percent BETWEEN least AND most AND regexp_matches(heading, '户'), false)
    QUALIFY row_number() OVER (PARTITION BY recomputed.total ORDER BY other.why) = 1
)
SELECT
    coalesce(about['subject'], source_file) AS subject, about['by'] AS "by",
    start AS period_start, finish AS period_end, percent AS found, expected, why, n::DOUBLE AS n, heading, source_cell AS cell,
    source_file, source_sheet, source_row,
    [
        concat_ws(' ', source_file, nullif(source_sheet, ''), source_cell),
        concat_ws(' ', source_file, nullif(source_sheet, ''), first_row || '-' || last_row)
    ] AS evidence
FROM told
ORDER BY subject, period_start, source_file, source_row, source_cell

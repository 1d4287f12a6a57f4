-- one row per estate and month with tickets: how many came, were carried over from before, were closed, came again.
CREATE TABLE mart_ticket_months AS
WITH opened AS (
    SELECT
        estate, date_trunc('month', opened_at)::DATE AS month,
        count(*) FILTER (NOT excluded) AS opened,
        count(*) FILTER (excluded) AS excluded,
        count(*) FILTER (reopened AND NOT excluded) AS reopened
    FROM mart_tickets
    GROUP BY ALL
),
closed AS (
    SELECT estate, date_trunc('month', closed_at)::DATE AS month, count(*) AS closed
    FROM mart_tickets
    WHERE closed_at IS NOT NULL AND NOT excluded
    GROUP BY ALL
)
SELECT
    estate, month, coalesce(opened, 0) AS opened, coalesce(closed, 0) AS closed, coalesce(excluded, 0) AS excluded,
    coalesce(reopened, 0) AS reopened,
    coalesce(
        sum(coalesce(opened, 0) - coalesce(closed, 0)) OVER (
            PARTITION BY estate ORDER BY month ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), 0
    ) AS carried_over
FROM opened FULL JOIN closed USING (estate, month)
ORDER BY estate, month;

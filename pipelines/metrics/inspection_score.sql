-- points scored, and points that could be had, of the inspections that end in the period
WITH asked AS (
    SELECT unnest($starts::DATE[]) AS period_start, unnest($ends::DATE[]) AS period_end, unnest($moments::DATE[]) AS as_of
)
SELECT
    asked.period_start, asked.period_end, CASE WHEN subject_kind = 'estate' THEN subject END AS estate, company,
    governance_mode, sum(score) AS numerator, sum(max_score) AS denominator, count(*) AS cases
FROM asked
JOIN mart_inspections AS scores ON scores.period_end BETWEEN asked.period_start AND least(asked.period_end, asked.as_of)
WHERE max_score > 0 AND subject_kind = CASE WHEN $basis = 'company' THEN 'company' ELSE 'estate' END
GROUP BY ALL;

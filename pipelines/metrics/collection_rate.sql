-- money received and receivable for the bills of the period, days before charging began left out
WITH asked AS (
    SELECT
        unnest($starts::DATE[]) AS period_start, unnest($ends::DATE[]) AS period_end, unnest($moments::DATE[]) AS as_of
),
spans AS (
    SELECT
        *,
        CASE WHEN $basis = 'year_to_date' THEN date_trunc('year', period_end)::DATE ELSE period_start END AS counted_from
    FROM asked
),
bills AS (
    SELECT
        spans.period_start, spans.period_end, counted_from, fees.*,
        (least(to_day, spans.period_end) - greatest(from_day, counted_from) + 1) / days AS part,
        from_day = min(from_day) OVER (PARTITION BY estate, spans.period_start, spans.period_end) AS is_first,
        from_day = min(from_day) OVER (PARTITION BY estate, month, spans.period_start, spans.period_end) AS begins_month
    FROM spans
    JOIN mart_fees AS fees
        ON from_day <= spans.period_end AND to_day >= counted_from AND bill_start <= as_of
    WHERE state <> 'free_service' AND received_yuan IS NOT NULL
),
sums AS (
    SELECT
        period_start, period_end, estate, company, governance_mode,
        sum(received_yuan * part) AS received,
        sum(receivable_yuan * part) AS receivable,
        sum(waived_yuan * part) AS waived,
        sum(arrears_recovered_yuan * part) AS recovered,
        sum(opening_arrears_yuan) FILTER (is_first) AS arrears,
        count(DISTINCT month) AS cases,
        cases - count(DISTINCT month) FILTER (begins_month) AS again,
        sum(receivable_yuan * part) FILTER (prepaid_mixed) AS mixed,
        min(age_days) AS youngest_days,
        bool_or(bill_start < counted_from OR bill_end > period_end) AS caveat_prorated,
        bool_or(prepaid_mixed) AS caveat_prepaid_mixed,
        bool_or(age_days < 0) AS caveat_provisional,
        bool_or(receivable_yuan > 0 AND received_yuan > receivable_yuan) AS caveat_over_received
    FROM bills
    GROUP BY ALL
)
SELECT
    period_start, period_end, estate, company, governance_mode,
    CASE WHEN $basis = 'with_arrears' THEN received + coalesce(recovered, 0) ELSE received END AS numerator,
    CASE
        WHEN $basis = 'with_arrears' THEN receivable + arrears
        WHEN $basis = 'current_net' THEN receivable - coalesce(waived, 0)
        ELSE receivable
    END AS denominator,
    cases, again, mixed, youngest_days, caveat_prorated, caveat_prepaid_mixed, caveat_provisional, caveat_over_received
FROM sums
WHERE $basis <> 'with_arrears' OR arrears IS NOT NULL;

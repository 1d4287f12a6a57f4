-- fees received with arrears recovered, and costs, over the months with costs: no income before charging began, months without a fee report left out
WITH asked AS (
    SELECT unnest($starts::DATE[]) AS period_start, unnest($ends::DATE[]) AS period_end, unnest($moments::DATE[]) AS as_of
),
spent AS (
    SELECT
        asked.period_start, asked.period_end, estate, company, governance_mode, state, month,
        min(from_day) AS begin, sum(amount_yuan * (least(to_day, asked.period_end) - greatest(from_day, asked.period_start) + 1) / days) AS costs,
        bool_or(row_start < asked.period_start OR row_end > asked.period_end) AS caveat_prorated
    FROM asked
    JOIN mart_costs ON from_day <= least(asked.period_end, as_of) AND to_day >= asked.period_start
    GROUP BY ALL
),
earned AS (
    SELECT
        asked.period_start, asked.period_end, estate, company, governance_mode, state, month,
        sum(
            (received_yuan + coalesce(arrears_recovered_yuan, 0))
            * (least(to_day, asked.period_end) - greatest(from_day, asked.period_start) + 1) / days
        ) AS income,
        bool_or(prepaid_mixed) AS prepaid_mixed,
        sum(received_yuan * (least(to_day, asked.period_end) - greatest(from_day, asked.period_start) + 1) / days)
            FILTER (prepaid_mixed) AS mixed
    FROM asked
    JOIN mart_fees ON from_day <= asked.period_end AND to_day >= asked.period_start AND bill_start <= as_of
    WHERE received_yuan IS NOT NULL
    GROUP BY ALL
),
paired AS (
    SELECT spent.*, income, prepaid_mixed, mixed,
        begin = min(begin) OVER (PARTITION BY spent.estate, spent.month, spent.period_start, spent.period_end) AS begins_month
    FROM spent
    LEFT JOIN earned
        ON spent.period_start = earned.period_start
        AND spent.period_end = earned.period_end
        AND spent.estate = earned.estate
        AND spent.month = earned.month
        AND spent.state = earned.state
        AND spent.company IS NOT DISTINCT FROM earned.company
        AND spent.governance_mode IS NOT DISTINCT FROM earned.governance_mode
    WHERE income IS NOT NULL OR spent.state = 'free_service'
)
SELECT
    period_start, period_end, estate, company, governance_mode,
    sum(coalesce(income, 0)) AS numerator, sum(costs) AS denominator, count(DISTINCT month) AS cases,
    cases - count(DISTINCT month) FILTER (begins_month) AS again, sum(mixed) AS mixed,
    bool_or(caveat_prorated) AS caveat_prorated, bool_or(prepaid_mixed) AS caveat_prepaid_mixed,
    bool_or(state = 'free_service') AS caveat_free_service
FROM paired
GROUP BY period_start, period_end, estate, company, governance_mode;

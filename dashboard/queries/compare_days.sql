-- By source the months in which it has any data.
SELECT DISTINCT 'fees' AS source, date_trunc('month', month)::DATE AS month FROM mart_fees
UNION
SELECT DISTINCT 'costs', date_trunc('month', month)::DATE FROM mart_costs
UNION
SELECT DISTINCT 'tickets', date_trunc('month', opened_at)::DATE FROM mart_tickets WHERE opened_at IS NOT NULL
UNION
SELECT DISTINCT 'surveys', date_trunc('month', period_end)::DATE FROM mart_surveys
UNION
SELECT DISTINCT 'inspections', date_trunc('month', period_end)::DATE FROM mart_inspections
ORDER BY source, month;

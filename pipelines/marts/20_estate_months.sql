-- one row per estate, month and stretch of days in it that one company ran in one mode and state.
CREATE TABLE mart_estate_months AS
WITH months AS (
    SELECT unnest(generate_series(first_month, last_month, INTERVAL 1 MONTH))::DATE AS month FROM mart_as_of
)
SELECT
    spell.estate, month, greatest(spell.from_day, month) AS from_day, least(spell.to_day, last_day(month)) AS to_day,
    least(spell.to_day, last_day(month)) - greatest(spell.from_day, month) + 1 AS days,
    last_day(month) - month + 1 AS month_days,
    spell.company, spell.governance_mode, spell.state
FROM months
JOIN mart_spells AS spell ON spell.from_day <= last_day(month) AND spell.to_day >= month
ORDER BY spell.estate, greatest(spell.from_day, month);

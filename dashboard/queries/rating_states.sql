-- By estate whether anybody manages it on a day.
SELECT estate, any_value(state) AS state FROM mart_spells WHERE $day::DATE BETWEEN from_day AND to_day GROUP BY estate ORDER BY estate;

-- the months for which an estate has costs, in time
SELECT DISTINCT month FROM mart_costs WHERE estate = $estate AND month <= $until ORDER BY month;

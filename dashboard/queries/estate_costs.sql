-- costs of an estate by category, by the days that lie in the period; the largest first
SELECT
    category,
    sum(amount_yuan * (least(to_day, $end) - greatest(from_day, $start) + 1) / days) AS amount_yuan
FROM mart_costs
WHERE estate = $estate AND from_day <= $end AND to_day >= $start
GROUP BY category
ORDER BY amount_yuan DESC, category;

-- The estates that have had more than one company.
SELECT estate
FROM mart_spells
WHERE company IS NOT NULL
GROUP BY estate
HAVING count(DISTINCT company) > 1
ORDER BY estate;

-- when an estate's rows of some $kinds first came, by the days they cover
SELECT first_day, last_day, min(received_on) AS received_on
FROM mart_brought
WHERE estate = $estate AND kind IN (SELECT unnest($kinds)) AND first_day IS NOT NULL
GROUP BY first_day, last_day;

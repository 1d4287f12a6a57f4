-- tickets opened in the period by estate and who ran it, those excluded among them
SELECT estate, company, governance_mode, count(*) AS opened, count(*) FILTER (excluded) AS excluded
FROM mart_tickets
WHERE opened_at >= $start::DATE AND opened_at < least($end::DATE, $as_of::DATE) + INTERVAL 1 DAY
GROUP BY ALL;

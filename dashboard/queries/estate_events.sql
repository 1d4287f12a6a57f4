-- what happened to an estate, the latest first
SELECT event_date, event_type, company, value, note FROM events WHERE estate = $estate ORDER BY event_date DESC, note;

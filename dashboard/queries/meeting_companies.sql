-- how many companies run an estate on $as_of
SELECT count(DISTINCT company) AS companies FROM mart_spells WHERE company IS NOT NULL AND $as_of::DATE BETWEEN from_day AND to_day;

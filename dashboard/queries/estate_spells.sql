-- who ran an estate from when to when, in time; days of year 1 and 9999 are open ends
SELECT company, governance_mode, from_day, to_day, state FROM mart_spells WHERE estate = $estate ORDER BY from_day;

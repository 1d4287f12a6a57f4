-- the estates that nobody runs on $as_of: since when, who ran them before, and who looks after them now
SELECT spell.estate, spell.from_day, before.company AS before_company, before.from_day AS before_from,
    estates.households, estates.community
FROM mart_spells AS spell
JOIN estates USING (estate)
LEFT JOIN mart_spells AS before ON before.estate = spell.estate AND before.to_day = spell.from_day - INTERVAL 1 DAY
WHERE spell.state = 'unmanaged' AND $as_of::DATE BETWEEN spell.from_day AND spell.to_day
ORDER BY estates.households DESC NULLS LAST, spell.estate;

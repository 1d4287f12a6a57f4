-- what the plain checks found in periods that ended since $since
SELECT subject, zh, en FROM checks
WHERE "by" = 'estate' AND period_end > $since::DATE AND period_end <= $as_of::DATE
ORDER BY period_end DESC, subject;

-- what the codes of values mean, in one language: topic, code, words
SELECT topic, code, CASE WHEN $lang = 'zh' THEN zh ELSE en END AS text FROM metric_words ORDER BY topic, code;

-- One row: what is known of fees.
SELECT count(*) AS rows, min(period_start) AS first, max(period_end) AS last, count(DISTINCT estate) AS estates FROM fees

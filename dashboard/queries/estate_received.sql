-- one row: fees received for the bills of the period, and arrears recovered in it; null where not reported
SELECT
    sum(received_yuan * part) AS received_yuan,
    sum(arrears_recovered_yuan * part) AS recovered_yuan
FROM (
    SELECT
        received_yuan, arrears_recovered_yuan,
        (least(to_day, $end) - greatest(from_day, $start) + 1) / days AS part
    FROM mart_fees
    WHERE estate = $estate AND from_day <= $end AND to_day >= $start AND state <> 'free_service'
);

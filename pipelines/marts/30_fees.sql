-- one row per counted fee row, month and stretch of days that one company ran in one mode and state.
-- Of rows that overlap, the finer set counts where it is complete, else the coarser: they are never added. An amount that
-- only partly lies in a stretch counts by its days. age_days: days from the end of the bill to the sheet's filing.
-- prepaid_mixed: a sheet without a column of prepayments whose share of money is far above its share of households.
CREATE TABLE mart_fees AS
WITH bills AS (
    SELECT
        fees.rowid AS bill, fees.*,
        period_end - period_start + 1 AS bill_days,
        coalesce(filed_on, received_at::DATE, loaded_at::DATE) - period_end AS age_days,
        count(prepaid_yuan) OVER of_sheet = 0
        AND bool_or(received_yuan / nullif(receivable_yuan, 0) - households_paid / nullif(households_due, 0) > 0.1) OVER of_sheet
            AS prepaid_mixed
    FROM fees
    LEFT JOIN (SELECT DISTINCT ON (source_file) source_file, filed_on, received_at, loaded_at FROM submissions)
        USING (source_file)
    WINDOW of_sheet AS (PARTITION BY estate, source_file, source_sheet)
),
inside AS (
    SELECT coarse.bill AS coarse, fine.bill AS fine, coarse.bill_days, fine.period_start, fine.period_end
    FROM bills AS coarse
    JOIN bills AS fine
        ON coarse.estate = fine.estate
        AND coalesce(coarse.building, '') = coalesce(fine.building, '')
        AND coalesce(coarse.unit, '') = coalesce(fine.unit, '')
        AND coarse.bill_days > fine.bill_days
        AND coarse.period_start <= fine.period_start
        AND coarse.period_end >= fine.period_end
),
complete AS (
    SELECT coarse AS bill
    FROM (SELECT coarse, bill_days, unnest(range(period_start, period_end + 1, INTERVAL 1 DAY)) AS day FROM inside)
    GROUP BY coarse, bill_days
    HAVING count(DISTINCT day) = bill_days
),
crossed AS (
    SELECT DISTINCT later.bill
    FROM bills AS later
    JOIN bills AS earlier
        ON later.estate = earlier.estate
        AND coalesce(later.building, '') = coalesce(earlier.building, '')
        AND coalesce(later.unit, '') = coalesce(earlier.unit, '')
        AND later.period_start > earlier.period_start
        AND later.period_start <= earlier.period_end
        AND later.period_end > earlier.period_end
),
in_time AS (
    SELECT * FROM bills
    ANTI JOIN complete USING (bill)
    ANTI JOIN crossed USING (bill)
    WHERE bill NOT IN (SELECT fine FROM inside WHERE coarse NOT IN (SELECT bill FROM complete))
),
parts AS (
    SELECT
        bill, in_time.estate, coalesce(building, '') AS building, unit IS NOT NULL AS is_unit, calendar.month,
        greatest(calendar.from_day, period_start) AS from_day,
        least(calendar.to_day, period_end) AS to_day,
        least(calendar.to_day, period_end) - greatest(calendar.from_day, period_start) + 1 AS days,
        calendar.month_days, calendar.company, calendar.governance_mode, calendar.state, bill_days,
        (least(calendar.to_day, period_end) - greatest(calendar.from_day, period_start) + 1) / bill_days AS share,
        receivable_yuan, received_yuan, waived_yuan, prepaid_yuan, opening_arrears_yuan, arrears_recovered_yuan,
        households_due, households_paid, age_days, coalesce(prepaid_mixed, false) AS prepaid_mixed, period_start AS bill_start, period_end AS bill_end, source_file,
        source_sheet, source_row
    FROM in_time
    JOIN mart_estate_months AS calendar
        ON calendar.estate = in_time.estate AND calendar.from_day <= period_end AND calendar.to_day >= period_start
),
of_buildings AS (
    SELECT
        estate, month, building,
        sum(receivable_yuan * share) FILTER (NOT is_unit) AS whole,
        sum(receivable_yuan * share) FILTER (is_unit) AS units,
        whole IS NULL OR coalesce(abs(units - whole) <= 0.01 * whole, false) AS by_unit
    FROM parts
    WHERE building <> '' OR is_unit
    GROUP BY estate, month, building
),
of_estates AS (
    SELECT
        estate, month, whole, finer,
        whole IS NULL
        OR coalesce(found >= estates.buildings, false)
        OR coalesce(abs(finer - whole) <= 0.01 * whole, false) AS by_building
    FROM (
        SELECT estate, month, sum(receivable_yuan * share) FILTER (building = '' AND NOT is_unit) AS whole
        FROM parts
        GROUP BY estate, month
    )
    JOIN (
        SELECT estate, month, count(*) FILTER (building <> '') AS found,
            sum(CASE WHEN by_unit THEN units ELSE whole END) AS finer
        FROM of_buildings
        GROUP BY estate, month
    ) USING (estate, month)
    LEFT JOIN estates USING (estate)
)
SELECT
    parts.estate, parts.month, from_day, to_day, days, month_days, company, governance_mode, state,
    CASE WHEN is_unit THEN 'unit' WHEN parts.building <> '' THEN 'building' ELSE 'estate' END AS grain,
    receivable_yuan * share AS receivable_yuan,
    received_yuan * share AS received_yuan,
    waived_yuan * share AS waived_yuan,
    prepaid_yuan * share AS prepaid_yuan,
    opening_arrears_yuan,
    arrears_recovered_yuan * share AS arrears_recovered_yuan,
    households_due * share AS households_due,
    households_paid * share AS households_paid,
    age_days, prepaid_mixed, bill_start, bill_end, source_file, source_sheet, source_row
FROM parts
LEFT JOIN of_buildings
    ON parts.estate = of_buildings.estate AND parts.month = of_buildings.month AND parts.building = of_buildings.building
LEFT JOIN of_estates ON parts.estate = of_estates.estate AND parts.month = of_estates.month
WHERE
    CASE
        WHEN parts.building = '' AND NOT is_unit THEN NOT coalesce(by_building, false)
        ELSE coalesce(by_building, true) AND is_unit = by_unit
    END
ORDER BY parts.estate, parts.month;

-- one row per ticket, with its clock: who ran the estate when it was opened, when it was due, whether it counts.
-- A due time at midnight is a date alone and runs to the end of that day (in a sheet that has hardly any, it is midnight). Hours and natural days run by the clock from the
-- opening; working days are whole days after the day of opening. A closing or response never lies before the opening.
CREATE TABLE mart_tickets AS
WITH sheets AS (
    SELECT source_file, source_sheet, avg(CASE WHEN due_at = date_trunc('day', due_at) THEN 1 ELSE 0 END) >= 0.005 AS has_dates
    FROM tickets
    WHERE due_at IS NOT NULL
    GROUP BY ALL
),
tracked AS (
    SELECT
        tickets.estate, ticket_id, opened_at, dispatched_at,
        CASE WHEN responded_at < opened_at THEN opened_at ELSE responded_at END AS responded_at,
        CASE WHEN closed_at < opened_at THEN opened_at ELSE closed_at END AS closed_at,
        tickets.category, channel, resolved, satisfied, reopened, excluded_reason IS NOT NULL AS excluded,
        due_at AS due_given, coalesce(has_dates, false) AS has_dates,
        opened_at + to_microseconds((limits.hours * 3600e6)::BIGINT) AS due_by_hours,
        limits.working_days, responding.hours AS response_hours, responding.working_days AS response_working_days,
        tickets.source_file, tickets.source_sheet, source_row
    FROM tickets
    LEFT JOIN sheets
        ON tickets.source_file = sheets.source_file
        AND coalesce(tickets.source_sheet, '') = coalesce(sheets.source_sheet, '')
    LEFT JOIN ticket_limits AS limits ON coalesce(tickets.category, '') = limits.category
    CROSS JOIN response_limit AS responding
),
dated AS (
    SELECT
        tracked.*,
        CASE
            WHEN has_dates AND due_given = date_trunc('day', due_given) THEN due_given + INTERVAL 1 DAY
            WHEN due_given IS NOT NULL THEN due_given
            WHEN due_by_hours IS NOT NULL THEN due_by_hours
            ELSE due_day.day + INTERVAL 1 DAY
        END AS due_at,
        CASE WHEN due_given IS NOT NULL THEN 'given' WHEN due_at IS NULL THEN 'none' ELSE 'limit' END AS due_from,
        due_given IS NULL AND due_by_hours IS NULL AND NOT coalesce(due_day.is_official, false) AS due_by_weekdays,
        CASE
            WHEN response_hours IS NOT NULL THEN opened_at + to_microseconds((response_hours * 3600e6)::BIGINT)
            ELSE answer_day.day + INTERVAL 1 DAY
        END AS respond_by
    FROM tracked
    LEFT JOIN calendar_days AS opening ON opening.day = opened_at::DATE
    LEFT JOIN (SELECT * FROM calendar_days WHERE is_working) AS due_day
        ON due_day.working_days = opening.working_days + ceil(tracked.working_days)
    LEFT JOIN (SELECT * FROM calendar_days WHERE is_working) AS answer_day
        ON answer_day.working_days = opening.working_days + ceil(response_working_days)
)
SELECT
    dated.estate, ticket_id, opened_at, dispatched_at, responded_at, closed_at, due_at, due_from, due_by_weekdays, respond_by,
    category, channel, resolved, satisfied, coalesce(reopened, false) AS reopened, excluded, company, governance_mode, state,
    source_file, source_sheet, source_row
FROM dated
ASOF LEFT JOIN mart_spells AS spell ON dated.estate = spell.estate AND dated.opened_at::DATE >= spell.from_day;

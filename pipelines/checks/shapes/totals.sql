-- spanned_totals: one row per printed total and row that it may span, from the table's first row (the widest) to its last.
CREATE OR REPLACE TEMP VIEW spanned_totals AS
SELECT
    rowid AS total, kind, source_file, source_sheet, first_row, heading, estate, period_start, period_end, question,
    unnest(range(widest_row, last_row + 1)) AS source_row
FROM printed_totals;

-- restated_totals: the printed totals of which a later file replaced some rows, so that they can't be recomputed.
CREATE OR REPLACE TEMP VIEW restated_totals AS
SELECT DISTINCT total
FROM spanned_totals
JOIN history USING (kind, source_file, source_sheet, source_row)
WHERE spanned_totals.period_start IS NULL OR content ->> 'period_start' = spanned_totals.period_start::VARCHAR;

-- whose(lone, theirs): whom a total speaks of: the only estate of its rows, else the community or the street of all of them.
CREATE OR REPLACE TEMP MACRO whose(lone, theirs) AS
CASE
    WHEN lone IS NOT NULL THEN {'subject': lone, 'by': 'estate'}
    ELSE (
        SELECT
            CASE
                WHEN count(DISTINCT community) = 1 AND count(*) = count(community)
                THEN {'subject': min(community), 'by': 'community'}
                ELSE {'subject': min(street), 'by': 'street'}
            END
        FROM (SELECT unnest(theirs) AS named) AS members
        LEFT JOIN estates ON estates.estate = members.named
    )
END;

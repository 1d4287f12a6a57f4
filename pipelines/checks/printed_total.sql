-- one row per total row (小计, 合计, 总计) and reason for which the rows it spans do not add up to its numbers.
-- Rounded figures agree as far as the decimals of the rows and of the total allow. The last total of a table may run from
-- the table's first row on. Sheets of which a later file replaced some rows, and registers that were merged, are silent.
WITH totals AS (
    SELECT rowid AS total, *
    FROM printed_totals
    WHERE field NOT IN ('collection_rate', 'reported_rate')
),
sheets AS (SELECT DISTINCT kind, source_file, source_sheet FROM totals),
cells AS (
    SELECT
        'fees' AS kind, source_file, source_sheet, source_row, estate, period_start, period_end,
        NULL AS category, NULL AS item, NULL AS question,
        unnest([
            {'field': 'receivable_yuan', 'value': receivable_yuan}, {'field': 'received_yuan', 'value': received_yuan},
            {'field': 'waived_yuan', 'value': waived_yuan}, {'field': 'prepaid_yuan', 'value': prepaid_yuan},
            {'field': 'opening_arrears_yuan', 'value': opening_arrears_yuan},
            {'field': 'arrears_recovered_yuan', 'value': arrears_recovered_yuan},
            {'field': 'households_due', 'value': households_due}, {'field': 'households_paid', 'value': households_paid}
        ], recursive := true)
    FROM fees SEMI JOIN (FROM sheets WHERE kind = 'fees') USING (source_file, source_sheet)
    UNION ALL
    SELECT
        'costs', source_file, source_sheet, source_row, estate, period_start, period_end, category, item, NULL,
        'amount_yuan', amount_yuan
    FROM costs SEMI JOIN (FROM sheets WHERE kind = 'costs') USING (source_file, source_sheet)
    UNION ALL
    SELECT
        'income', source_file, source_sheet, source_row, estate, period_start, period_end, category, item, NULL,
        'amount_yuan', amount_yuan
    FROM income SEMI JOIN (FROM sheets WHERE kind = 'income') USING (source_file, source_sheet)
    UNION ALL
    SELECT
        'surveys', source_file, source_sheet, source_row, estate, period_start, period_end, NULL, NULL, question,
        unnest([
            {'field': 'issued', 'value': issued}, {'field': 'responses', 'value': responses},
            {'field': 'very_satisfied', 'value': very_satisfied}, {'field': 'satisfied', 'value': satisfied},
            {'field': 'neutral', 'value': neutral}, {'field': 'dissatisfied', 'value': dissatisfied},
            {'field': 'very_dissatisfied', 'value': very_dissatisfied}, {'field': 'satisfied_total', 'value': satisfied_total}
        ], recursive := true)
    FROM surveys SEMI JOIN (FROM sheets WHERE kind = 'surveys') USING (source_file, source_sheet)
    UNION ALL
    SELECT
        'estates', source_file, source_sheet, source_row, estate, NULL, NULL, NULL, NULL, NULL,
        unnest([
            {'field': 'households', 'value': households}, {'field': 'floor_area_m2', 'value': floor_area_m2},
            {'field': 'buildings', 'value': buildings}, {'field': 'units', 'value': units}
        ], recursive := true)
    FROM estates SEMI JOIN (FROM sheets WHERE kind = 'estates') USING (source_file, source_sheet)
),
silent AS (
    FROM restated_totals
    UNION
    SELECT total
    FROM spanned_totals
    JOIN ledger USING (source_file, source_sheet, source_row)
    LEFT JOIN estates USING (source_file, source_sheet, source_row)
    WHERE spanned_totals.kind = 'estates' AND records_loaded > 0 AND estates.estate IS NULL
),
members AS (
    SELECT
        totals.total, cells.source_row, cells.estate, cells.period_start AS start, cells.period_end AS finish, cells.value AS part,
        cells.source_row >= totals.first_row AS inside
    FROM totals
    JOIN spanned_totals USING (total)
    JOIN cells
        ON cells.kind = totals.kind AND cells.field = totals.field AND cells.source_file = totals.source_file
        AND cells.source_sheet = totals.source_sheet AND cells.source_row = spanned_totals.source_row
    WHERE cells.value IS NOT NULL AND coalesce(cells.estate = totals.estate, true)
        AND coalesce(cells.period_start = totals.period_start, true) AND coalesce(cells.period_end = totals.period_end, true)
        AND coalesce(coalesce(cells.category, '') = totals.category, true)
        AND coalesce(coalesce(cells.item, '') = totals.item, true)
        AND coalesce(coalesce(cells.question, '') = totals.question, true)
),
summed AS (
    SELECT
        total, sum(part) FILTER (inside) AS own, sum(part) AS wide, count(*) FILTER (inside) AS parts,
        arg_max(part, source_row) FILTER (inside) AS last_part,
        min(start) AS start, max(finish) AS finish,
        count(*) > count(DISTINCT source_row) AS mingled,
        CASE WHEN count(DISTINCT estate) = 1 THEN min(estate) END AS lone, list(DISTINCT estate) FILTER (inside) AS theirs
    FROM members
    GROUP BY total
),
off AS (
    SELECT
        totals.*, summed.* EXCLUDE (total), value - own AS gap,
        parts * row_step / 2 + step / 2 + 1e-6 * greatest(1, abs(value) / 1000) AS slack
    FROM totals
    JOIN summed USING (total)
    ANTI JOIN silent USING (total)
    WHERE own IS NOT NULL AND NOT mingled AND abs(gap) > slack AND abs(value - wide) > slack
),
single AS (
    SELECT
        total, bool_or(abs(part - gap) <= slack) AS twice, bool_or(abs(part + gap) <= slack) AS left_out
    FROM off
    JOIN members USING (total)
    WHERE inside AND abs(part) > slack
    GROUP BY total
),
nested AS (
    SELECT
        off.total, sum(below.value) AS all_below, bool_or(abs(below.value - off.gap) <= slack) AS again,
        bool_or(abs(below.value + off.gap) <= slack) AS missed, max(below.last_row) AS until
    FROM off
    JOIN totals AS below
        ON below.kind = off.kind AND below.source_file = off.source_file AND below.source_sheet = off.source_sheet
        AND below.field = off.field AND below.total <> off.total
        AND (below.estate, below.period_start, below.category, below.item, below.question)
            IS NOT DISTINCT FROM (off.estate, off.period_start, off.category, off.item, off.question)
        AND below.first_row >= off.first_row AND below.last_row <= off.last_row
        AND (below.first_row > off.first_row OR below.last_row < off.last_row)
    GROUP BY off.total
),
after AS (
    SELECT total, sum(part) AS rest
    FROM nested
    JOIN members USING (total)
    WHERE source_row > until
    GROUP BY total
),
kept_out AS (
    SELECT
        total, sum(coalesce(TRY_CAST(stored AS DOUBLE), TRY_CAST(regexp_replace(sent, '[,，\s元户份㎡]', '', 'g') AS DOUBLE) * unit)) AS lost,
        bool_or(sent IS NOT NULL AND TRY_CAST(regexp_replace(sent, '[,，\s元户份㎡]', '', 'g') AS DOUBLE) IS NULL) AS unread,
        list(DISTINCT source_row) AS lost_rows
    FROM (
        SELECT
            off.total, off.unit, quarantine.source_row, (content::JSON::MAP(VARCHAR, VARCHAR))[off.field] AS stored,
            (content::JSON::MAP(VARCHAR, VARCHAR))[off.heading] AS sent,
            (content::JSON::MAP(VARCHAR, VARCHAR))['period_start'] AS start
        FROM off
        JOIN quarantine USING (kind, source_file, source_sheet)
        WHERE quarantine.source_row BETWEEN off.first_row AND off.last_row
            AND coalesce(start = off.period_start::VARCHAR, true)
    )
    WHERE stored IS NOT NULL OR sent IS NOT NULL
    GROUP BY total
),
told AS (
    SELECT
        off.*, whose(lone, theirs) AS about,
        CASE
            WHEN abs(gap - lost) <= slack THEN 'with_quarantined'
            WHEN abs(all_below - value) <= slack THEN 'sum_of_subtotals'
            WHEN abs(gap - all_below) <= slack OR again THEN 'with_subtotals'
            WHEN missed THEN 'group_left_out'
            WHEN abs(value - rest) <= slack THEN 'since_subtotal'
            WHEN abs(gap + last_part) <= slack AND abs(last_part) > slack THEN 'without_last'
            WHEN left_out THEN 'row_left_out'
            WHEN twice THEN 'row_twice'
            WHEN unread AND gap > 0 THEN 'quarantined_unread'
            WHEN own > 0 AND value > 0 AND abs(log10(value / own) - round(log10(value / own))) < 1e-4 THEN 'tenfold'
            ELSE 'unexplained'
        END AS why,
        lost_rows
    FROM off
    LEFT JOIN single USING (total)
    LEFT JOIN nested USING (total)
    LEFT JOIN after USING (total)
    LEFT JOIN kept_out USING (total)
),
whole AS (
    SELECT
        coalesce(about['subject'], source_file) AS subject, about['by'] AS "by",
        coalesce(start, filed_on, received_at::DATE, loaded_at::DATE) AS start,
        coalesce(finish, filed_on, received_at::DATE, loaded_at::DATE) AS finish,
        told.* EXCLUDE (start, finish)
    FROM told
    LEFT JOIN (SELECT source_file, filed_on, received_at, loaded_at FROM submissions) USING (source_file)
)
SELECT
    subject, "by", min(start) AS period_start, max(finish) AS period_end,
    min_by(value, total) AS found, min_by(own, total) AS expected, min_by(gap, total) AS n, why,
    min_by(heading, total) AS heading, min_by(source_cell, total) AS cell, count(*)::DOUBLE AS cells, first_row, last_row,
    CASE WHEN min_by(field, total) LIKE '%_yuan' THEN ' 元' WHEN min_by(field, total) LIKE '%_m2' THEN ' ㎡' ELSE '' END AS unit_zh,
    CASE WHEN min_by(field, total) LIKE '%_yuan' THEN ' yuan' WHEN min_by(field, total) LIKE '%_m2' THEN ' m²' ELSE '' END AS unit_en,
    source_file, source_sheet, source_row,
    list_concat(
        list(concat_ws(' ', source_file, nullif(source_sheet, ''), source_cell) ORDER BY total),
        [concat_ws(' ', source_file, nullif(source_sheet, ''), first_row || '-' || last_row)],
        list_transform(
            CASE WHEN why IN ('with_quarantined', 'quarantined_unread') THEN list_sort(any_value(lost_rows)) ELSE [] END,
            lambda lost: concat_ws(' ', source_file, nullif(source_sheet, ''), lost)
        )
    ) AS evidence
FROM whole
GROUP BY subject, "by", why, first_row, last_row, source_file, source_sheet, source_row
ORDER BY subject, period_start, source_file, source_row, cell

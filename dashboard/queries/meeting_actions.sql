-- what meetings decided, as the latest submission leaves it, with the due dates that it had before (in time)
WITH told AS (
    SELECT
        content ->> 'action_id' AS action_id,
        TRY_CAST(content ->> 'due_on' AS DATE) AS due_on,
        coalesce(submissions.received_at, submissions.loaded_at) AS came,
        history.source_file
    FROM history
    LEFT JOIN submissions USING (source_file)
    WHERE kind = 'actions'
),
moved AS (
    SELECT *, lag(due_on) OVER (PARTITION BY action_id ORDER BY came, source_file) AS before_due
    FROM told
    WHERE due_on IS NOT NULL
),
earlier AS (
    SELECT action_id, list(strftime(due_on, '%Y-%m-%d') ORDER BY came, source_file) AS redated,
        last(due_on ORDER BY came, source_file) AS last_due
    FROM moved
    WHERE before_due IS DISTINCT FROM due_on
    GROUP BY action_id
)
SELECT
    actions.action_id, estate, action, owner, raised_on, actions.due_on, done_on, actions.status,
    CASE WHEN last_due = actions.due_on THEN redated[:-2] ELSE coalesce(redated, []) END AS redated,
    coalesce(submissions.received_at, submissions.loaded_at) AS entered_at
FROM actions
LEFT JOIN earlier USING (action_id)
LEFT JOIN submissions USING (source_file)
ORDER BY done_on IS NOT NULL, actions.due_on NULLS LAST, actions.action_id;

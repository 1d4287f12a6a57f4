-- what was agreed about an estate: open ones first (the one due first at the top), then the latest that were done
SELECT action_id, action, owner, raised_on, due_on, done_on, status
FROM actions
WHERE estate = $estate
ORDER BY done_on IS NOT NULL, CASE WHEN done_on IS NULL THEN due_on END, done_on DESC, action_id;

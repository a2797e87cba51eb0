// Each text of a group stands in it once (text-group.ts): groups that were packed before cannot be read any more. They are derived, and made
// again by the next pass. Their numbers are not given again: what was searched is told by them (watchlists.ts).

export const TEXT_ONCE = `
DELETE FROM text_lines;
DELETE FROM text_group;
DELETE FROM text_posting;
DELETE FROM text_segment;

UPDATE session SET index_state = 'waiting', index_version = 0 WHERE index_state IN ('running', 'done');
`;

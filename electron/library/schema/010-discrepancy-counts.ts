// Beyond the first thousand discrepancies of a session, one stands for all others of its kind (session-writer.ts): it says how many in a column,
// and not in words alone.

export const DISCREPANCY_COUNTS = `
ALTER TABLE discrepancy ADD COLUMN count INTEGER NOT NULL DEFAULT 1;
UPDATE discrepancy SET count = CAST(message AS INTEGER) WHERE n >= 1000;
`;

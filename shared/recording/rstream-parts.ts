// Answers of the rstream API as parts of an acquired session: one part an answer, byte for byte, named `kind/number.json`, the
// numbers of each kind from 1 in the order received. Whoever writes and whoever reads them shares these names.

/** What an answer tells about a session. `events` are its pages; the others are documents. */
export const PART_KINDS = ['session', 'events', 'participants', 'group', 'key-grants', 'decrypt-material'] as const;

export type PartKind = (typeof PART_KINDS)[number];

export type DocumentKind = Exclude<PartKind, 'events'>;

export function partName(kind: PartKind, number: number): string {
  return `${kind}/${String(number)}.json`;
}

/** Kind and number of a part, or null where the name is none of these. */
export function parsePartName(name: string): { readonly kind: PartKind; readonly number: number } | null {
  const [, kind, number] = /^([a-z-]+)\/([1-9]\d{0,14})\.json$/.exec(name) ?? [];
  const known = PART_KINDS.find((one) => one === kind);
  return known === undefined ? null : { kind: known, number: Number(number) };
}

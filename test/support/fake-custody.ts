// The fake core's custody log: what was done with the sample sessions and cases, in one chain.

import type { Input, Output } from '../../shared/api/contract.ts';
import type { CustodyRow, Session } from '../../shared/api/shapes.ts';
import { ME, OTHER } from './fake-case-data.ts';

const HASH = 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c';

const PARTS = ['log', 'timing', 'ttyout'].map((name, i) => ({ name, role: 'original', sha256: HASH, size: 400 * (i + 1) }));

export function fakeCustody(sessions: readonly Session[]): {
  readonly [K in 'custody.list' | 'custody.verify']: (input: Input<K>) => Output<K>;
} {
  const main =
    (sessions.find(({ source, title }) => source === 'sample' && title?.includes('OPS') === true) ?? sessions[0])?.id ??
    'library';
  const acts: readonly (readonly [string, string, string, Readonly<Record<string, unknown>>])[] = [
    [ME, 'acquire', main, { source: 'files', records: 912, parts: PARTS }],
    [ME, 'annotate', 'c1', { what: 'case made', case: '2026-014' }],
    [ME, 'annotate', 'c1', { what: 'exhibits added', exhibits: ['EX-001', 'EX-002', 'EX-003', 'EX-004'] }],
    [ME, 'open', main, {}],
    [ME, 'view', main, { ranges: [{ from_us: 0, to_us: 172_000_000, speed: '1' }] }],
    [ME, 'annotate', main, { what: 'annotation', case: 'c1', id: 'a2' }],
    [OTHER, 'annotate', 'c1', { what: 'case changed', reason: 'Ben and Chidi join the review.' }],
    [ME, 'redact', 'c1', { redaction: 'R-0001', rule: 'secrets', reason: 'Passwords and tokens are of no use to the reader.' }],
    [ME, 'verify', 'custody', {}],
  ];
  const entries = acts.map(([actor, action, subject, details], i): CustodyRow => ({
    seq: i + 1,
    at: `2026-11-21T08:${String(10 + i * 4)}:00Z`,
    actor,
    action,
    subject,
    purpose: '',
    details: JSON.stringify(details),
    hash: `${(i + 1).toString(16)}${HASH.slice(1)}`,
  }));
  return {
    'custody.list': ({ subject, action, actor }) => {
      const fitting = entries
        .filter((one) => (subject === undefined || one.subject === subject) && (action === undefined || one.action === action))
        .filter((one) => actor === undefined || one.actor === actor)
        .toReversed();
      return { total: fitting.length, entries: fitting, next: null };
    },
    'custody.verify': () => ({
      intact: true,
      entries: entries.length,
      head: HASH,
      brokenAt: null,
      reason: 'every entry links to the one before',
      pinned: 'matches',
    }),
  };
}

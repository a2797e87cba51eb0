// Places of faults in the text of a list, and the rows of a report.

import { expect, test } from 'vitest';
import { placeOfFault, reportRows } from '../../../../renderer/search/watch-text.ts';

const fault = (line: number, column: number, length: number): Parameters<typeof placeOfFault>[1] => ({
  line,
  column,
  length,
  why: '',
  todo: '',
});

test('a fault stands where its line and column say, whatever ends the lines', () => {
  const text = 'one\r\ntwo x\rthree\nfour';
  const marked = (...place: Parameters<typeof fault>): string => {
    const { start, end } = placeOfFault(text, fault(...place));
    return text.slice(start, end);
  };
  expect([marked(1, 1, 3), marked(2, 5, 1), marked(3, 2, 2), marked(4, 1, 9)]).toEqual(['one', 'x', 'hr', 'four']);
  expect(placeOfFault('\ufeffab', fault(1, 2, 1))).toEqual({ start: 2, end: 3 });
});

test('a report has its indicators, under each its sessions, under each their hits', () => {
  const hit = {
    sessionId: 's',
    in: 'typed',
    fromUs: 1,
    toUs: 2,
    index: 0,
    row: null,
    col: null,
    text: 'a',
    matchStart: 0,
    matchLength: 1,
  } as const;
  const indicator = (at: number): Parameters<typeof reportRows>[0][number] => ({
    indicator: at,
    name: null,
    text: 'a',
    severity: null,
    hits: 1,
    sessions: 1,
  });
  const rows = reportRows(
    [indicator(0), indicator(2), indicator(3)],
    [
      { indicator: 0, sessionId: 's', total: 1, hits: [hit] },
      { indicator: 2, sessionId: 's', total: 1, hits: [hit, hit] },
    ],
  );
  expect(rows.map(({ kind }) => kind)).toEqual(['indicator', 'session', 'hit', 'indicator', 'session', 'hit', 'hit']);
});

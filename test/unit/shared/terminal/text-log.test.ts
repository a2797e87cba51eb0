import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTerminal } from '../../../../electron/replay/terminal.ts';
import { TEXT_LOG_DEFAULTS } from '../../../../shared/recording/text-log-options.ts';
import type { Micros } from '../../../../shared/recording/time.ts';
import { ClearFinder, TextLog } from '../../../../shared/terminal/text-log.ts';

const SCREEN = { cols: 20, rows: 4, piped: false };

function clears(pieces: readonly string[]): number {
  let count = 0;
  const log = new TextLog(createTerminal, SCREEN, TEXT_LOG_DEFAULTS, 0, () => (count += 1));
  for (const [record, piece] of ['\n'.repeat(9), ...pieces].entries()) {
    log.add({ kind: 'data', seq: String(record), at: 0 as Micros, record, stream: 'stdout', bytes: Buffer.from(piece) });
  }
  return count;
}

function finds(pieces: readonly string[]): boolean {
  const finder = new ClearFinder();
  for (const piece of pieces) finder.push(Buffer.from(piece));
  return finder.found;
}

test('what drops the scrollback is never overlooked, however it is written and cut', () => {
  const unit = fc.constantFrom(
    '\u001b',
    '[',
    '3',
    'J',
    ';',
    '0',
    '\n',
    '\r',
    'é',
    'x',
    '2',
    '?',
    '\u001b[3J',
    '\u001b[3;',
    '\u001b[H',
  );
  fc.assert(
    fc.property(
      fc.array(
        fc.array(unit, { maxLength: 12 }).map((all) => all.join('')),
        { maxLength: 6 },
      ),
      (pieces) => {
        if (clears(pieces) > 0) expect(finds(pieces)).toBe(true);
      },
    ),
    { seed: 48, numRuns: 1000 },
  );
  expect(clears(['\u001b[3\n', 'J'])).toBe(1);
  expect(clears([`\u001b[3;${'0;'.repeat(9)}J`])).toBe(1);
  expect(finds(['x'.repeat(5000), '\u001b[', '3', 'J'])).toBe(true);
  expect(finds([`\u001b[${'0;'.repeat(1000)}3`, ';'.repeat(400), 'J'])).toBe(true);
});

test('text that only looks like it is not taken for it', () => {
  expect(finds(['line 3: JSON', '3J', 'x'.repeat(10_000), '\u001b[2J', '\u001b[33mJ', 'a[b] 13 Jobs'])).toBe(false);
});

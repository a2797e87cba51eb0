// What the terminal shows of real recordings, at every moment for which other terminals were asked.

import { describe, expect, it } from 'vitest';
import { terminalAt, NO_KEYFRAMES } from '../../../../electron/replay/screen.ts';
import { createTerminal } from '../../../../electron/replay/terminal.ts';
import { feedEvent } from '../../../../shared/terminal/feed.ts';
import { readScreen } from '../../../../shared/terminal/screen.ts';
import { KEPT_RECORDINGS, RECORDINGS } from '../../../support/recording-files.ts';
import { allTruths, applied, compare, eventsOf, plainRows, scrollbackOf } from './truths.ts';

/** A letter over the right half of a wide character: the other half stays or goes, and both are right. */
const withoutHalves = (line: string): string => line.replace(/^(漢| )x字/, 'x字');

if (RECORDINGS === KEPT_RECORDINGS) console.log('only the recordings kept with the project: ../shared/recordings is not there');

describe.each(allTruths())('$name', ({ truth, source }) => {
  it.each(truth.instants.map((instant) => [instant.t, instant] as const))(
    'shows at %s s what the truth file says',
    (_, instant) => {
      expect(source.countAt(Math.round(instant.t * 1e6) as never)).toBe(applied(instant, source));
      const { shown, expected } = compare(readScreen(terminalAt(source, NO_KEYFRAMES, applied(instant, source))), instant);
      expect(shown).toEqual(expected);
    },
  );

  it('shows at the end what the truth file says, with its scrollback', () => {
    const emulator = createTerminal(source.cols, source.rows, { scrollback: 100_000 });
    for (const event of eventsOf(source)) feedEvent(emulator, event);
    const { shown, expected } = compare(readScreen(emulator), truth.final);
    expect(shown).toEqual(expected);
    const { scrollback, scrollback_logical_lines: lines = scrollback, scrollback_truncated: truncated } = truth.final;
    const { rows, joined } = scrollbackOf(emulator);
    const expectedRows = plainRows(scrollback).map(withoutHalves);
    expect(rows.slice(truncated === undefined ? 0 : -expectedRows.length).map(withoutHalves)).toEqual(expectedRows);
    if (truncated === undefined) expect(joined.map(withoutHalves)).toEqual(plainRows(lines).map(withoutHalves));
  });
});

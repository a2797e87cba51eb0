// The recorded screen as a state, before it is shown anywhere.

import { describe, expect, test } from 'vitest';
import { createScreen, type Screen } from '../../../../renderer/screen/screen.ts';
import type { RecordingEvent } from '../../../../shared/recording/event.ts';
import { ZERO } from '../../../../shared/recording/time.ts';

const base = { seq: '1', at: ZERO, record: 0 };
const output = (text: string): RecordingEvent => ({
  ...base,
  kind: 'data',
  stream: 'stdout',
  bytes: new TextEncoder().encode(text),
});
const resize = (cols: number, rows: number): RecordingEvent => ({ ...base, kind: 'resize', cols, rows });

const shown = (screen: Screen): unknown => ({ ...screen.state(), rows: screen.rows().map(({ text }) => text) });

/** Leaves as much behind as a recording can: text, a title, margins, modes, a character set, half a sequence, half a character. */
const MESS = [
  output('\u001b]2;other\u0007one\r\ntwo\r\n\u001b[3;5r\u001b[?6h\u001b[4h\u001b[7;31m\u001b(0\u001b7'),
  resize(40, 10),
  output('\u001b[?1049hqqq\u001b[?2004h\u001b[?25l\u001b]8;;http://example.org/\u0007'),
  { ...base, kind: 'data', stream: 'stdout', bytes: Uint8Array.of(0xe2, 0x94) } as const,
  output('\u001b[3'),
];

const AFTER = [output('x\u001b[5;1Hline\r\nnext\ttab'), resize(100, 30), output('q\u001b8end')];

describe('a screen that is reset', () => {
  for (const piped of [false, true]) {
    test(`goes on as a new one does, ${piped ? 'piped' : 'from a terminal'}`, () => {
      const [used, fresh] = [createScreen(80, 24, piped), createScreen(80, 24, piped)];
      for (const event of MESS) used.apply(event);
      used.reset();
      expect(shown(used)).toEqual(shown(fresh));
      for (const event of AFTER) {
        used.apply(event);
        fresh.apply(event);
        expect(shown(used)).toEqual(shown(fresh));
      }
    });
  }

  test('is the one that a damaged keyframe leaves behind', () => {
    const [used, fresh] = [createScreen(80, 24, false), createScreen(80, 24, false)];
    for (const event of MESS) used.apply(event);
    expect(() => used.restore(Uint8Array.of(1, 2, 3, 4, 5))).toThrow(RangeError);
    for (const event of AFTER) {
      used.apply(event);
      fresh.apply(event);
    }
    expect(shown(used)).toEqual(shown(fresh));
  });
});

test('text beyond the margin of a screen that became narrow is not on it, and comes back with the width', () => {
  const screen = createScreen(20, 4, false);
  screen.apply(output('\u001b[?1049h\u001b[1;16Hend'));
  const text = (): string => screen.rows()[0]!.text;
  expect(text()).toBe('               end');
  screen.apply(resize(12, 4));
  expect([text(), screen.find('end')]).toEqual(['', []]);
  screen.apply(resize(20, 4));
  expect([text(), screen.find('end')]).toEqual(['               end', [{ row: 0, col: 15, width: 3 }]]);
});

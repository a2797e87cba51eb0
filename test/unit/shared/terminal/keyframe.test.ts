// A keyframe holds the whole state: what is restored goes on exactly as the terminal would have, wherever it was taken.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyframeTaker, provesWhole, type ProvenKeyframe } from '../../../../electron/replay/keyframes.ts';
import { createTerminal } from '../../../../electron/replay/terminal.ts';
import type { RecordingEvent } from '../../../../shared/recording/event.ts';
import { ZERO } from '../../../../shared/recording/time.ts';
import { difference } from '../../../../shared/terminal/difference.ts';
import { feedBytes, feedEvent, resizeTerminal } from '../../../../shared/terminal/feed.ts';
import { restoreKeyframe, sameState, takeKeyframe } from '../../../../shared/terminal/keyframe.ts';
import { readScreen } from '../../../../shared/terminal/screen.ts';
import { KEYFRAME_BYTES } from '../../../../shared/terminal/seek-plan.ts';
import { allTruths, eventsOf } from '../../electron/replay/truths.ts';
import { bytesOf, feed, soup, terminalWith } from './terminals.ts';

const SEED = 20_261_121;

function restored(state: Uint8Array): ReturnType<typeof createTerminal> {
  const emulator = createTerminal(7, 3);
  restoreKeyframe(emulator, state);
  return emulator;
}

describe.each(allTruths())('$name', ({ source }) => {
  it('gives the whole state back from every one of many keyframes, and the same states after them', () => {
    const events = eventsOf(source);
    const every = Math.max(1, Math.floor(events.length / 40));
    const emulator = createTerminal(source.cols, source.rows);
    let other: ReturnType<typeof createTerminal> | null = null;
    for (const [index, event] of events.entries()) {
      if (index % every === 0) {
        if (other !== null) expect(difference(emulator, other)).toBeNull();
        other = restored(takeKeyframe(emulator));
        expect(difference(emulator, other)).toBeNull();
      }
      for (const one of [emulator, other!]) feedEvent(one, event);
    }
  });
});

describe('a difference', () => {
  it('is seen between any two states that keyframes tell apart, and between no others', () => {
    fc.assert(
      fc.property(soup, soup, fc.integer({ min: 2, max: 30 }), fc.integer({ min: 1, max: 8 }), (one, other, cols, rows) => {
        const a = terminalWith(one, cols, rows);
        const b = terminalWith(other, cols, rows);
        expect(difference(a, b) === null).toBe(sameState(takeKeyframe(a), takeKeyframe(b)));
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });

  it.each([
    ['text', 'x'],
    ['colour of the pen', '\u001b[31m'],
    ['underline of the pen', '\u001b[4:3m'],
    ['cursor', '\u001b[2;2H'],
    ['margins', '\u001b[2;3r\u001b[H'],
    ['origin mode', '\u001b[?6h'],
    ['wrap mode', '\u001b[?7l'],
    ['insert mode', '\u001b[4h'],
    ['line feed mode', '\u001b[20h'],
    ['keypad', '\u001b='],
    ['hidden cursor', '\u001b[?25l'],
    ['cursor shape', '\u001b[4 q'],
    ['mouse', '\u001b[?1003h'],
    ['bracketed paste', '\u001b[?2004h'],
    ['a tab stop', '\u001b[1;3H\u001bH\u001b[H'],
    ['no tab stops', '\u001b[3g'],
    ['character set', '\u001b(0'],
    ['shifted character set', '\u000e'],
    ['saved cursor', '\u001b[2;2H\u001b7\u001b[H'],
    ['alternate screen', '\u001b[?1049h'],
    ['title', '\u001b]0;title\u0007'],
    ['a kept title', '\u001b[22;0t'],
    ['link', '\u001b]8;;http://a.example/\u0007'],
    ['a begun sequence', '\u001b[3'],
    ['a begun title', '\u001b]0;ti'],
    ['a begun device control string', '\u001bPq#1'],
    ['the last character, for its repetition', 'x\b\u001b[P\u001b[31m\u001b[m'],
  ])('of %s is seen', (_what, text) => {
    const [a, b] = [createTerminal(20, 5), createTerminal(20, 5)];
    expect(difference(a, b)).toBeNull();
    feedBytes(a, 'stdout', bytesOf(text));
    const differs = difference(a, b) !== null;
    expect(differs).toBe(!sameState(takeKeyframe(a), takeKeyframe(b)));
    if (!text.startsWith('x\b')) expect(differs).toBe(true);
  });

  it('of a character that has only begun is seen', () => {
    const [a, b] = [createTerminal(20, 5), createTerminal(20, 5)];
    feedBytes(a, 'stderr', Uint8Array.of(0xe2, 0x82));
    expect(difference(a, b)).not.toBeNull();
  });
});

describe('a keyframe', () => {
  it('is what it was made from, and stays so whatever follows', () => {
    fc.assert(
      fc.property(soup, soup, fc.integer({ min: 2, max: 30 }), fc.integer({ min: 1, max: 8 }), (before, after, cols, rows) => {
        const straight = terminalWith(before, cols, rows);
        const state = takeKeyframe(straight);
        const other = restored(state);
        expect(sameState(takeKeyframe(other), state)).toBe(true);
        for (const emulator of [straight, other]) {
          feed(emulator, after);
          resizeTerminal(emulator, rows + 3, cols);
          feed(emulator, before);
        }
        expect(readScreen(other)).toEqual(readScreen(straight));
        expect(sameState(takeKeyframe(other), takeKeyframe(straight))).toBe(true);
      }),
      { seed: SEED, numRuns: 2000 },
    );
  });

  it('does not depend on how the bytes were cut', () => {
    fc.assert(
      fc.property(soup, (bytes) => {
        const whole = takeKeyframe(terminalWith(bytes));
        const single = createTerminal(20, 5);
        for (const byte of bytes) feed(single, Uint8Array.of(byte));
        expect(sameState(takeKeyframe(single), whole)).toBe(true);
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });

  it('can be taken after every single byte', () => {
    const text = bytesOf(
      'aé日👩‍💻\x1b[1;38:2::1:2:3mred\x1b]8;id=1;http://x/\x1b\\link\x1b]8;;\x07\x1bP1$qm\x1b\\\x1b_apc\x1b\\\x1b(0qx\x1b(B\x1b[?1049hA\x1b[?1049l',
    );
    const end = takeKeyframe(terminalWith(text));
    for (let cut = 0; cut <= text.length; cut++) {
      const emulator = restored(takeKeyframe(terminalWith(text.subarray(0, cut))));
      feed(emulator, text.subarray(cut));
      expect(sameState(takeKeyframe(emulator), end), `cut at ${String(cut)}`).toBe(true);
    }
  });

  it('keeps a character of each stream that has only begun', () => {
    const [first, second] = [bytesOf('é'), bytesOf('日')];
    const emulator = createTerminal(20, 5);
    feedBytes(emulator, 'stdout', first.subarray(0, 1));
    feedBytes(emulator, 'stderr', second.subarray(0, 2));
    const other = restored(takeKeyframe(emulator));
    feedBytes(other, 'stdout', first.subarray(1));
    feedBytes(other, 'stderr', second.subarray(2));
    expect(readScreen(other).screen[0]).toBe('é日');
  });

  it('replaces whatever the terminal showed before, whether or not its rows are as long', () => {
    fc.assert(
      fc.property(soup, soup, soup, fc.boolean(), (before, shown, after, resized) => {
        const straight = terminalWith(before);
        const emulator = resized ? terminalWith(shown, 33, 9) : terminalWith(shown);
        restoreKeyframe(emulator, takeKeyframe(straight));
        expect(difference(emulator, straight)).toBe(null);
        for (const terminal of [emulator, straight]) feedBytes(terminal, 'stdout', after);
        expect(difference(emulator, straight)).toBe(null);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('is refused with an error when any of its bytes was changed, cut or added', () => {
    const state = takeKeyframe(terminalWith('日本\x1b[31mred\x1b]8;;http://x/\x07link\x1b[?1049halt\x1b[', 12, 3));
    for (let at = 0; at < state.length; at++) {
      const changed = state.slice();
      changed[at]! ^= 1 << (at % 8);
      expect(() => restored(changed)).toThrow(RangeError);
      expect(() => restored(state.subarray(0, at))).toThrow(RangeError);
    }
    expect(() => restored(Uint8Array.of(...state, 0))).toThrow(RangeError);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(() => restored(bytes)).toThrow(RangeError);
      }),
      { seed: SEED },
    );
  });
});

describe('a pass over a recording', () => {
  const line = (i: number): RecordingEvent => ({
    kind: 'data',
    stream: 'stdout',
    bytes: bytesOf(`${'x'.repeat(999)}${String(i % 10)}`),
    seq: String(i + 1),
    at: ZERO,
    record: i + 1,
  });

  it('takes keyframes no farther apart than a seek may replay', () => {
    const taken: ProvenKeyframe[] = [];
    const emulator = createTerminal(80, 24);
    const before = createKeyframeTaker(emulator, (keyframe) => taken.push(keyframe));
    for (let i = 0; i < 500; i++) {
      before(line(i));
      feedEvent(emulator, line(i));
    }
    expect(taken.map(({ index }) => index)).toEqual([131, 262, 393]);
    expect(131 * 1000).toBeLessThanOrEqual(KEYFRAME_BYTES);
  });

  it('takes none that does not give the whole state back, and tries again a little later', () => {
    const taken: ProvenKeyframe[] = [];
    const emulator = createTerminal(80, 24);
    const { own } = emulator;
    const before = createKeyframeTaker(emulator, (keyframe) => taken.push(keyframe));
    for (let i = 0; i < 150; i++) {
      // A part of the state that keyframes know nothing of.
      if (i === 131) Object.assign(own, { unknown: 1 });
      if (i === 134) delete (own as { unknown?: number }).unknown;
      before(line(i));
      feedEvent(emulator, line(i));
    }
    expect(taken.map(({ index }) => index)).toEqual([134]);
  });

  it('proves a keyframe by the state alone', () => {
    const emulator = createTerminal(80, 24);
    feedEvent(emulator, line(1));
    const state = takeKeyframe(emulator);
    const other = createTerminal(2, 1);
    expect(provesWhole(state, emulator, other)).toBe(true);
    feedEvent(emulator, line(2));
    expect(provesWhole(state, emulator, other)).toBe(false);
    expect(provesWhole(takeKeyframe(emulator), emulator, other)).toBe(true);
  });
});

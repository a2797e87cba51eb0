// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { createTerminal, NO_KEYFRAMES, screenAt } from '../../../../electron/replay/replay.ts';
import { createCastCore } from '../../../../renderer/report/cast-core.ts';
import { readCast } from '../../../../renderer/report/cast-events.ts';
import { decodeEvents } from '../../../../shared/recording/event-chunk.ts';
import type { Micros } from '../../../../shared/recording/time.ts';
import { feedEvent } from '../../../../shared/terminal/feed.ts';
import { restoreKeyframe } from '../../../../shared/terminal/keyframe.ts';
import { readScreen } from '../../../../shared/terminal/screen.ts';
import { castOf, eventList, sampleRecordings } from '../../../support/report-input.ts';

const breathe = (): Promise<void> => Promise.resolve();
const { source } = sampleRecordings().find(({ recording }) => recording.session.title !== null)!;
const text = castOf(source).join('');

describe('the playback in a report', () => {
  it('reads back what was written', async () => {
    const { cols, rows, events } = await readCast(text, breathe);
    expect({ cols, rows }).toEqual({ cols: source.cols, rows: source.rows });
    const again = castOf(eventList(events, cols, rows)).join('');
    expect(again).toBe(text);
  });

  it('names the line that is damaged', async () => {
    const lines = text.split('\n');
    lines[7] = '[1, "o"';
    await expect(readCast(lines.join('\n'), breathe)).rejects.toThrow('damaged at its line 8');
    await expect(readCast('{"version": 2}\n', breathe)).rejects.toThrow('damaged at its line 1');
    lines[7] = '[-1, "o", ""]';
    await expect(readCast(lines.join('\n'), breathe)).rejects.toThrow('damaged at its line 8');
  });

  it('stands at every moment where the recording stands, with keyframes and before they are there', async () => {
    // Several times over, so that it is long enough for keyframes.
    const { cols, rows, events } = await readCast(text, breathe);
    const long = Array.from({ length: 10 }, (_, round) =>
      events.map((event, at) => {
        const place = round * events.length + at;
        return { ...event, at: (event.at + round * source.duration) as Micros, seq: String(place + 1), record: place + 1 };
      }),
    ).flat();
    const whole = eventList(long, cols, rows);
    const core = createCastCore({ cols, rows, events: long }, false);
    let keyframes = 0;
    const check = async (steps: number): Promise<void> => {
      for (let step = 0; step <= steps; step++) {
        const atUs = Math.round((whole.duration * step) / steps);
        const { keyframe, runs } = await core.api.call('replay.window', { id: '', at: { kind: 'offset', atUs } });
        const terminal = createTerminal(cols, rows);
        if (keyframe !== null) {
          keyframes += 1;
          restoreKeyframe(terminal, keyframe.bytes);
        }
        for (const run of runs) for (const event of decodeEvents(run.bytes, run.firstIndex)) feedEvent(terminal, event);
        expect(readScreen(terminal).screen).toEqual(screenAt(whole, NO_KEYFRAMES, whole.countAt(atUs as Micros)).screen);
      }
    };
    await check(2);
    expect(keyframes).toBe(0);
    await core.prepare(breathe);
    await check(5);
    expect(keyframes).toBeGreaterThan(2);
  });

  it('hands on the events that follow, as many as are asked for', async () => {
    const cast = await readCast(text, breathe);
    const { api } = createCastCore(cast, false);
    let from: number | null = 0;
    let count = 0;
    while (from !== null) {
      const { runs, next }: { runs: readonly { readonly count: number }[]; next: number | null } = await api.call(
        'replay.events',
        {
          id: '',
          from,
          maxBytes: 10_000,
        },
      );
      count += runs.reduce((sum, run) => sum + run.count, 0);
      from = next;
    }
    expect(count).toBe(cast.events.length);
  });
});

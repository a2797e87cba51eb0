// The text log over recordings of the rstream engine (texts of its SDK and of a terminal), and over the recordings with truths.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TEXT_LOG_DEFAULTS, type TextLogOptions } from '../../../../shared/api/shapes.ts';
import type { RecordingEvent } from '../../../../shared/recording/event.ts';
import { RstreamJson } from '../../../../shared/recording/rstream-json.ts';
import { micros } from '../../../../shared/recording/time.ts';
import { textLog, type TextLogRange } from '../../../../electron/replay/text-log.ts';
import { decode } from '../../../support/decoding.ts';
import { allTruths, eventsOf, plainRows, sourceOf } from './truths.ts';

interface Vector {
  readonly case: string;
  readonly plain: boolean;
  readonly piped: boolean;
  readonly events: readonly unknown[];
  readonly logs: Readonly<Record<string, string>>;
  readonly reference: { readonly main: string; readonly alternate: string | null };
}

const vectors = JSON.parse(
  readFileSync(new URL('../../../fixtures/rstream/text-logs.json', import.meta.url), 'utf8'),
) as readonly Vector[];

const OPTION_SETS: Readonly<Record<string, Partial<TextLogOptions>>> = {
  default: {},
  active_alternate_screen_off: { activeAlternateScreen: false },
  resize_markers: { includeResizeMarkers: true },
  mode_markers_off: { terminalModeMarkers: false },
  stderr_off: { includeStderr: false },
  no_markers_no_alternate: { terminalModeMarkers: false, activeAlternateScreen: false },
};

const WHOLE: TextLogRange = { fromSeq: null, maxEvents: 0 };

type Source = Parameters<typeof textLog>[0];

const logOf = (source: Source, options: Partial<TextLogOptions> = {}, range: TextLogRange = WHOLE): string =>
  Array.from(textLog(source, { ...TEXT_LOG_DEFAULTS, ...options }, range)).join('');

function sourceOfVector({ events, piped }: Vector): Source {
  const bytes = new TextEncoder().encode(JSON.stringify({ export_version: 1, session: { id: 'x', started_at: '2026-06-01T00:00:00Z' }, events }));
  const { header, events: read } = decode(new RstreamJson('x.json'), [bytes]).sessions[0]!;
  return { ...sourceOf(read, header.cols, header.rows), piped };
}

describe.each(vectors)('$case', (vector) => {
  const source = sourceOfVector(vector);

  it.each(Object.entries(vector.logs).filter(([name]) => name in OPTION_SETS))('has the bytes of the SDK with %s', (name, text) => {
    expect(logOf(source, OPTION_SETS[name])).toBe(text);
  });

  it('has the lines that a terminal keeps', () => {
    const lines = logOf(source, { terminalModeMarkers: false, activeAlternateScreen: false }).split('\n');
    expect(plainRows(lines)).toEqual(plainRows(vector.reference.main.split('\n')));
  });
});

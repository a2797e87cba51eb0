// The JSON document of recordings in which one record has many events.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { ExportRequest } from '../../../../shared/api/shapes.ts';
import { openTestCore } from '../../../support/core.ts';
import { decodeFiles } from '../../../support/recording-files.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { tlogMessage } from '../../../support/tlog.ts';

const PIECES = 300;

interface Exported {
  readonly exhibit: { readonly record: number; readonly stored?: { readonly form: string; readonly value: unknown } };
}

test('a record stands in it once, with the first of its events that is given, and the others name its position', async () => {
  const folder = temporaryFolder();
  const core = await openTestCore(join(folder, 'library'));
  onTestFinished(() => core.close());
  const messages = ['a', 'b'].map((letter, i) => tlogMessage(i + 1, '+1>1'.repeat(PIECES), letter.repeat(PIECES)));
  const file = join(folder, 'many.tlog');
  writeFileSync(file, messages.map((one) => `${JSON.stringify(one)}\n`).join(''));
  const id = (await core.import([file]))[0]!.sessionIds[0]!;

  const exported = async (rest: Partial<ExportRequest>): Promise<Buffer> => {
    const { ticket } = await core.api.call('export.open', { id, format: 'json', ...rest });
    const pieces: Uint8Array[] = [];
    for (;;) {
      const { bytes } = await core.api.call('export.read', { ticket });
      if (bytes === null) return Buffer.concat(pieces);
      pieces.push(bytes);
    }
  };
  const eventsOf = (bytes: Buffer): readonly Exported[] =>
    (JSON.parse(bytes.toString('utf8')) as { readonly events: readonly Exported[] }).events;
  const records = (events: readonly Exported[]): unknown => events.flatMap(({ exhibit: { stored } }) => stored ?? []);
  const stored = messages.map((value) => ({ form: 'json', value }));

  const whole = await exported({});
  const events = eventsOf(whole);
  expect(events).toHaveLength(PIECES * 2);
  expect(records(events)).toEqual(stored);
  for (const [i, from] of [0, PIECES].entries()) {
    const own = events.slice(from, from + PIECES);
    expect(new Set(own.map(({ exhibit }) => exhibit.record))).toEqual(new Set([i + 1]));
    expect(own.findIndex(({ exhibit }) => exhibit.stored !== undefined)).toBe(0);
  }

  const part = eventsOf(await exported({ fromSeq: String(PIECES - 1), maxEvents: 10 }));
  expect(part).toHaveLength(10);
  expect(records(part)).toEqual(stored);
  expect(part[0]!.exhibit.stored).toBeDefined();

  const again = decodeFiles([{ name: 'again.json', bytes: whole }]).decoded[0]!.sessions[0]!.events;
  const text = again.map((event) => (event.kind === 'data' ? Buffer.from(event.bytes).toString() : '')).join('');
  expect(text).toBe('a'.repeat(PIECES) + 'b'.repeat(PIECES));
}, 60_000);

test('it reads back with its size, its times, its terminal, its markers and its exit where its recording had no start', async () => {
  const folder = temporaryFolder();
  const core = await openTestCore(join(folder, 'library'));
  onTestFinished(() => core.close());
  const header = { version: 3, term: { cols: 132, rows: 43, type: 'xterm-kitty' } };
  const lines = [header, [0.5, 'o', 'a'], [0.25, 'm', 'here'], [1, 'r', '100x30'], [2, 'o', 'b'], [0.125, 'x', '3']];
  const file = join(folder, 'sized.cast');
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const id = (await core.import([file]))[0]!.sessionIds[0]!;
  const { ticket } = await core.api.call('export.open', { id, format: 'json' });
  const pieces: Uint8Array[] = [];
  for (;;) {
    const { bytes } = await core.api.call('export.read', { ticket });
    if (bytes === null) break;
    pieces.push(bytes);
  }
  const bytes = Buffer.concat(pieces);

  const decode = (text: string) => {
    const { sessions, discrepancies } = decodeFiles([{ name: 'again.json', bytes: Buffer.from(text) }]).decoded[0]!;
    return { ...sessions[0]!, discrepancies };
  };
  const again = decode(bytes.toString('utf8'));
  expect(again.header).toMatchObject({ cols: 132, rows: 43, sizeAssumed: false, term: 'xterm-kitty' });
  expect(again.discrepancies).toEqual([]);
  const shape = (event: { readonly kind: string; readonly at: number }): unknown => [event.kind, event.at];
  const original = decodeFiles([
    { name: 'sized.cast', bytes: Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n') + '\n') },
  ]);
  expect(again.events.map(shape)).toEqual(original.decoded[0]!.sessions[0]!.events.map(shape));
  expect(again.events[1]).toMatchObject({ kind: 'marker', label: 'here' });
  expect(again.events[4]).toMatchObject({ kind: 'exit', status: 3, text: '3' });

  const unread = decode(bytes.toString('utf8').replace('"row":43', '"row":"many"'));
  expect(unread.header).toMatchObject({ cols: 80, rows: 24, sizeAssumed: true });
  expect(unread.discrepancies.map(({ kind }) => kind)).toEqual(['bad-size']);
}, 60_000);

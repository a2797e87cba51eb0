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

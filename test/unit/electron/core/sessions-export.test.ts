// Several sessions as one archive, read by Python's zipfile and by the reader of this program.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import type { SessionsExportRequest } from '../../../../shared/api/shapes.ts';
import { openTestCore, type TestCore } from '../../../support/core.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

let folder: string;
let core: TestCore;
let ids: string[];

const cast = (title: string, text: string): string =>
  `${JSON.stringify({ version: 2, width: 80, height: 24, timestamp: 1_780_000_000, title })}\n${JSON.stringify([0.5, 'o', text])}\n`;

beforeEach(async () => {
  folder = temporaryFolder();
  core = await openTestCore(join(folder, 'library'));
  onTestFinished(() => core.close());
  ids = [];
  for (const [name, text] of [
    ['=one, "first"', 'alpha\r\n'],
    ['two', 'beta\r\n'.repeat(200_000)],
    ['three', 'gamma\r\n'],
  ] as const) {
    const file = join(folder, `${String(ids.length)}.cast`);
    writeFileSync(file, cast(name, text));
    ids.push((await core.import([file]))[0]!.sessionIds[0]!);
  }
});

async function archived(
  request: SessionsExportRequest,
): Promise<{ readonly bytes: Buffer; readonly warnings: readonly string[] }> {
  const { ticket, fileName, mediaType, warnings } = await core.api.call('export.openSessions', request);
  expect(fileName).toMatch(/^sessions-\d{4}-\d\d-\d\d\.zip$/);
  expect(mediaType).toBe('application/zip');
  const pieces: Uint8Array[] = [];
  for (;;) {
    const { bytes } = await core.api.call('export.read', { ticket });
    if (bytes === null) return { bytes: Buffer.concat(pieces), warnings };
    pieces.push(bytes);
  }
}

/** The members as a stock reader has them, which checks CRCs and sizes. */
function membersOf(bytes: Buffer): Record<string, Buffer> {
  const file = join(folder, 'read.zip');
  writeFileSync(file, bytes);
  const script = `
import zipfile, json, base64, sys
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
print(json.dumps({i.filename: base64.b64encode(z.read(i)).decode() for i in z.infolist()}))`;
  const { stdout, stderr, status } = spawnSync('python3', ['-c', script, file], { maxBuffer: 1 << 28 });
  expect([status, stderr.toString()]).toEqual([0, '']);
  const members = JSON.parse(stdout.toString()) as Record<string, string>;
  return Object.fromEntries(Object.entries(members).map(([name, text]) => [name, Buffer.from(text, 'base64')]));
}

async function alone(id: string): Promise<Buffer> {
  const { ticket } = await core.api.call('export.open', { id, format: 'text' });
  const pieces: Uint8Array[] = [];
  for (;;) {
    const { bytes } = await core.api.call('export.read', { ticket });
    if (bytes === null) return Buffer.concat(pieces);
    pieces.push(bytes);
  }
}

it('each session is in it as its own export, once, and the index says which is which', async () => {
  const { bytes, warnings } = await archived({ ids: [...ids, ids[0]!], format: 'text' });
  expect(warnings).toEqual([]);
  const members = membersOf(bytes);
  expect(Object.keys(members)).toEqual([...ids.map((id) => `${id}.txt`), 'index.csv']);
  for (const id of ids) expect(members[`${id}.txt`]).toEqual(await alone(id));
  const [head, ...rows] = members['index.csv']!.toString().trimEnd().split('\r\n');
  expect(head).toBe(
    'file,session_id,own_id,source,user,server,title,started_at,duration_seconds,bytes,sha256,warnings,not_exported',
  );
  expect(rows).toHaveLength(3);
  const first = members[`${ids[0]!}.txt`]!;
  expect(rows[0]).toContain(`${ids[0]!}.txt,${ids[0]!},`);
  expect(rows[0]).toContain(`"'=one, ""first""",2026-05-28T20:26:40.000000Z,0.5,${String(first.length)},`);
  expect(rows[0]).toContain(createHash('sha256').update(first).digest('hex'));
  // What repeats is packed.
  expect(bytes.length).toBeLessThan(members[`${ids[1]!}.txt`]!.length / 10);
});

it('the custody log of each session has its export, of those alone that were handed out', async () => {
  const { ticket } = await core.api.call('export.openSessions', { ids, format: 'text' });
  const exports = async (): Promise<string[]> =>
    (await core.api.call('custody.list', {})).entries.flatMap(({ action, subject }) => (action === 'export' ? [subject] : []));
  expect(await exports()).toEqual([]);
  await core.api.call('export.read', { ticket });
  expect(await exports()).toEqual([ids[0]]);
  await core.api.call('export.close', { ticket });
  expect(await exports()).toEqual([ids[0]]);
  await archived({ ids, format: 'json' });
  expect((await exports()).toSorted()).toEqual([ids[0]!, ...ids].toSorted());
});

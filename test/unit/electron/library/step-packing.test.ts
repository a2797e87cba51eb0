import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createTree, hashedBytes, openPacker, sha256, type Packer } from '../../../../electron/library/library.ts';
import { TreeBuilder } from '../../../../shared/evidence/acquisition-tree.ts';
import { recordBytes } from '../../../../shared/evidence/record.ts';
import { encodeRecords } from '../../../../shared/recording/record-chunk.ts';
import type { RecordSpan } from '../../../../shared/recording/decoder.ts';
import { readVectors, VECTORS } from '../../../engine/vectors.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const PROGRAM = new URL('../../../../electron/library/pack-worker.ts', import.meta.url);

function packer(program: URL): Packer {
  const opened = openPacker(program);
  onTestFinished(() => opened.close());
  return opened;
}

/** A thread that does what a program of these lines does. */
function program(source: string): URL {
  const file = join(temporaryFolder(), 'program.mjs');
  writeFileSync(file, source);
  return pathToFileURL(file);
}

const saltSeed = Buffer.alloc(32, 7);
const lines = ['{"b":1,"a":"é"}', '{"a":[1,2,{"z":0,"y":null}]}', '["no object"]', '{"not json', '{"a":"\\ud800"}'];

function stepOf(texts: readonly string[], firstPart: number, firstRecord: number): Parameters<Packer['pack']>[0] {
  const parts = texts.map((text) => Buffer.from(text));
  const records = parts.map(({ length }, i): RecordSpan => ({
    form: i % 3 === 2 ? 'raw' : 'jcs',
    ranges: [{ part: firstPart + i, offset: 0, length }],
  }));
  return { parts, firstPart, records: [encodeRecords(records)], firstRecord, events: [Buffer.alloc(5000)], saltSeed };
}

test('the tree over steps is the one that is grown record by record', async () => {
  const { pack, there } = packer(PROGRAM);
  const first = pack(stepOf(lines.slice(0, 3), 0, 0));
  await there;
  const steps = await Promise.all([first, pack(stepOf(lines.slice(3), 3, 3))]);
  const builder = new TreeBuilder(sha256);
  for (const { subtrees } of steps) for (const { root, size } of subtrees) builder.addSubtree(root, size);
  const tree = createTree(saltSeed);
  for (const [i, line] of lines.entries()) {
    const bytes = Buffer.from(line);
    const place = i < 3 ? i : i - 3;
    tree.add({ form: place % 3 === 2 ? 'raw' : 'jcs', ranges: [{ part: i, offset: 0, length: bytes.length }] }, () => bytes);
  }
  expect(builder.count).toBe(lines.length);
  expect(Buffer.from(builder.root())).toEqual(Buffer.from(tree.root()));
  expect(steps[1].parts.map(({ sha256: digest }) => Buffer.from(digest))).toEqual(
    lines.slice(3).map((line) => sha256(Buffer.from(line))),
  );
  expect(steps[0].events[0]!.bytes.length).toBeLessThan(5000);
});

/** Waits until the thread is there: from then on it packs. */
async function thread(program: URL): Promise<Packer['pack']> {
  const { pack, there } = packer(program);
  await there;
  return pack;
}

test('what cannot be packed fails alone, and says why', async () => {
  const pack = await thread(PROGRAM);
  const good = stepOf(['{}'], 0, 0);
  const outside = { ...stepOf(['{}'], 0, 0), firstPart: 1 };
  await expect(pack(good)).resolves.toMatchObject({ records: [{}] });
  await expect(pack(outside)).rejects.toThrow('the thread that packs what came failed');
  await expect(pack(good)).resolves.toMatchObject({ records: [{}] });
});

test("what is given away is packed like any other, and its memory is the thread's from then on", async () => {
  const pack = await thread(PROGRAM);
  const kept = await pack(stepOf(lines, 0, 0));
  const step = stepOf(lines, 0, 0);
  const own = Uint8Array.from(step.parts[0]!);
  const shared = Buffer.concat([step.parts[1]!, Buffer.from('behind it')]).subarray(0, step.parts[1]!.length);
  const parts = [own, shared, ...step.parts.slice(2)];
  const events = [new Uint8Array(5000)];
  await expect(pack({ ...step, parts, events }, [own, shared, ...events])).resolves.toEqual(kept);
  expect([own.length, shared.length, events[0]!.length]).toEqual([0, lines[1]!.length, 0]);
});

test('a thread that ends takes with it what was waiting, and nothing is packed any more', async () => {
  const dying = `import { parentPort } from 'node:worker_threads';
    parentPort.on('message', () => process.exit(3));
    parentPort.postMessage({ number: null });`;
  const pack = await thread(program(dying));
  await expect(pack(stepOf(['{}'], 0, 0))).rejects.toThrow('it ended');
  await expect(pack(stepOf(['{}'], 0, 0))).rejects.toThrow('it ended');
});

test('a thread that cannot start is said once it is known, and short steps before it are packed all the same', async () => {
  const { pack, there } = packer(program('throw new Error("no such luck")'));
  await expect(pack(stepOf(['{}'], 0, 0))).resolves.toMatchObject({ records: [{}] });
  await expect(there).rejects.toThrow('no such luck');
  await expect(pack(stepOf(['{}'], 0, 0))).rejects.toThrow('no such luck');
});

test('what a leaf is hashed over is the canonical form of a record, however it is made', () => {
  const { cases } = readVectors(VECTORS);
  let records = 0;
  for (const { events } of cases) {
    for (const event of events) {
      const bytes = Buffer.from(JSON.stringify(event));
      const span = { form: 'jcs', ranges: [{ part: 0, offset: 0, length: bytes.length }] } as const;
      expect(Buffer.from(hashedBytes(span, bytes))).toEqual(Buffer.from(recordBytes('jcs', bytes)));
      records += 1;
    }
  }
  expect(records).toBeGreaterThan(100);
});

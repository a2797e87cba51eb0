// Every real recording, of every format: what comes out is what its truth file says, however the bytes are cut on the way.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countByCode, inChunksOf, streamBytes, type Split } from '../../../support/decoding.ts';
import { decodeFiles, loadFolder, RECORDINGS, type LoadedFile } from '../../../support/recording-files.ts';

interface Truth {
  readonly files: readonly string[];
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly duration: number;
  readonly started?: string;
  readonly events: Readonly<Record<string, number>>;
  readonly output_bytes: number;
  readonly size_note?: string;
}

const folders = [RECORDINGS, join(RECORDINGS, 'public')].filter((folder) => existsSync(folder));
const truths = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.truth.json'))
    .map((name) => ({ name, truth: JSON.parse(readFileSync(join(folder, name), 'utf8')) as Truth })),
);

/** Truth files name their files from the top folder. */
function load({ files }: Truth): LoadedFile[] {
  const [first = ''] = files;
  if (statSync(join(RECORDINGS, first)).isDirectory()) return loadFolder(join(RECORDINGS, first));
  const names = files.map((file) => basename(file));
  return loadFolder(dirname(join(RECORDINGS, first)), (name) => names.includes(name));
}

/** A fixed sequence of sizes, different for each seed. */
function randomSplit(seed: number): Split {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return 1 + ((state >>> 8) % [3, 50, 1000, 70_000][state % 4]!);
  };
}

it('finds recordings of every format', () => {
  const formats = new Set(truths.map(({ truth }) => truth.format));
  for (const format of [
    'asciicast-v1',
    'asciicast-v2',
    'asciicast-v3',
    'ttyrec',
    'script-classic',
    'script-advanced',
    'tlog',
    'sudo-iolog',
  ]) {
    expect(formats).toContain(format);
  }
});

describe.each(truths)('$name', ({ truth }) => {
  const files = load(truth);

  it('gives the events, bytes, size and duration of its truth file, with no complaint', () => {
    const { grouping, decoded } = decodeFiles(files);
    expect(grouping.refused).toEqual([]);
    expect(decoded).toHaveLength(1);
    const [{ sessions, discrepancies, refusal }] = decoded as [(typeof decoded)[number]];
    expect(refusal).toBeNull();
    expect(discrepancies).toEqual([]);
    expect(sessions).toHaveLength(1);
    const { header, events } = sessions[0]!;
    expect(grouping.groups[0]!.format).toBe(truth.format.replace(/^script-.*/, 'script'));
    expect(countByCode(events)).toEqual(truth.events);
    expect(streamBytes(events)).toHaveLength(truth.output_bytes);
    // Truth files round to the microsecond, and a sum of nanoseconds is cut to it.
    expect(Math.abs(events.at(-1)!.at - truth.duration * 1e6)).toBeLessThanOrEqual(1);
    if (truth.size_note === undefined)
      expect([header.cols, header.rows, header.sizeAssumed]).toEqual([truth.width, truth.height, false]);
    else expect(header.sizeAssumed).toBe(true);
    if (truth.started !== undefined) expect(Math.abs(header.startedAt! - Date.parse(truth.started) * 1000)).toBeLessThan(1000);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => String(i + 1)));
    expect(() => JSON.parse(header.metadata) as unknown).not.toThrow();
  });

  it('gives the same however its bytes are cut', () => {
    const whole = decodeFiles(files, inChunksOf(2 ** 30)).decoded;
    const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
    if (bytes < 200_000) expect(decodeFiles(files, inChunksOf(1)).decoded).toEqual(whole);
    for (const seed of [1, 2, 3]) expect(decodeFiles(files, randomSplit(seed)).decoded).toEqual(whole);
  });
});

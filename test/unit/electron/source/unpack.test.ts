// Compressed data that is cut, damaged, joined, or far larger than it looks.

import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { constants, deflateSync, gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { Discrepancy } from '../../../../shared/recording/discrepancy.ts';
import { packingOf, unpack, type Packing } from '../../../../electron/source/unpack.ts';
import { ZstdFrames } from '../../../../electron/source/zstd-frames.ts';
import { heldBytes } from './inputs.ts';

const has = (program: string): boolean => spawnSync(program, ['--help']).error === undefined;
const pack = (program: string, bytes: Uint8Array): Buffer =>
  spawnSync(program, ['-c'], { input: bytes, maxBuffer: 2 ** 28 }).stdout;

const PACKERS: readonly (readonly [Packing, (bytes: Uint8Array) => Buffer])[] = [
  ['gzip', (bytes) => gzipSync(bytes)],
  ['zlib', (bytes) => deflateSync(bytes)],
  ['zstd', (bytes) => zstdCompressSync(bytes)],
  ...(has('xz') ? ([['xz', (bytes: Uint8Array) => pack('xz', bytes)]] as const) : []),
  ...(has('bzip2') ? ([['bzip2', (bytes: Uint8Array) => pack('bzip2', bytes)]] as const) : []),
];

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  await Promise.resolve();
}

async function unpacked(packing: Packing, bytes: Uint8Array, size = 4096): Promise<{ bytes: Buffer; problems: Discrepancy[] }> {
  const problems: Discrepancy[] = [];
  const pieces: Uint8Array[] = [];
  for await (const piece of unpack(packing, 'file', () => inPieces(bytes, size), problems)) pieces.push(piece);
  return { bytes: Buffer.concat(pieces), problems };
}

/** Half of it noise, so that it is long when packed, too. */
const content = Buffer.concat(
  Array.from({ length: 40 }, (_, i) => Buffer.concat([randomBytes(40_000), Buffer.alloc(40_000, i)])),
);

describe.each(PACKERS)('%s', (packing, packed) => {
  test('is known by its first bytes, and gives back what was packed, whatever the pieces', async () => {
    for (const bytes of [content, Buffer.alloc(0), Buffer.from('x'), Buffer.alloc(3_000_000)]) {
      const whole = packed(bytes);
      expect(await packingOf(whole.subarray(0, 65_536))).toBe(packing);
      for (const size of [1000, 65_536, 10_000_000]) {
        const result = await unpacked(packing, whole, size);
        expect(result.problems).toEqual([]);
        expect(result.bytes.equals(bytes)).toBe(true);
      }
    }
  });

  test('that is cut gives what stands before the cut, and says so', async () => {
    const whole = packed(content);
    for (const length of [whole.length - 1, Math.floor(whole.length / 2), 20]) {
      const { bytes, problems } = await unpacked(packing, whole.subarray(0, length));
      expect(bytes.equals(content.subarray(0, bytes.length))).toBe(true);
      if (packing !== 'bzip2' && length > 20) expect(bytes.length).toBeGreaterThan(content.length / 3);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatchObject({ kind: 'truncated', place: { file: 'file' } });
      expect(problems[0]!.message).toBe(
        `the ${packing} data stops in the middle: the ${String(bytes.length)} bytes that could be unpacked before it were read`,
      );
    }
  });

  test('that is damaged gives what stands before the damage, and says so', async () => {
    const whole = packed(content);
    whole.fill(0xa5, Math.floor(whole.length * 0.7), Math.floor(whole.length * 0.7) + 200);
    const { bytes, problems } = await unpacked(packing, whole);
    expect(problems.map(({ kind }) => kind)).toEqual(['truncated']);
    const sure = bytes.subarray(0, Math.floor(content.length * 0.5));
    expect(sure.equals(content.subarray(0, sure.length))).toBe(true);
  });

  test('that is damaged near its end, or followed by other bytes, gives all that stands before, and says so', async () => {
    for (const bytes of [content.subarray(0, 113_253), content.subarray(0, 1500)]) {
      const whole = packed(bytes);
      const endings: Buffer[] = [Buffer.concat([whole, Buffer.from('GARBAGE')])];
      // The blocks of zstd and bzip2 come out whole or not at all, and a sum stands at the end of them.
      if (packing === 'gzip' || packing === 'zlib' || packing === 'xz') {
        const wrong = Buffer.from(whole);
        wrong[wrong.length - 1]! ^= 0x55;
        endings.push(wrong);
      }
      if (packing === 'gzip') {
        const wrong = Buffer.from(whole);
        wrong[wrong.length - 8]! ^= 0x55;
        endings.push(wrong);
      }
      for (const damaged of endings) {
        for (const size of [1000, 10_000_000]) {
          const result = await unpacked(packing, damaged, size);
          expect(result.bytes.equals(bytes)).toBe(true);
          expect(result.problems).toHaveLength(1);
          expect(result.problems[0]!.place).toEqual({ file: 'file' });
        }
      }
    }
  });

  test('in two files that are read at the same time, does not wait for ever', async () => {
    const whole = packed(content);
    const both = [0, 1].map(() => unpack(packing, 'file', () => inPieces(whole, 5000), []));
    let lengths = 0;
    for (let done = 0; done < 2;) {
      done = 0;
      for (const stream of both) {
        const next = await stream.next();
        if (next.done === true) done += 1;
        else lengths += next.value.length;
      }
    }
    expect(lengths).toBe(2 * content.length);
  });

  test('passes on what reading throws, and does not take it for damage', async () => {
    const whole = packed(content);
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield whole.subarray(0, 100_000);
      await Promise.resolve();
      throw new Error('the disk is gone');
    };
    const problems: Discrepancy[] = [];
    const reading = async (): Promise<void> => {
      for await (const bytes of unpack(packing, 'file', failing, problems)) void bytes;
    };
    await expect(reading()).rejects.toThrow('the disk is gone');
    expect(problems).toEqual([]);
  });

  test('of joined files gives all of them', async () => {
    if (packing === 'zlib') return; // zlib data has no such form
    const parts = [content, Buffer.alloc(0), ...Array.from({ length: 30 }, (_, i) => Buffer.from(`and more ${String(i)}`))];
    for (const size of [1000, 10_000_000]) {
      const { bytes, problems } = await unpacked(packing, Buffer.concat(parts.map(packed)), size);
      expect(problems).toEqual([]);
      expect(bytes.equals(Buffer.concat(parts))).toBe(true);
    }
  });

  test('is unpacked no further than somebody reads', async () => {
    const whole = packed(Buffer.alloc(256 * 1024 ** 2));
    const before = heldBytes();
    const stream = unpack(packing, 'file', () => inPieces(whole, 512 * 1024), []);
    for (let length = 0; length === 0;) length = ((await stream.next()).value as Uint8Array).length;
    await new Promise((resolve) => setImmediate(resolve));
    // A block of bzip2 is the most that is unpacked at once: runs of zeros make it 46 MB.
    expect(heldBytes() - before).toBeLessThan(100 * 1024 ** 2);
    await stream.return(undefined);
  });
});

test('a cut gzip file gives exactly what a lenient reader gives', async () => {
  const whole = gzipSync(content);
  for (const length of [30, 1000, 77_777, whole.length - 9]) {
    const cut = whole.subarray(0, length);
    const { bytes } = await unpacked('gzip', cut);
    expect(bytes.equals(gunzipSync(cut, { finishFlush: constants.Z_SYNC_FLUSH }))).toBe(true);
  }
});

test('damage in the middle of gzip and zlib data takes no more than the bytes that it hit', async () => {
  // Stored as they are: what stands before the damaged length of a block is exactly known.
  for (const [packing, packed, header] of [
    ['gzip', gzipSync(content.subarray(0, 100_000), { level: 0 }), 10],
    ['zlib', deflateSync(content.subarray(0, 100_000), { level: 0 }), 2],
  ] as const) {
    const length = packed.readUInt16LE(header + 1);
    packed[header + 5 + length + 1]! ^= 1;
    const { bytes, problems } = await unpacked(packing, packed, 10_000_000);
    expect(bytes.equals(content.subarray(0, length))).toBe(true);
    expect(problems[0]!.message).toBe(
      `the ${packing} data is damaged at or before its byte ${String(header + 5 + length + 4)} (invalid stored block lengths): the ${String(length)} bytes that could be unpacked before it were read`,
    );
  }
});

test.skipIf(!has('bzip2'))(
  'damage in bzip2 data takes no more than the block that it hit, and is told with its place and in words',
  async () => {
    const whole = spawnSync('bzip2', ['-1', '-c'], { input: content, maxBuffer: 2 ** 28 }).stdout;
    for (const part of [0.3, 0.6, 0.9]) {
      const at = Math.floor(whole.length * part);
      const damaged = Buffer.from(whole);
      damaged.fill(0xa5, at, at + 20);
      const { bytes, problems } = await unpacked('bzip2', damaged);
      const sure = Math.floor(content.length * (part - 0.1));
      expect(bytes.subarray(0, sure).equals(content.subarray(0, sure))).toBe(true);
      const [, met = '0', why = ''] = /at or before its byte (\d+) \((.*)\): the/.exec(problems[0]!.message) ?? [];
      expect(['a checksum is not that of its bytes', 'a block of it cannot be decoded']).toContain(why);
      expect(Number(met)).toBeGreaterThan(at);
      expect(Number(met)).toBeLessThan(at + 125_000);
    }
    // The sum of the only block: all of it was decoded.
    const single = spawnSync('bzip2', ['-c'], { input: content.subarray(0, 100_000) }).stdout;
    single[10]! ^= 0x55;
    const { bytes, problems } = await unpacked('bzip2', single);
    expect(bytes.equals(content.subarray(0, 100_000))).toBe(true);
    expect(problems).toMatchObject([{ message: expect.stringContaining('a checksum is not that of its bytes') as string }]);
  },
);

describe('behind the end of packed data', () => {
  const start = content.subarray(0, 113_253);
  const members = PACKERS.map(([packing, packed]) => [packing, packed(start)] as const);

  test('other bytes are told with the place where they begin', async () => {
    for (const [packing, packed] of members) {
      for (const [zeros, other] of [
        [10, Buffer.alloc(1500, 'x')],
        [100_000, Buffer.alloc(1, 'x')],
        [0, Buffer.alloc(1500, 'x')],
        [0, Buffer.from('(and so on)')],
        [0, Buffer.concat([Buffer.from('notes'), packed])],
        ...(packing === 'gzip' ? [] : [[0, Buffer.from('x')] as const]),
      ] as const) {
        const { bytes, problems } = await unpacked(packing, Buffer.concat([packed, Buffer.alloc(zeros), other]));
        expect(bytes.equals(start)).toBe(true);
        expect(problems).toEqual([
          {
            kind: 'inconsistent',
            message: `other bytes stand behind the end of the ${packing} data, from its byte ${String(packed.length + zeros)} on: they were not read`,
            place: { file: 'file' },
          },
        ]);
      }
    }
  });

  test('zeros alone are padding', async () => {
    for (const [packing, packed] of members) {
      for (const size of [packed.length, 1000, 10_000_000]) {
        const { bytes, problems } = await unpacked(packing, Buffer.concat([packed, Buffer.alloc(20_000)]), size);
        expect(bytes.equals(start)).toBe(true);
        expect(problems).toEqual([]);
      }
    }
  });

  test('more of the data that is cut or damaged is told as that', async () => {
    for (const [packing, packed] of members) {
      if (packing === 'zlib') continue;
      for (const more of [packed.subarray(0, 3), packed.subarray(0, packed.length - 1)]) {
        const { problems } = await unpacked(packing, Buffer.concat([packed, more]));
        expect(problems).toMatchObject([
          { kind: 'truncated', message: expect.stringContaining('stops in the middle') as string },
        ]);
      }
    }
  });

  test.skipIf(!has('xz'))('damage to the last bytes of xz data is told as that', async () => {
    const whole = pack('xz', start);
    for (let back = 1; back <= 40; back++) {
      const wrong = Buffer.from(whole);
      wrong[wrong.length - back]! ^= 0x10;
      const { problems } = await unpacked('xz', wrong, 10_000_000);
      expect(problems).toMatchObject([{ kind: 'truncated' }]);
    }
  });
});

describe('frames of zstd data that are to be skipped', () => {
  const skipped = (size: number, kind: number): Buffer => {
    const frame = Buffer.alloc(8 + size, 'x');
    frame.writeUInt32LE(0x184d2a50 + kind, 0);
    frame.writeUInt32LE(size, 4);
    return frame;
  };
  const [one, two] = [Buffer.from('one '.repeat(500)), Buffer.from('two '.repeat(500))];
  const frames = [
    skipped(0, 15),
    skipped(12, 0),
    zstdCompressSync(one),
    skipped(100_000, 5),
    zstdCompressSync(two),
    skipped(7, 1),
  ];

  test('are passed over before, between and behind the others', async () => {
    for (const from of [0, 1, 2]) {
      const whole = Buffer.concat(frames.slice(from));
      expect(await packingOf(whole.subarray(0, 65_536))).toBe('zstd');
      for (const size of [7, 1000, 10_000_000]) {
        const { bytes, problems } = await unpacked('zstd', whole, size);
        expect(problems).toEqual([]);
        expect(bytes.equals(Buffer.concat([one, two]))).toBe(true);
      }
    }
    expect(await packingOf(frames[3]!.subarray(0, 65_536))).toBe('zstd');
    expect(await packingOf(Buffer.concat([skipped(10, 3), Buffer.from('some other data')]))).toBeNull();
  });

  test('leave the place known from which on other bytes stand', async () => {
    const whole = Buffer.concat(frames);
    for (const other of ['x', '(see notes)']) {
      for (const size of [7, 1000, 10_000_000]) {
        const { bytes, problems } = await unpacked('zstd', Buffer.concat([whole, Buffer.from(other)]), size);
        expect(bytes.equals(Buffer.concat([one, two]))).toBe(true);
        expect(problems).toMatchObject([
          { kind: 'inconsistent', message: expect.stringContaining(`from its byte ${String(whole.length)} on`) as string },
        ]);
      }
    }
  });
});

test.skipIf(!has('zstd'))('the frames of zstd are walked over whatever their headers say', () => {
  for (const options of [[], ['--no-check'], ['--no-content-size'], ['-19'], ['--long=27'], ['--fast=5']]) {
    for (const bytes of [Buffer.alloc(0), Buffer.from('x'), Buffer.alloc(300_000, 'x'), content]) {
      const whole = spawnSync('zstd', ['-c', ...options], { input: bytes, maxBuffer: 2 ** 28 }).stdout;
      const frames = new ZstdFrames();
      for (let at = 0; at < whole.length; at += 999) frames.push(whole.subarray(at, at + 999));
      frames.push(Buffer.from('behind'));
      expect(frames.end).toBe(whole.length);
    }
  }
});

test.skipIf(!has('xz'))('xz data that asks for more memory than a reader gives is named as such', async () => {
  const { stdout } = spawnSync('xz', ['-c', '--lzma2=dict=1536MiB'], { input: content.subarray(0, 1000) });
  const { bytes, problems } = await unpacked('xz', stdout);
  expect(bytes).toHaveLength(0);
  expect(problems[0]!.message).toMatch(/needs more memory than it is given/);
});

test('text that happens to begin like zlib data is no zlib data', async () => {
  for (const text of ['x\u009c', 'h\u0081', 'x\u0001 was here', '(\u0015ab'])
    expect(await packingOf(Buffer.from(`${text}${' and so on'.repeat(50)}`, 'latin1'))).toBeNull();
  expect(await packingOf(Buffer.concat([deflateSync(''), Buffer.from('text behind nothing')]))).toBeNull();
});

// Archives and folders made to do harm: nothing is followed, nothing hangs, nothing is lost without a word.

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { MAX_ENTRIES } from '../../../../electron/source/archive.ts';
import { findOffered, type FoundRecording } from '../../../../electron/source/source.ts';
import type { Discrepancy } from '../../../../shared/recording/discrepancy.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { tar, zip, type Entry } from './archives.ts';
import { containerPart, print, records, sessionStart } from '../../../support/teleport.ts';
import { heldBytes, offered, onDisk, read, said, small, text, write } from './inputs.ts';

/** The bytes of a recording's only part, and what was wrong with them. */
async function taken({
  parts: [part],
}: FoundRecording): Promise<{ readonly whole: Buffer; readonly problems: readonly Discrepancy[] }> {
  const pieces: Uint8Array[] = [];
  for await (const bytes of part!.original()) pieces.push(bytes);
  return { whole: Buffer.concat(pieces), problems: part!.problems!() };
}

const good: Entry = { name: 'good.cast', bytes: small() };
const expected = (await offered({ 'good.cast': small() })).recordings[0]!;

/** What is said of an archive that holds `good.cast` and these. The good one must be found, alone and whole. */
async function besides(...entries: readonly Entry[]): Promise<string[][]> {
  const answers: string[][] = [];
  for (const [name, make] of [
    ['a.zip', zip],
    ['a.tar', tar],
  ] as const) {
    const seen = await offered({ [name]: make([...entries, good]) });
    expect(seen.recordings.map((found) => found.name)).toEqual([`${name}/good.cast`]);
    expect((await read(seen.recordings[0]!)).parts).toEqual((await read(expected)).parts);
    answers.push(said(seen).map((line) => line.replace(name, '')));
  }
  return answers;
}

describe('names in archives', () => {
  test.each([
    ['../out.cast', '../out.cast'],
    ['deep/../../out.cast', 'deep/../../out.cast'],
    ['..\\out.cast', null],
    ['/etc/out.cast', '/etc/out.cast'],
    ['C:/out.cast', 'C:/out.cast'],
    ['con.cast/NUL.txt', 'con.cast/NUL.txt'],
    ['line\nbreak.cast', 'line\\u{a}break.cast'],
    ['\u001b]0;title\u0007.cast', '\\u{1b}]0;title\\u{7}.cast'],
    ['right\u202eto-left.cast', 'right\\u{202e}to-left.cast'],
  ])('%j is refused and named harmlessly', async (name, shown) => {
    for (const answer of await besides({ name, bytes: small('bad') })) {
      expect(answer).toHaveLength(1);
      expect(answer[0]).toMatch(/^unsafe-path: /);
      if (shown !== null) expect(answer[0]).toBe(`unsafe-path: /${shown}`);
    }
  });

  test('an entry with the name of another one is refused, however it is written', async () => {
    const again = { bytes: small('again') };
    for (const [name, make] of [
      ['a.zip', zip],
      ['a.tar', tar],
    ] as const) {
      const seen = await offered({ [name]: make([good, { ...again, name: './good.cast' }, { ...again, name: 'good.cast' }]) });
      expect(seen.recordings).toHaveLength(1);
      expect((await read(seen.recordings[0]!)).parts).toEqual((await read(expected)).parts);
      expect(said(seen)).toEqual([`unsafe-path: ${name}/./good.cast`, `unsafe-path: ${name}/good.cast`]);
    }
  });

  test('a name that is not UTF-8 is shown with replacements, and its recording is found', async () => {
    const name = Buffer.concat([Buffer.from('caf'), Buffer.from([0xe9, 0xff]), Buffer.from('.cast')]);
    for (const [archive, make] of [
      ['a.zip', zip],
      ['a.tar', tar],
    ] as const) {
      const seen = await offered({ [archive]: make([{ name, bytes: small() }]) });
      expect(seen.refused).toEqual([]);
      expect(seen.recordings[0]!.name).toMatch(/caf\ufffd+\.cast$/);
    }
  });
});

describe('entries that are no files', () => {
  test.each([
    ['symbolic link', '2', 0o120777],
    ['hard link', '1', null],
    ['device', '3', null],
    ['device', '4', null],
    ['pipe', '6', null],
    ['sparse file or special entry', 'S', null],
    ['sparse file or special entry', 'M', null],
  ])('a %s (type %s) is refused', async (what, type, mode) => {
    const inTar = await offered({ 'a.tar': tar([{ name: 'bad', type, link: '/etc/passwd' }, good]) });
    expect(inTar.recordings).toHaveLength(1);
    expect(inTar.recordings[0]!.discrepancies).toEqual([
      { kind: 'unsafe-path', message: `the entry was not read: it is a ${what}`, place: { file: 'a.tar/bad' } },
    ]);
    if (mode === null) return;
    const inZip = await offered({ 'a.zip': zip([{ name: 'bad', bytes: text('/etc/passwd'), mode }, good]) });
    expect(inZip.recordings).toHaveLength(1);
    expect(said(inZip)).toEqual(['unsafe-path: a.zip/bad']);
  });
});

describe('bombs', () => {
  const zeros = Buffer.alloc(300 * 1024 ** 2);

  test('an entry, or an archive, that unpacks to a thousand times its size is refused before it is unpacked', async () => {
    // The real ratio of deflate is at most 1032; a list of entries may say anything.
    const one = await offered({
      'a.zip': zip([
        { name: 'zeros', bytes: text('x'), size: 2 ** 31 },
        { name: 'noise', bytes: zeros.subarray(0, 3_000_000), method: 0 },
        good,
      ]),
    });
    expect(said(one)).toContain('bomb: a.zip/zeros');
    expect(one.recordings).toHaveLength(1);
    const many = zip(Array.from({ length: 20 }, (_, i) => ({ name: `${String(i)}.cast`, bytes: small(), size: 2 ** 24 })));
    expect((await offered({ 'a.zip': many })).refused[0]!.refusal).toMatchObject({ kind: 'bomb' });
  });

  test('a compressed tar of zeros is refused, by gzip and by zstd', async () => {
    const archive = tar([{ name: 'zeros', bytes: zeros }, good]);
    for (const bytes of [zstdCompressSync(archive), gzipSync(archive)]) {
      const { recordings, refused } = await offered({ 'a.tar.any': bytes });
      expect(recordings).toEqual([]);
      expect(refused[0]!.refusal).toMatchObject({ kind: 'bomb' });
    }
  });

  test('an archive inside an archive is not opened', async () => {
    const inner = zip([good]);
    for (const bytes of [
      zip([{ name: 'in.zip', bytes: inner }]),
      tar([{ name: 'in.zip', bytes: inner }]),
      gzipSync(inner),
      zip([{ name: 'in.tgz', bytes: gzipSync(tar([good])) }]),
    ]) {
      const { recordings, refused } = await offered({ 'a.any': bytes });
      expect(recordings).toEqual([]);
      expect(refused[0]!.refusal).toMatchObject({
        kind: 'bomb',
        message: expect.stringContaining('archives inside archives') as string,
      });
    }
  });

  test('a hundred thousand empty entries are looked through, and one more is refused', async () => {
    const empty = Array.from({ length: MAX_ENTRIES - 1 }, (_, i) => ({ name: `e/${String(i)}`, method: 0 }));
    for (const [name, make] of [
      ['a.zip', zip],
      ['a.tar', tar],
    ] as const) {
      const { recordings, refused } = await offered({ [name]: make([...empty, good]) });
      expect([recordings.length, refused.length]).toEqual([1, MAX_ENTRIES - 1]);
      const more = await offered({ [name]: make([...empty, good, { name: 'f' }]) });
      expect(more.recordings).toEqual([]);
      expect(more.refused[0]!.refusal).toMatchObject({ kind: 'bomb' });
    }
  });
});

test('a sparse file of pax, of which the tar has a map and the parts between the holes, is refused', async () => {
  const record = '22 GNU.sparse.major=1\n';
  const inTar = await offered({
    'a.tar': tar([{ name: 'x', type: 'x', bytes: text(record) }, { name: 'bad', bytes: small() }, good]),
  });
  expect(inTar.recordings.map(({ name }) => name)).toEqual(['a.tar/good.cast']);
  expect(said(inTar)).toEqual(['unsafe-path: a.tar/bad']);
});

describe('archives that lie or are cut', () => {
  test('a zip member whose size or checksum is not what the list says is read as far as it goes, and says so', async () => {
    const { length } = small();
    for (const method of [0, 8]) {
      for (const [lie, kept, kind, message] of [
        [
          { size: length + 5 },
          length,
          'truncated',
          `the entry has ${String(length)} bytes and not the ${String(length + 5)} that`,
        ],
        [{ size: length - 5 }, length - 5, 'inconsistent', `the entry is longer than the ${String(length - 5)} bytes that`],
        [
          { sum: 1 },
          length,
          'inconsistent',
          `the checksum of the entry is not that of its ${String(length)} bytes: they were read`,
        ],
      ] as const) {
        const { recordings, refused } = await offered({ 'a.zip': zip([{ ...good, ...lie, method }]) });
        expect(refused).toEqual([]);
        // As often as it is read, it is told once.
        for (let round = 0; round < 2; round++) {
          const { whole, problems } = await taken(recordings[0]!);
          expect(whole.equals(small().subarray(0, kept))).toBe(true);
          expect(problems).toMatchObject([
            { kind, message: expect.stringContaining(message) as string, place: { file: 'a.zip/good.cast' } },
          ]);
        }
      }
    }
  });

  test('a zip member that is damaged gives what stands before the damage, and costs no other member anything', async () => {
    const long = Buffer.from(
      `${Buffer.from(small()).toString()}${Array.from({ length: 20_000 }, (_, i) => `[${String(i + 9)},"o","${Math.sin(i).toString(36)}"]\n`).join('')}`,
    );
    const bytes = zip([{ name: 'long.cast', bytes: long, method: 8 }, good]);
    bytes.fill(0xff, 100_000, 100_200);
    const { recordings, refused } = await offered({ 'a.zip': bytes });
    expect(refused).toEqual([]);
    expect(recordings.map(({ name }) => name)).toEqual(['a.zip/long.cast', 'a.zip/good.cast']);
    const { whole, problems } = await taken(recordings[0]!);
    expect(whole.length).toBeGreaterThan(50_000);
    expect(whole.subarray(0, 50_000).equals(long.subarray(0, 50_000))).toBe(true);
    // What deflate does not notice the length or the checksum shows.
    expect(problems).toMatchObject([{ place: { file: 'a.zip/long.cast' } }]);
    expect((await taken(recordings[1]!)).problems).toEqual([]);
    const first = zip([{ name: 'x.cast', bytes: long, method: 8 }]);
    first.fill(0xff, 36, 60);
    expect((await offered({ 'a.zip': first })).refused[0]!.refusal.message).toContain('the deflate data is damaged');
  });

  test('the list and the headers of a zip are read in few pieces', async () => {
    const bytes = zip(Array.from({ length: 5000 }, (_, i) => ({ name: `empty ${String(i)}` })));
    let reads = 0;
    const file = {
      name: 'a.zip',
      size: bytes.length,
      read: (offset: number, length: number) => {
        reads += 1;
        return Promise.resolve(new Uint8Array(bytes.subarray(offset, offset + length)));
      },
    };
    for await (const found of findOffered([file])) expect(found.kind).toBe('refused');
    expect(reads).toBeLessThan(50);
  });

  test('an encrypted member, and one of an unknown method, is named as such', async () => {
    const seen = await offered({
      'a.zip': zip([
        { name: 'locked.cast', bytes: small('x'), flags: 1 },
        { name: 'odd.cast', bytes: small('y'), method: 14 },
        good,
      ]),
    });
    expect(seen.recordings[0]!.discrepancies.map(({ kind, message }) => [kind, message])).toEqual([
      ['not-decrypted', 'the entry was not read: it is encrypted'],
      ['unsupported-version', 'the entry was not read: its compression method 14 is not read'],
    ]);
  });

  test('a cut zip is refused, at every length', async () => {
    const bytes = zip([good, { name: 'two.cast', bytes: small('two') }]);
    for (let length = 4; length < bytes.length; length += 7) {
      const { recordings, refused } = await offered({ 'a.zip': bytes.subarray(0, length) });
      expect([recordings.length, refused.length]).toEqual([0, 1]);
      expect(refused[0]!.refusal.kind).toBe('truncated');
    }
  });

  test('a cut tar gives what stands before the cut, and names the entry that is cut', async () => {
    const bytes = tar([good, { name: 'two.cast', bytes: text(`${Buffer.from(small('two')).toString()}${'\n'.repeat(3000)}`) }]);
    const seen = await offered({ 'a.tar': bytes.subarray(0, 2048) });
    expect(seen.recordings.map(({ name }) => name)).toEqual(['a.tar/good.cast']);
    expect(said(seen).sort()).toEqual(['truncated: a.tar', 'truncated: a.tar/two.cast']);
    const packed = await offered({ 'a.tgz': gzipSync(bytes).subarray(0, -30) });
    expect(packed.recordings.length).toBeLessThan(2);
    expect(said(packed).join()).toMatch(/truncated: a\.tgz/);
  });

  test('a compressed tar that is damaged where its entries are over gives all of them, and says so once', async () => {
    const packed = gzipSync(tar([good, { name: 'two.cast', bytes: small('two') }]));
    const wrong = Buffer.from(packed);
    wrong[wrong.length - 8]! ^= 1;
    for (const [bytes, kind] of [
      [wrong, 'truncated'],
      [Buffer.concat([packed, text('GARBAGE')]), 'inconsistent'],
    ] as const) {
      const seen = await offered({ 'a.tgz': bytes });
      expect(seen.recordings.map(({ name }) => name)).toEqual(['a.tgz/good.cast', 'a.tgz/two.cast']);
      for (const found of seen.recordings) await read(found);
      expect(said(seen)).toEqual([`${kind}: a.tgz`]);
    }
  });

  test.skipIf(spawnSync('bzip2', ['--help']).error !== undefined)('a tar.bz2 that lost its end says so', async () => {
    const { stdout } = spawnSync('bzip2', ['-c'], { input: tar([good]) });
    const seen = await offered({ 'a.tar.bz2': stdout.subarray(0, -10) });
    expect(seen.recordings.map(({ name }) => name)).toEqual(['a.tar.bz2/good.cast']);
    expect(said(seen)).toEqual(['truncated: a.tar.bz2']);
  });

  test('a Teleport recording whose first part has a wrong checksum gives the events of all parts', async () => {
    const bodies = [records(sessionStart(0), print(1, 100, text('one\r\n'))), records(print(2, 200, text('two\r\n')))];
    const parts = bodies.map((body) => Buffer.from(containerPart(body)));
    parts[0]![parts[0]!.length - 8]! ^= 1;
    const seen = await offered({ 'sid.tar': Buffer.concat(parts) });
    const pieces: Uint8Array[] = [];
    for await (const bytes of seen.recordings[0]!.parts[0]!.unpacked!()) pieces.push(bytes);
    expect(Buffer.concat(pieces).equals(Buffer.concat(bodies))).toBe(true);
    expect(seen.recordings[0]!.parts[0]!.problems!().map(({ kind }) => kind)).toEqual(['truncated']);
  });

  test('a Teleport recording with a part that is cut inside a record gives the events of all others', async () => {
    const one = records(sessionStart(0), print(1, 100, text('one\r\n')));
    const two = records(print(3, 200, text('two\r\n')));
    const lying = Uint8Array.of(0xff, 0xff, 0xff, 0xff, ...two);
    for (const [rest, left] of [
      [records(print(2, 150, text('lost'))).slice(0, 30), 30],
      [Uint8Array.of(0, 0), 2],
      [lying, lying.length],
    ] as const) {
      const parts = [containerPart(Buffer.concat([one, rest])), containerPart(two)];
      const { recordings } = await offered({ 'sid.tar': Buffer.concat(parts) });
      const part = recordings[0]!.parts[0]!;
      const pieces: Uint8Array[] = [];
      for await (const bytes of part.unpacked!()) pieces.push(bytes);
      expect(Buffer.concat(pieces).equals(Buffer.concat([one, two]))).toBe(true);
      expect(part.problems!()).toEqual([
        {
          kind: 'truncated',
          message: `the part at byte 0 of the file ends in ${String(left)} bytes that are no whole record: they were not read`,
          place: { file: 'sid.tar', offset: one.length },
        },
      ]);
    }
  });

  test('what is damaged so near its start that nothing of it is known is refused for its damage', async () => {
    const garbage = text('{"v\u0001ersion": 2}\n[0.5, "o", "x"]\n');
    const packed = gzipSync(garbage);
    packed[packed.length - 8]! ^= 1;
    expect(said(await offered({ 'in/a.cast.gz': packed, 'in/good.cast': small() }))).toEqual(['truncated: in/a.cast.gz']);
    const archive = zip([good, { name: 'two.cast', bytes: garbage, sum: 1 }, { name: 'notes', bytes: garbage }]);
    expect(said(await offered({ 'a.zip': archive }))).toEqual(['inconsistent: a.zip/two.cast', 'not-a-recording: a.zip/notes']);
  });

  test('a Teleport recording of empty parts is not empty, but without events', async () => {
    const { refused } = await offered({ 'sid.tar': containerPart(new Uint8Array(0)) });
    expect(refused.map(({ refusal }) => refusal)).toMatchObject([
      { kind: 'not-a-recording', message: 'there is no event of a Teleport session in this file' },
    ]);
  });

  test('a zip entry whose name has backslashes is not read', async () => {
    const { recordings, refused } = await offered({ 'a.zip': zip([{ name: 'in\\a.cast', bytes: small() }]) });
    expect(recordings).toEqual([]);
    expect(refused.map(({ refusal }) => refusal.kind)).toEqual(['unsafe-path']);
  });

  test('a plain tar with an entry that claims more than the tar has is cut there, and no bomb', async () => {
    for (const size of [2 ** 30, 8 * 2 ** 30 - 1]) {
      const seen = await offered({ 'a.tar': tar([good, { name: 'two.cast', bytes: small('two'), size }]) });
      expect(seen.recordings.map(({ name }) => name)).toEqual(['a.tar/good.cast']);
      expect(said(seen).sort()).toEqual(['truncated: a.tar', 'truncated: a.tar/two.cast']);
    }
  });

  test('bytes that are no archive behind the mark of one are refused', async () => {
    for (const bytes of [
      text('PK\u0003\u0004 and nothing more'),
      Buffer.concat([tar([good]).subarray(0, 512), Buffer.alloc(700, 255)]),
    ]) {
      const { recordings, refused } = await offered({ 'a.any': bytes });
      expect(recordings).toEqual([]);
      expect(refused.length).toBeGreaterThan(0);
    }
  });
});

describe('folders', () => {
  test('links, pipes and circles of links are named and never opened', async () => {
    const folder = temporaryFolder();
    write(folder, { 'good.cast': small() });
    symlinkSync(join(folder, 'good.cast'), join(folder, 'link.cast'));
    symlinkSync(folder, join(folder, 'self'));
    symlinkSync('b', join(folder, 'a'));
    symlinkSync('a', join(folder, 'b'));
    const pipe = spawnSync('mkfifo', [join(folder, 'pipe')]).status === 0;
    const { recordings, refused } = await onDisk(folder);
    expect(recordings.map(({ name }) => name)).toEqual([`${folder}/good.cast`]);
    expect(refused.map(({ name }) => name.slice(folder.length + 1))).toEqual([
      'a',
      'b',
      'link.cast',
      ...(pipe ? ['pipe'] : []),
      'self',
    ]);
    for (const { refusal } of refused) expect(refusal.kind).toBe('unsafe-path');
    const circle = await onDisk(join(folder, 'a'));
    expect(circle.refused[0]!.refusal.message).toBe('its links lead in a circle');
    if (pipe) expect((await onDisk(join(folder, 'pipe'))).refused[0]!.refusal.message).toMatch(/^it is a pipe: /);
  });

  test('a file whose name is not UTF-8 is found by the name that a program is given for it, unless two have that name', async () => {
    const folder = Buffer.concat([Buffer.from(`${temporaryFolder()}/fol`), Buffer.from([0xe9])]);
    mkdirSync(folder);
    const under = (...bytes: readonly number[]): Buffer =>
      Buffer.concat([folder, Buffer.from('/caf'), Buffer.from(bytes), Buffer.from('.cast')]);
    writeFileSync(under(0xe9), small('one'));
    const given = under(0xe9).toString();
    const { recordings, refused } = await onDisk(given);
    expect(refused).toEqual([]);
    expect(recordings.map(({ name }) => name)).toEqual([given]);
    expect(await read(recordings[0]!)).toBeDefined();
    expect((await onDisk(folder.toString())).recordings).toHaveLength(1);
    writeFileSync(under(0xff), small('two'));
    expect((await onDisk(given)).refused[0]!.refusal.message).toBe(
      'its name is not UTF-8, and several names read like it: name the folder that it lies in',
    );
    expect((await onDisk(given.replace('caf', 'tea'))).refused[0]!.refusal.message).toBe('there is no such file');
  });

  test('a pipe and standard input are refused with what to do', async () => {
    const folder = temporaryFolder();
    const todo = 'save what comes through it in a file, and import that';
    expect((await onDisk('-')).refused[0]!.refusal.message).toBe(`standard input is no file: ${todo}`);
    if (spawnSync('mkfifo', [join(folder, 'pipe')]).status !== 0) return;
    expect((await onDisk(join(folder, 'pipe'))).refused[0]!.refusal.message).toBe(`it is a pipe: ${todo}`);
  });

  test('a file that becomes a link or a pipe after it was found is not opened', async () => {
    const folder = temporaryFolder();
    write(folder, { 'one.cast': small('one'), 'two.cast': small('two'), secret: small('secret') });
    const { recordings } = await onDisk(join(folder, 'one.cast'), join(folder, 'two.cast'));
    rmSync(join(folder, 'one.cast'));
    symlinkSync('secret', join(folder, 'one.cast'));
    await expect(read(recordings[0]!)).rejects.toThrow();
    rmSync(join(folder, 'two.cast'));
    spawnSync('mkfifo', [join(folder, 'two.cast')]);
    await expect(read(recordings[1]!)).rejects.toThrow(/no regular file|no such file/);
  });

  test('a file that vanishes, and one that is cut, says so when it is read', async () => {
    const folder = temporaryFolder();
    write(folder, { 'one.cast': small('one') });
    const { recordings } = await onDisk(join(folder, 'one.cast'));
    renameSync(join(folder, 'one.cast'), join(folder, 'elsewhere'));
    await expect(read(recordings[0]!)).rejects.toThrow('there is no such file');
    expect((await onDisk(join(folder, 'one.cast'))).refused[0]!.refusal.message).toBe('there is no such file');
  });

  test('names with control characters, and names that are not UTF-8, are found', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'line\nbreak.cast'), small('one'));
    const odd = Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9]), Buffer.from('/')]);
    let possible = true;
    try {
      mkdirSync(odd);
      writeFileSync(Buffer.concat([odd, Buffer.from([0xff]), Buffer.from('.cast')]), small('two'));
    } catch {
      possible = false; // file systems that take UTF-8 alone
    }
    const { recordings, refused } = await onDisk(folder);
    expect(refused).toEqual([]);
    expect(recordings).toHaveLength(possible ? 2 : 1);
    for (const found of recordings) expect((await read(found)).parts).toHaveLength(1);
  });

  test.skipIf(process.getuid?.() === 0)('a folder and a file that may not be read are named', async () => {
    const folder = temporaryFolder();
    write(folder, { 'good.cast': small(), 'closed.cast': small('closed'), 'shut/in.cast': small('in') });
    chmodSync(join(folder, 'closed.cast'), 0);
    chmodSync(join(folder, 'shut'), 0);
    const { recordings, refused } = await onDisk(folder);
    chmodSync(join(folder, 'shut'), 0o700);
    expect(recordings).toHaveLength(1);
    expect(refused.map(({ refusal }) => refusal.message)).toEqual(['permission denied', 'permission denied']);
  });

  test('folders deeper than the limit are named and not entered', async () => {
    const folder = temporaryFolder();
    write(folder, { 'good.cast': small(), [`${'d/'.repeat(70)}deep.cast`]: small('deep') });
    const { recordings, refused } = await onDisk(folder);
    expect(recordings).toHaveLength(1);
    expect(refused[0]!.refusal.message).toBe('it lies more than 64 folders deep');
  });

  test('ten thousand files are sorted without their beginnings being held', async () => {
    const bytes = Buffer.concat([small(), Buffer.alloc(100_000, 0x0a)]);
    const names = Array.from({ length: 10_000 }, (_, i) => `${String(i)}.cast`);
    const stream = findOffered(
      names.map((name) => ({
        name,
        size: bytes.length,
        read: (offset, length) => Promise.resolve(Uint8Array.prototype.slice.call(bytes, offset, offset + length)),
      })),
    );
    const before = heldBytes();
    // All are looked into before the first is told: 64 KiB of each would be 640 MB.
    expect((await stream.next()).value).toMatchObject({ kind: 'recording', name: '0.cast' });
    expect(heldBytes() - before).toBeLessThan(160 * 1024 ** 2);
    await stream.return(undefined);
  });
});

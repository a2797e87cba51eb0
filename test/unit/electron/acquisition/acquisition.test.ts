import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importRecording, type ImportDeps, type ImportOutcome } from '../../../../electron/acquisition/acquisition.ts';
import { PART_CHUNK_BYTES, verifyRecording, type Library, type SessionRow } from '../../../../electron/library/library.ts';
import type { FoundRecording } from '../../../../electron/source/source.ts';
import { fileImport } from '../../../support/file-import.ts';
import { temporaryLibrary } from '../../../support/library.ts';
import { cast, found } from '../../../support/recordings.ts';

async function imported(library: Library, recording: FoundRecording): Promise<SessionRow> {
  const outcome = await importRecording(recording, fileImport(library));
  if (outcome.kind === 'refused') throw new Error(outcome.refusal.message);
  return library.sessions.find(outcome.sessionIds[0]!) as SessionRow;
}

const line = (i: number): [number, string, string] => [
  i / 100,
  'o',
  `line ${String(i)} of some output that is long enough to matter\r\n`,
];
const long = (events: number): string =>
  cast(
    Array.from({ length: events }, (_, i) => line(i)),
    { title: 'long', timestamp: 1_795_230_000 },
  );

describe('an imported recording', () => {
  test('is hashed in pieces where a line is too long to be held, when it comes and whenever it is verified', async () => {
    const { library } = temporaryLibrary();
    const text = `${cast([[1, 'o', 'a']])}[2,"o","${'x'.repeat(20 * 1024 ** 2)}"]\n[3,"o","b"]\n`;
    const { partRange } = library.content;
    let longest = 0;
    library.content.partRange = (acquisition, part, offset, length) => {
      longest = Math.max(longest, length);
      return partRange(acquisition, part, offset, length);
    };
    const session = await imported(library, found({ 'a.cast': text }));
    expect(session).toMatchObject({ records: 4, events: 2, discrepancies: 1 });
    expect(verifyRecording(library, session).failures).toEqual([]);
    expect(longest).toBe(PART_CHUNK_BYTES);
  });

  test('gives back its bytes, records and events exactly', async () => {
    const { library } = temporaryLibrary();
    const text = `${cast([
      [0.5, 'o', 'h\u00e9llo \ud83d\ude00\r\n'],
      [0.75, 'i', 'x'],
      [1, 'r', '100x30'],
      [2, 'm', 'here'],
      [2.5, 'z', 'unknown'],
    ])}not json at all\n`;
    const session = await imported(library, found({ 'a.cast': text }, 7));
    const original = Buffer.concat([...library.content.partBytes(session.acquisition, 0)]);
    expect(original.toString()).toBe(text);
    const records = [...library.content.records(session)].map(({ ranges: [range] }) =>
      library.content.partRange(session.acquisition, range!.part, range!.offset, range!.length).toString().trim(),
    );
    expect(records).toEqual(text.trim().split('\n'));
    const events = library.content.eventChunks(session).flatMap((info) => library.content.events(session, info));
    expect(events.map(({ kind, at, seq }) => [kind, at, seq])).toEqual([
      ['data', 500_000, '1'],
      ['data', 750_000, '2'],
      ['resize', 1_000_000, '3'],
      ['marker', 2_000_000, '4'],
      ['other', 2_500_000, '5'],
    ]);
    expect(session).toMatchObject({
      duration: 2_500_000,
      events: 5,
      stdinBytes: 1,
      stdoutBytes: 13,
      discrepancies: 1,
      cols: 80,
      rows: 24,
    });
    expect(library.sessions.discrepancies(session, 10)[0]).toMatchObject({
      kind: 'bad-line',
      place: { file: 'a.cast', line: 7 },
    });
    expect(verifyRecording(library, session).failures).toEqual([]);
  });

  test('has an id that follows from its content, and is recognised when it comes again', async () => {
    const { library } = temporaryLibrary();
    const first = await importRecording(found({ 'a.cast': long(50) }), fileImport(library));
    const again = await importRecording(found({ 'renamed.cast': long(50) }), fileImport(library));
    expect(first.kind).toBe('imported');
    expect(again.kind).toBe('known');
    const idOf = (outcome: ImportOutcome): string => (outcome.kind === 'refused' ? '' : outcome.sessionIds[0]!);
    expect(idOf(again)).toBe(idOf(first));
    const elsewhere = await importRecording(found({ 'a.cast': long(50) }), fileImport(temporaryLibrary().library));
    expect(idOf(elsewhere)).toBe(idOf(first));
    expect(library.sessions.stats().sessions).toBe(1);
  });

  test('leaves one custody entry that names its parts, digests and root', async () => {
    const { library } = temporaryLibrary();
    const text = long(20);
    const session = await imported(library, found({ 'a.cast': text }));
    const entry = JSON.parse(library.custody.list({ subject: session.id }, null, 10).entries[0]!.text) as Record<string, unknown>;
    expect(entry).toMatchObject({
      action: 'acquire',
      actor: 'tester@here',
      details: {
        format: 'asciicast-v2',
        parts: [{ name: 'a.cast', size: text.length, sha256: createHash('sha256').update(text).digest('hex') }],
        sessions: [{ id: session.id, records: 21, root: Buffer.from(session.root).toString('hex') }],
      },
    });
    expect(library.custody.verify()).toMatchObject({ kind: 'intact', count: 1 });
  });

  test('cannot be changed or removed in the database', async () => {
    const { library } = temporaryLibrary();
    const session = await imported(library, found({ 'a.cast': long(20) }));
    expect(() => library.acquisitions.abandon(session.acquisition)).toThrow('what was acquired is not removed');
    expect(verifyRecording(library, session).failures).toEqual([]);
  });

  test('is found broken when its tree is not the one that was acquired', async () => {
    const { library } = temporaryLibrary();
    const session = await imported(library, found({ 'a.cast': long(20) }));
    const other = { ...session, root: Buffer.alloc(32) };
    expect(verifyRecording(library, other).failures).toEqual([
      { place: 'acquisition', reason: expect.stringMatching(/^the custody log says in entry 1 that 21 records with the root/) },
      { place: 'acquisition tree', reason: 'its root is not the one that was acquired' },
    ]);
  });
});

describe('an import that is cut short', () => {
  test('shows nothing, and goes on where it stood when the same comes again', async () => {
    const { library, reopen } = temporaryLibrary();
    const text = long(200_000);
    const stop = new AbortController();
    let bytes = 0;
    const cut = {
      ...fileImport(library, stop.signal),
      progress: (more: number) => (bytes += more) > text.length * 1.7 && stop.abort(),
    };
    await expect(importRecording(found({ 'a.cast': text }), cut as ImportDeps)).rejects.toMatchObject({ kind: 'cancelled' });
    expect(library.sessions.stats().sessions).toBe(0);
    const later = reopen();
    const fingerprint = createHash('sha256')
      .update(`asciicast-v2\n${createHash('sha256').update(text).digest('hex')}`)
      .digest('hex');
    const partial = later.acquisitions.find('files', fingerprint)!;
    expect(partial.state).toBe('partial');
    const stored = later.acquisitions.resume(partial.key).stored.partChunks(0);
    expect(stored).toBeGreaterThan(3);
    const session = await imported(later, found({ 'a.cast': text }));
    expect(session.acquisition).toBe(partial.key);
    expect(verifyRecording(later, session).failures).toEqual([]);
    const whole = await imported(temporaryLibrary().library, found({ 'a.cast': text }));
    expect({ ...session, key: 0, acquisition: 0, root: null }).toEqual({ ...whole, key: 0, acquisition: 0, root: null });
  });

  test('of a refused input leaves nothing behind', async () => {
    const { library } = temporaryLibrary();
    const outcome = await importRecording(
      found({ 'a.json': '{"version":1,"width":80,"height":24,"duration":1}' }),
      fileImport(library),
    );
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { kind: 'bad-header' } });
    expect(library.sessions.stats()).toMatchObject({ sessions: 0, originalBytes: 0 });
    expect(library.custody.head().seq).toBe(0);
  });

  test('by a file that changes while it is read is refused and leaves nothing', async () => {
    const { library } = temporaryLibrary();
    const recording = found({ 'a.cast': long(100) });
    let opened = 0;
    const changing: FoundRecording = {
      ...recording,
      parts: recording.parts.map((part) => ({
        ...part,
        original: () => ((opened += 1) === 1 ? part.original() : found({ 'a.cast': long(101) }).parts[0]!.original()),
      })),
    };
    expect(await importRecording(changing, fileImport(library))).toMatchObject({
      kind: 'refused',
      refusal: { message: 'the file changed while it was read; import it again when nothing writes to it' },
    });
    expect(library.sessions.stats().sessions).toBe(0);
  });
});

test('no text of a recording stands in clear in any file of the library', async () => {
  const { library, folder } = temporaryLibrary();
  const canary = 'CANARY-7f3a9c-plaintext';
  await imported(
    library,
    found({
      [`${canary}.cast`]: cast(
        [
          [0, 'o', `${canary}\r\n`.repeat(2000)],
          [1, 'i', canary],
        ],
        { title: canary },
      ),
    }),
  );
  for (const name of readdirSync(folder)) expect(readFileSync(join(folder, name)).includes(canary), name).toBe(false);
});

// Step 10 of docs/bundle.md on bundles of the real core: what follows from original, records or key is made again and is the same; and
// what its own signer made otherwise is found, with its place.

import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { BundleReport } from '../../../../electron/export/export.ts';
import { verifyBundleAt } from '../../../../electron/export/verify/verify.ts';
import { EMULATOR } from '../../../../shared/terminal/rules.ts';
import { startEngine } from '../../../engine/start-engine.ts';
import { vectorRecordings } from '../../../engine/vectors.ts';
import { PRODUCER, fingerprintOf, packBundle, signedAnew, unpackBundle, type BundleFiles } from '../../../support/bundle.ts';
import { openTestCore } from '../../../support/core.ts';
import { bundleOfFixtures, makeBundleOf } from '../../../support/derived-bundle.ts';
import { synchroniseVectors, vectorCases } from '../../../support/rstream-machine.ts';
import { longRecording } from '../../../support/syncing.ts';

const FIXTURES = new URL('../../../fixtures/recordings/', import.meta.url).pathname;
const TRUSTED = new Set([fingerprintOf(PRODUCER.key)]);
const folder = mkdtempSync(join(tmpdir(), 'derived-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const derived = ({ steps }: BundleReport): string => `${steps.at(-1)!.outcome}: ${steps.at(-1)!.detail}`;

/** Where the failures are: file without its folder, recording, record. */
const places = ({ failures }: BundleReport): readonly unknown[] =>
  failures.map(({ file, recording, record }) => [file.slice(file.lastIndexOf('/') + 1), recording, record]);

async function verify(files: BundleFiles, quick = false): Promise<BundleReport> {
  const path = join(folder, 'changed.zip');
  writeFileSync(path, packBundle(files).zip);
  return verifyBundleAt(path, { trusted: TRUSTED, authorities: [], quick });
}

/** What its own signer makes of a bundle after these changes of files of one recording. */
function forged(files: BundleFiles, id: string, changes: Readonly<Record<string, (text: string) => string>>): BundleFiles {
  const changed = Object.entries(changes).map(([name, change]): [string, Buffer] => {
    const path = name.includes('/') ? name : `data/recordings/${id}/${name}`;
    const text = change(files.get(path)!.toString('utf8'));
    expect(text, `${name} is changed`).not.toBe(files.get(path)!.toString('utf8'));
    return [path, Buffer.from(text)];
  });
  return signedAnew(files, new Map(changed), PRODUCER);
}

test('events, playback and transcript of every file format are those that the original gives', async () => {
  const names = readdirSync(FIXTURES).filter((name) => !/truth|malformed/.test(name));
  const { files, sessions } = await bundleOfFixtures(folder, names);
  const report = await verify(files);
  expect(report.failures).toEqual([]);
  // The packed log of sudo would have to be unpacked.
  const read = String(sessions.length - 1);
  expect(derived(report)).toBe(
    `passed: playback and transcript of ${String(sessions.length)} recordings from the events; events of ${read} from the original; events of 1 recording not derived again here: its original is not read here`,
  );
}, 60_000);

test('a transcript begins where the scrollback was dropped last, in the bundle and when it is made again', async () => {
  const shown = (at: number, text: string): string => `[${String(at)}, "o", ${JSON.stringify(text)}]`;
  // More rows than a terminal keeps, so that some have left it when it drops the rest.
  const page = (name: string): string => Array.from({ length: 1500 }, (_, line) => `${name} ${String(line)}\r\n`).join('');
  const cast = join(folder, 'cleared.cast');
  const outputs = [page('first'), '\u001b[H\u001b[2J\u001b[3J', page('second'), '\u001b[H\u001b[2J\u001b[3J', page('third')];
  writeFileSync(
    cast,
    ['{"version": 2, "width": 80, "height": 24}', ...outputs.map((text, at) => shown(at, text)), ''].join('\n'),
  );
  const { files, sessions } = await bundleOfFixtures(folder, [cast]);
  const transcript = files.get(`data/recordings/${sessions[0]!}/transcript.txt`)!.toString('utf8');
  expect(transcript).toMatch(/^third 0\n/);
  expect((await verify(files)).failures).toEqual([]);
  const more = await verify(forged(files, sessions[0]!, { 'transcript.txt': (text) => `${page('second')}${text}` }));
  expect(places(more)).toEqual([['transcript.txt', sessions[0], null]]);
}, 60_000);

test('what its own signer changed in what is derived is found, with file, recording and record', async () => {
  const name = 'incident-exec-1-nightly-backup.cast';
  const { files, sessions } = await bundleOfFixtures(folder, [name, 'resize.cast']);
  const id = sessions[0]!;
  const lines = files.get(`data/recordings/${id}/decrypted.jsonl`)!.toString('utf8').split('\n');
  const at = lines.findIndex((line) => line.includes('prod-db-1'));
  const { record } = JSON.parse(lines[at]!) as { record: number };
  const other = (text: string): string => text.replace('prod-db-1', 'prod-db-2');
  const last = (text: string): string => text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1);

  expect(await verify(files)).toMatchObject({ verdict: 'INTACT, SIGNER NOT TRUSTED', failures: [] });
  for (const [changes, found] of [
    [{ 'playback.cast': other }, [['playback.cast', id, record]]],
    [{ 'transcript.txt': other }, [['transcript.txt', id, null]]],
    [{ 'decrypted.jsonl': other }, [['decrypted.jsonl', id, record]]],
    [
      { 'decrypted.jsonl': other, 'playback.cast': other },
      [
        ['decrypted.jsonl', id, record],
        ['playback.cast', id, record],
      ],
    ],
    [{ 'decrypted.jsonl': last }, [['decrypted.jsonl', id, expect.any(Number)]]],
    [{ 'playback.cast': (text: string) => `${text}[99, "o", "more"]\n` }, [['playback.cast', id, null]]],
    [{ 'playback.cast': (text: string) => text.replace('"width":', '"width":1') }, [['playback.cast', id, null]]],
    [{ 'playback.cast': (text: string) => text.replace('"version":2', '"version": 2') }, [['playback.cast', id, null]]],
    [{ 'transcript.txt': (text: string) => `${text}more\n` }, [['transcript.txt', id, null]]],
  ] as const) {
    const changed = forged(files, id, changes);
    const report = await verify(changed);
    expect(report.verdict, Object.keys(changes).join()).toBe('ALTERED');
    expect(places(report)).toEqual(found);
    expect(report.steps.filter(({ outcome }) => outcome === 'failed').map(({ step }) => step)).toEqual(['Derived again']);
    expect(await verify(changed, true)).toMatchObject({ verdict: 'TRUSTED', failures: [] });
  }
  const place = (await verify(forged(files, id, { 'decrypted.jsonl': other }))).failures[0]!.bytes!;
  expect(
    files
      .get(`data/recordings/${id}/decrypted.jsonl`)!
      .subarray(...place)
      .toString(),
  ).toBe(`${lines[at]!}\n`);

  const stamp = (text: string): string =>
    text.replace(/"timestamp":(\d+)/, (_, seconds) => `"timestamp":${String(Number(seconds) - 60)}`);
  const title = (text: string): string => text.replace('"title":"CI exec', '"title":"my exec');
  for (const change of [stamp, title]) {
    const report = await verify(forged(files, id, { 'playback.cast': change }));
    expect(places(report)).toEqual([['playback.cast', id, null]]);
    expect(report.failures[0]!.reason).toBe('its first line is not the one that the original gives');
  }
  const acquired = await verify(
    forged(files, id, { 'acquisition.json': (text) => text.replace(/"acquiredAt": "\d{4}/, '"acquiredAt": "2001') }),
  );
  expect(places(acquired)).toEqual([['acquisition.json', id, null]]);
  expect(acquired.failures[0]!.reason).toMatch(/^entry \d+ of the custody log says that it was acquired at 20\d\d-/);

  const screen = await verify(forged(files, id, { 'acquisition.json': (text) => text.replace('"cols": ', '"cols": 1') }));
  expect(places(screen)).toContainEqual(['acquisition.json', id, null]);
  const without = signedAnew(
    new Map([...files].filter(([path]) => path !== `data/recordings/${id}/transcript.txt`)),
    new Map(),
    PRODUCER,
  );
  expect(places(await verify(without))).toEqual([['transcript.txt', id, null]]);
}, 60_000);

test('what another emulator drew, or what other rules made, is said not to be checked', async () => {
  const { files, sessions } = await bundleOfFixtures(folder, ['resize.cast']);
  const id = sessions[0]!;
  const drawn = forged(files, id, {
    'exhibit/bundle.json': (text) => text.replace(EMULATOR, 'another'),
    'transcript.txt': (text) => `${text}more\n`,
  });
  const report = await verify(drawn);
  expect(report.verdict).toBe('TRUSTED');
  expect(derived(report)).toMatch(
    /^passed: playback of 1 recording from the events; transcripts not derived again here: they were drawn by another; events of 1 from the original$/,
  );
  const made = await verify(forged(files, id, { 'exhibit/bundle.json': (text) => text.replace('"derived": 1', '"derived": 2') }));
  expect(derived(made)).toBe('not checked: it was made by rules that this verifier does not have');
});

test('where records are withheld, playback and transcript still follow from the events that are shown', async () => {
  const { files } = await bundleOfFixtures(folder, ['incident-exec-1-nightly-backup.cast'], 'prod-db-1');
  const id = [...files.keys()].find((path) => path.endsWith('/playback.cast'))!.split('/')[2]!;
  const report = await verify(files);
  expect(report.failures).toEqual([]);
  expect(derived(report)).toBe(
    'passed: playback and transcript of 1 recording from the events; events of 1 recording not derived again here: records are withheld',
  );
  for (const name of ['playback.cast', 'transcript.txt']) {
    const changed = forged(files, id, { [name]: (text: string) => text.replace('shopdb', 'shopbd') });
    expect(places(await verify(changed)).map((place) => (place as unknown[])[0])).toEqual([name]);
  }
});

test('an export with ciphertext in it is compared but for what is encrypted', async () => {
  const one = vectorCases.find(({ case: name }) => name === 'e2e-x25519-device')!;
  const events = one.events.slice(0, 60);
  const at = events.findIndex(
    ({ payload_ciphertext: sealed, stream_type: stream }) => sealed !== undefined && stream === 'stdout',
  );
  const { payload_ciphertext: _sealed, crypto: _crypto, ...rest } = events[at]!;
  const plain = { ...rest, payload_plaintext: Buffer.from('in clear').toString('base64'), payload_length: 8 };
  const path = join(folder, 'mixed.json');
  writeFileSync(path, JSON.stringify({ export_version: 1, session: one.session, events: events.with(at, plain) }));
  const { files, sessions } = await bundleOfFixtures(folder, [path]);
  const id = sessions[0]!;
  const report = await verify(files);
  expect(report.failures).toEqual([]);
  expect(derived(report)).toBe(
    'passed: playback and transcript of 1 recording from the events; events of 1 recording not derived again here: no key is at hand',
  );
  for (const [from, to] of [
    ['in clear', 'in cleer'],
    ['"kind":"sealed","stream":"stdout"', '"kind":"sealed","stream":"stderr"'],
  ] as const) {
    const found = await verify(forged(files, id, { 'decrypted.jsonl': (text) => text.replace(from, to) }));
    expect(places(found)).toContainEqual(['decrypted.jsonl', id, expect.any(Number)]);
  }
});

test('events without a time follow from their records', async () => {
  const whole = longRecording('s', 6);
  const events = whole.events.map((event, i) =>
    i % 2 === 0 ? event : { ...event, created_at: [undefined, null, 'soon'][i >> 1] },
  );
  const engine = await startEngine({ recordings: [{ ...whole, events }] });
  const core = await openTestCore(join(folder, 'timeless'));
  try {
    const [session] = await synchroniseVectors(core.api, engine, `${join(folder, 'timeless')}-home`);
    expect(session!.discrepancies).toBe(3);
    const path = join(folder, 'timeless.zip');
    await makeBundleOf(core.api, [session!.id], path);
    const report = await verify(await unpackBundle(readFileSync(path)));
    expect(report.failures).toEqual([]);
    expect(derived(report)).toContain('events of 1 from the records');
  } finally {
    await core.close();
    await engine.close();
  }
}, 60_000);

test('synchronised sessions follow from their records, and encrypted ones from what a key at hand opens', async () => {
  const engine = await startEngine({ recordings: vectorRecordings(vectorCases) });
  const core = await openTestCore(join(folder, 'synced'));
  try {
    const { api } = core;
    const details = await synchroniseVectors(api, engine, `${join(folder, 'synced')}-home`);
    const plain = details.find(({ openedWith, lock, events }) => openedWith === null && lock.state !== 'locked' && events > 1)!;
    const sealed = details.find(
      ({ openedWith, events, discrepancies }) => openedWith !== null && events > 1 && discrepancies === 0,
    )!;
    const path = join(folder, 'synced.zip');
    await makeBundleOf(api, [plain.id, sealed.id], path);
    const files = await unpackBundle(readFileSync(path));
    const report = await verify(files);
    expect(report.failures).toEqual([]);
    expect(derived(report)).toBe(
      'passed: playback and transcript of 2 recordings from the events; events of 1 from the records; events of 1 recording not derived again here: no key is at hand',
    );
    const here = async (changed: BundleFiles): Promise<BundleReport> => {
      const zip = join(folder, 'here.zip');
      writeFileSync(zip, packBundle(changed).zip);
      const { job: verifying } = await api.call('bundle.verify', { path: zip, trust: [...TRUSTED], authorities: [] });
      await api.call('jobs.wait', { job: verifying });
      return api.call('bundle.verified', { job: verifying });
    };
    const withKey = await here(files);
    expect(withKey.failures).toEqual([]);
    const said = /^passed: .* of 2 recordings from the events; events (of 1 from the records|, |of 1 from a key at hand){3}$/;
    expect(derived(withKey)).toMatch(said);

    const isData = (line: string): boolean => /"utf8":"[^"]*[a-y]{4}/.test(line);
    const changeLine =
      (change: (line: string) => string) =>
      (text: string): string => {
        const all = text.split('\n');
        const first = all.findIndex(isData);
        return all.with(first, change(all[first]!)).join('\n');
      };
    const recordOf = (id: string): unknown => {
      const line = files.get(`data/recordings/${id}/decrypted.jsonl`)!.toString('utf8').split('\n').find(isData)!;
      return (JSON.parse(line) as { record: number }).record;
    };
    const word = changeLine((line) => line.replace(/("utf8":"[^"]*?)[a-y]{4}/, '$1zzzz'));
    const time = changeLine((line) => line.replace(/"at":(\d+)/, (_, at: string) => `"at":${String(Number(at) + 1)}`));
    for (const id of [plain.id, sealed.id]) {
      const moved = await verify(forged(files, id, { 'decrypted.jsonl': time }));
      expect(places(moved)).toContainEqual(['decrypted.jsonl', id, recordOf(id)]);
    }
    const changed = forged(files, plain.id, { 'decrypted.jsonl': word });
    expect(places(await verify(changed))).toContainEqual(['decrypted.jsonl', plain.id, recordOf(plain.id)]);
    const unseen = forged(files, sealed.id, { 'decrypted.jsonl': word });
    expect(places(await verify(unseen))).not.toContainEqual(['decrypted.jsonl', sealed.id, recordOf(sealed.id)]);
    expect(places(await here(unseen))).toContainEqual(['decrypted.jsonl', sealed.id, recordOf(sealed.id)]);
    const longer = forged(files, sealed.id, { 'decrypted.jsonl': changeLine((line) => line.replace('"utf8":"', '"utf8":"z')) });
    expect(places(await verify(longer))).toContainEqual(['decrypted.jsonl', sealed.id, recordOf(sealed.id)]);
    const dropped = (text: string): string => {
      const all = text.split('\n');
      return all.toSpliced(all.findIndex(isData), 1).join('\n');
    };
    expect(
      (await verify(forged(files, sealed.id, { 'decrypted.jsonl': dropped }))).failures.map(({ reason }) => reason),
    ).toContain('it holds an event that is not there');
  } finally {
    await core.close();
    await engine.close();
  }
}, 120_000);

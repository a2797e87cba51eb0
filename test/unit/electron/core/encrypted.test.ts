// Encrypted sessions through the core, over every vector: what opens gives what the vendor's tools give, what was altered keeps
// its place and ends nothing else, and what has no key still lists, tells its sizes and times, and is handed out as stored.

import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openVault } from '../../../../electron/vault/vault.ts';
import type { Output } from '../../../../shared/api/contract.ts';
import type { ExportRequest, TextLogOptions } from '../../../../shared/api/shapes.ts';
import type { JsonObject } from '../../../../shared/recording/json-text.ts';
import type { VectorCase } from '../../../engine/vectors.ts';
import { plainRows } from '../replay/truths.ts';
import { openTestCore, PASSPHRASE, settled, type TestCore } from '../../../support/core.ts';
import {
  addDocuments,
  documentsOf,
  exportOf,
  machineOf,
  NO_KEYS,
  vectorCase,
  vectorCases,
  wholeMachine,
  writeMachine,
} from '../../../support/rstream-machine.ts';

const encrypted = vectorCases.filter(
  ({ session, identity }) => session['encryption_mode'] === 'e2e' && (identity ?? null) !== null,
);
const whole = encrypted.filter(({ expected }) => (expected.failure ?? null) === null);
const altered = encrypted.filter(({ expected }) => expected.failure?.stage === 'event');
const lockedCases = vectorCases.filter(({ local_state: state }) => state !== undefined);
/** The identity file of these two is not that of the device that they name, which a whole machine has. */
const OTHER_IDENTITY = ['x25519-identity-other-suite', 'x25519-identity-wrong-private-key'];
const badGrants = encrypted.filter(
  ({ case: name, expected }) => expected.failure?.stage === 'key' && !OTHER_IDENTITY.includes(name),
);

const folder = mkdtempSync(join(tmpdir(), 'exhibit-test-'));
const library = join(folder, 'library');
const home = `${library}-home`;
const ids = new Map<string, string>();
let core: TestCore;

const idOf = ({ case: name }: VectorCase): string => ids.get(name)!;
const show = (one: VectorCase): Promise<Output<'sessions.show'>> => core.api.call('sessions.show', { id: idOf(one) });

async function libraryKey(): Promise<Buffer> {
  const vault = openVault(library);
  await vault.unlock(PASSPHRASE);
  return vault.libraryKeys()[0]!;
}

beforeAll(async () => {
  core = await openTestCore(library);
  const key = await libraryKey();
  const cases = [...whole, ...altered, ...badGrants, ...lockedCases];
  const paths = cases.map((one) => {
    const path = join(folder, `${one.case}.json`);
    writeFileSync(path, exportOf(one));
    return path;
  });
  for (const [i, { path, sessionIds }] of (await core.import(paths)).entries()) {
    const one = cases[i]!;
    expect(path).toBe(paths[i]);
    ids.set(one.case, sessionIds[0]!);
    addDocuments(library, key, sessionIds[0]!, documentsOf(one));
  }
  writeMachine(home, wholeMachine());
  for (const one of [...whole, ...altered]) await show(one);
  await settled(core.api);
}, 300_000);

afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

async function exported(request: ExportRequest): Promise<{ readonly text: string; readonly warnings: readonly string[] }> {
  const { ticket, warnings } = await core.api.call('export.open', request);
  const pieces: Uint8Array[] = [];
  for (;;) {
    const { bytes } = await core.api.call('export.read', { ticket });
    if (bytes === null) return { text: Buffer.concat(pieces).toString('utf8'), warnings };
    pieces.push(bytes);
  }
}

interface ExportDocument {
  readonly session: JsonObject;
  readonly events: readonly (JsonObject & { readonly seq: string })[];
  readonly warnings?: readonly string[];
}

async function jsonOf(one: VectorCase): Promise<ExportDocument> {
  return JSON.parse((await exported({ id: idOf(one), format: 'json' })).text) as ExportDocument;
}

const PLAINTEXT = 'payload_plaintext';

const digests = ({ events }: ExportDocument): Record<string, string> =>
  Object.fromEntries(
    events
      .filter((event) => PLAINTEXT in event)
      .map((event) => [
        event.seq,
        createHash('sha256')
          .update(Buffer.from(event[PLAINTEXT] as string, 'base64'))
          .digest('hex'),
      ]),
  );

const withoutPlaintext = (event: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(event).filter(([name]) => name !== PLAINTEXT));

describe('a session that a key of this machine opens', () => {
  it.each(whole)('gives the right plaintext beside what was stored: $case', async (one) => {
    const document = await jsonOf(one);
    expect(digests(document)).toEqual(one.expected.plaintext_sha256);
    expect(document.session).toEqual(one.session);
    expect(document.events.map(withoutPlaintext)).toEqual(one.events);
    expect(document.warnings).toBeUndefined();
  });

  it.each(whole)('is said to be opened, and with what: $case', async (one) => {
    const { lock, openedWith, proof, index } = await show(one);
    expect(lock.state).toBe('open');
    expect(index).toBe('done');
    const query = one.decrypt_material_query!;
    expect(openedWith).toMatchObject({ recipientKind: query.recipient_kind, recipientId: query.recipient_id });
    expect(proof[0]).toMatchObject({ property: 'content', verdict: 'proven' });
    const repeats = one.case.endsWith('undetected-duplicate');
    expect(proof[2]).toMatchObject({ property: 'uniqueness', verdict: repeats ? 'failed' : 'proven' });
  });
});

it('hands out the session object as its source told it last', async () => {
  const one = { ...vectorCase('e2e-plain-log'), case: 'told-later' };
  const path = join(folder, 'told-later.json');
  writeFileSync(path, exportOf(one));
  const [result] = await core.import([path]);
  ids.set(one.case, result!.sessionIds[0]!);
  const later = { ...one.session, status: 'closed', exit_code: 7 };
  addDocuments(library, await libraryKey(), idOf(one), [...documentsOf(one), ['session', later]]);
  expect((await jsonOf(one)).session).toEqual(later);
});

interface TextLog {
  readonly sha256: string;
}

const OPTION_SETS: Readonly<Record<string, Partial<TextLogOptions>>> = {
  default: {},
  active_alternate_screen_off: { activeAlternateScreen: false },
  resize_markers: { includeResizeMarkers: true },
  mode_markers_off: { terminalModeMarkers: false },
  stderr_off: { includeStderr: false },
  no_markers_no_alternate: { terminalModeMarkers: false, activeAlternateScreen: false },
};

interface Expected {
  readonly plain_log?: boolean;
  readonly text_logs: Readonly<Record<string, TextLog>>;
}

describe('the text of a session that was opened', () => {
  const logs = whole.flatMap((one) => {
    const { plain_log: plain, text_logs: texts } = one.expected as unknown as Expected;
    if (plain !== true) return [];
    return Object.keys(OPTION_SETS)
      .filter((name) => name in texts)
      .map((name) => ({ one, name, log: texts[name]!, case: one.case }));
  });

  it('is compared for plain logs of several sessions', () => {
    expect(logs.length).toBeGreaterThan(20);
  });

  it.each(logs)('has the bytes of the vendor with $name: $case', async ({ one, name, log }) => {
    const { text } = await exported({ id: idOf(one), format: 'text', text: OPTION_SETS[name]! });
    expect(createHash('sha256').update(text).digest('hex')).toBe(log.sha256);
  });
});

interface Reference {
  readonly terminal_reference?: { readonly main: { readonly text?: string } };
}

describe('the lines of a session that was opened', () => {
  const references = whole.flatMap((one) => {
    const main = (one.expected as unknown as Reference).terminal_reference?.main.text;
    // The reference drops a screen that is erased as a whole; here, as in tmux, it moves into the scrollback.
    return main === undefined || one.case === 'e2e-p256-device' ? [] : [{ one, main, case: one.case }];
  });

  it.each(references)('are those that a terminal keeps: $case', async ({ one, main }) => {
    const { text } = await exported({ id: idOf(one), format: 'text', text: OPTION_SETS['no_markers_no_alternate']! });
    expect(plainRows(text.split('\n'))).toEqual(plainRows(main.split('\n')));
  });
});

describe('a session of which one event was altered', () => {
  it.each(altered)('keeps that event in stored form and opens all others: $case', async (one) => {
    const { kind, seq } = one.expected.failure!;
    const document = await jsonOf(one);
    expect(digests(document)).toEqual(one.expected.plaintext_sha256);
    expect(document.events.map(withoutPlaintext)).toEqual(one.events);

    const { discrepancyList, discrepancies, lock, proof } = await show(one);
    expect(lock.state).toBe('open');
    expect(discrepancies).toBeGreaterThan(0);
    expect(discrepancyList.map(({ place }) => place.seq)).toContain(seq);
    // What is no form of rstream at all was found when the event was read; a key was never tried on it.
    if (kind === 'invalid_encoding' || kind === 'unsupported_stream') return;
    expect(document.warnings).toEqual([expect.stringMatching(new RegExp(`^event ${seq!} .*: ${kind}$`))]);
    expect(discrepancyList).toContainEqual({
      kind: 'not-decrypted',
      message: expect.stringContaining(kind) as string,
      place: { seq },
    });
    expect(proof[0]).toMatchObject({ verdict: 'failed', reason: expect.stringContaining('1 payload did not open') as string });
    const { events } = await core.api.call('sessions.events', { id: idOf(one) });
    expect(events.filter((event) => event.kind === 'sealed')).toMatchObject([{ seq, text: kind, data: null }]);
    const timeline = await core.api.call('replay.timeline', { id: idOf(one) });
    const unopened = discrepancyList.find(({ kind: name }) => name === 'not-decrypted');
    expect(timeline.discrepancies).toContainEqual({ ...unopened, atUs: events.find((event) => event.seq === seq)!.atUs });
  });

  it('ends no text log and no recording: the event is counted where it stands', async () => {
    const id = idOf(vectorCase('x25519-ciphertext-bit'));
    const log = await exported({ id, format: 'text' });
    expect(log.text).toContain('[exhibit] 1 event could not be opened\n');
    expect(log.warnings).toEqual(['1 event is encrypted and could not be opened']);
    const cast = await exported({ id, format: 'asciicast-v2' });
    expect(cast.warnings).toContain('1 event could not be opened and left out');
    expect(cast.text.split('\n').length).toBeGreaterThan(5);
  });
});

describe('a grant that was altered or revoked', () => {
  it.each(badGrants)('is the reason of the lock, by its name: $case', async (one) => {
    expect((await show(one)).lock).toMatchObject({ state: 'locked', code: one.expected.failure!.kind });
  });
});

const refusedForms: readonly ExportRequest['format'][] = ['text', 'asciicast-v2', 'asciicast-v3'];

describe('a session that no key of this machine opens', () => {
  it.each(lockedCases)('says which of the situations it is, and what to do: $case', async (one) => {
    writeMachine(home, machineOf(one));
    const { lock, openedWith } = await show(one);
    expect(lock).toMatchObject({ state: 'locked', code: one.expected.failure!.kind });
    expect(lock.reason).not.toBe('');
    expect(lock.todo).not.toBe('');
    expect(openedWith).toBeNull();
    const { sessions } = await core.api.call('sessions.list', { filter: {}, limit: 1000 });
    expect(sessions.find(({ id }) => id === idOf(one))!.lock).toEqual(lock);

    const words: unknown = expect.objectContaining({ why: lock.reason, todo: lock.todo });
    for (const format of refusedForms) await expect(exported({ id: idOf(one), format })).rejects.toEqual(words);
    const at = { kind: 'end' } as const;
    await expect(core.api.call('sessions.screen', { id: idOf(one), at })).rejects.toEqual(words);
    await expect(core.api.call('sessions.still', { id: idOf(one), at, format: 'svg' })).rejects.toEqual(words);
  });

  it('still lists, tells its sizes and times, and is handed out as stored', async () => {
    writeMachine(home, NO_KEYS);
    const one = vectorCase('no-local-device');
    const { events, index, proof } = await show(one);
    expect(events).toBe(one.events.length);
    expect(index).toBe('locked');
    expect(proof[0]).toMatchObject({ verdict: 'not-proven' });
    expect(proof[2]).toMatchObject({ verdict: 'proven' });
    const rows = (await core.api.call('sessions.events', { id: idOf(one), data: true })).events;
    expect(rows.map(({ seq }) => seq)).toEqual(one.events.map(({ seq }) => seq));
    const sealed = rows.filter(({ kind }) => kind === 'sealed');
    expect(sealed.every(({ length, data, text }) => length > 0 && data === null && text === '')).toBe(true);
    const { durationUs } = await core.api.call('replay.timeline', { id: idOf(one) });
    const activity = await core.api.call('replay.activity', { id: idOf(one), fromUs: 0, toUs: durationUs, buckets: 4 });
    expect(activity.output.reduce((sum, n) => sum + n)).toBe(
      sealed.filter(({ stream }) => stream !== 'stdin').reduce((sum, { length }) => sum + length, 0),
    );
    const document = await jsonOf(one);
    expect(document.events).toEqual(one.events);
    expect(document.warnings).toEqual([
      expect.stringMatching(/^\d+ events in stored form: .*no device on this machine is trusted/),
    ]);
    // The page gets times and sizes, and no ciphertext.
    const { runs } = await core.api.call('replay.events', { id: idOf(one), from: 0, maxBytes: 1_000_000 });
    const ciphertexts = one.events.flatMap((event) =>
      typeof event['payload_ciphertext'] === 'string' ? [event['payload_ciphertext']] : [],
    );
    const played = Buffer.concat(runs.map(({ bytes }) => bytes)).toString('latin1');
    for (const text of ciphertexts) expect(played).not.toContain(Buffer.from(text, 'base64').toString('latin1'));
  });

  it('is locked for want of grants when it came as a file alone', async () => {
    const path = join(folder, 'alone.json');
    const one = { ...vectorCase('e2e-plain-log'), case: 'alone' };
    writeFileSync(path, exportOf({ ...one, session: { ...one.session, id: 'alone' } }));
    const [result] = await core.import([path]);
    const { lock } = await core.api.call('sessions.show', { id: result!.sessionIds[0]! });
    expect(lock).toMatchObject({ state: 'locked', code: 'no_grants_here' });
  });
});

describe('an export of a session of which one event was altered', () => {
  it('is read again as what it is: all of it open but that event', async () => {
    const one = vectorCase('x25519-ciphertext-bit');
    const path = join(folder, 'again.json');
    writeFileSync(path, (await exported({ id: idOf(one), format: 'json' })).text);
    const [result] = await core.import([path]);
    expect(result!.failure).toBeNull();
    const id = result!.sessionIds[0]!;
    const { lock, index, proof } = await core.api.call('sessions.show', { id });
    expect(lock).toMatchObject({ state: 'locked', code: 'no_grants_here' });
    expect(index).toBe('done');
    expect(proof[0]!.verdict).toBe('not-proven');
    const { text, warnings } = await exported({ id, format: 'text' });
    expect(text).toBe((await exported({ id: idOf(one), format: 'text' })).text);
    expect(warnings).toEqual(['1 event is encrypted and could not be opened']);
  });
});

const opens = async (id: string): Promise<string[]> =>
  (await core.api.call('custody.list', { subject: id, action: 'open' })).entries.map(({ details }) => details);

describe('the custody log', () => {
  it('has one entry for the first decryption of a session since unlock, without any key', async () => {
    writeMachine(home, wholeMachine());
    const one = vectorCase('e2e-p256-device');
    const before = await opens(idOf(one));
    expect(before).toHaveLength(1);
    await jsonOf(one);
    expect(await opens(idOf(one))).toHaveLength(1);
    await core.api.call('vault.lock', null);
    await core.api.call('vault.unlock', { passphrase: PASSPHRASE });
    await show(one);
    expect(await opens(idOf(one))).toHaveLength(1);
    await jsonOf(one);
    expect(await opens(idOf(one))).toHaveLength(2);
    expect(JSON.parse(before[0]!)).toEqual({
      suite: 'p256',
      recipient_kind: 'workspace_device',
      recipient_id: one.decrypt_material_query!.recipient_id,
      grant: one.decrypt_material[0]!['id'],
    });
  });
});

describe('search', () => {
  it('finds decrypted text, and names the sessions that it could not look into', async () => {
    const { text } = await exported({ id: idOf(vectorCase('e2e-plain-log')), format: 'text' });
    const query = text
      .split('\n')
      .map((line) => line.trim())
      .find((line) => /^[\x21-\x7e][\x20-\x7e]{11,60}$/.test(line))!;
    const answer = await core.api.call('search.run', { query });
    expect(answer.sessions.map(({ id }) => id)).toContain(idOf(vectorCase('e2e-plain-log')));
    expect(answer.notSearched.map(({ id }) => id)).toContain(idOf(vectorCase('no-local-device')));
  });
});

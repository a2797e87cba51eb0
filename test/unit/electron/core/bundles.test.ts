import { spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openBundleFile, refuseWithheld, writeAnnotationFile } from '../../../../electron/export/export.ts';
import type { Annotation } from '../../../../shared/api/case-shapes.ts';
import type { AnnotationPayload, BundleMade, BundleOpened } from '../../../../shared/api/bundle-shapes.ts';
import { timeStampRequest } from '../../../../shared/evidence/rfc3161.ts';
import { annotate, CAST, finish, FIXTURES, scene, unpacked } from '../../../support/bundle-scene.ts';
import { openTestCore, settled } from '../../../support/core.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { timeAuthority } from '../../../support/time-authority.ts';

const TEXT = 'shop-1';

test('a record of tens of megabytes is in a bundle in several lines, and verifies', async () => {
  const long = join(temporaryFolder(), 'long.cast');
  writeFileSync(long, `{"version": 2, "width": 80, "height": 24}\n[1,"o","${'x'.repeat(20 * 1024 ** 2)}"]\n[2,"o","b"]\n`);
  const { core, make, path, sessions } = await scene([long]);
  expect((await make('long.zip')).verdict).toBe('TRUSTED');
  const records = (await unpacked(path('long.zip'))).get(`data/recordings/${sessions[0]!}/records.jsonl`)!;
  const lines = records.toString().trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { index: number }).index)).toEqual([0, ...lines.slice(2).map(() => 1), 2]);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(1.1 * 1024 ** 2);
  await core.close();
});

test('the same case, request and moment give the same bytes, whatever else happens in the library, by path and by ticket', async () => {
  const { api, core, make, path, sessions, case: id } = await scene();
  await annotate(api, sessions[0]!, id, 'root shell');
  const first = await make('first.zip');
  expect(first.verdict).toBe('TRUSTED');
  await api.call('search.run', { query: 'root' });
  await core.import([join(FIXTURES, 'resize.cast')]);
  const second = await make('second.zip');
  expect(second.sha256).toBe(first.sha256);
  expect(readFileSync(path('second.zip')).equals(readFileSync(path('first.zip')))).toBe(true);

  const { job } = await api.call('bundle.make', {
    case: id,
    plaintext: true,
    redacted: false,
    intent: 'for the court',
    signer: 'Ana Lyst',
    signedAt: '2026-11-21T11:00:00+01:00',
    supersedes: null,
  });
  await finish(api, job);
  const { ticket } = await api.call('bundle.made', { job });
  const pieces: Uint8Array[] = [];
  for (;;) {
    const { bytes } = await api.call('export.read', { ticket: ticket! });
    if (bytes === null) break;
    pieces.push(bytes);
  }
  expect(Buffer.concat(pieces).equals(readFileSync(path('first.zip')))).toBe(true);

  const { entries } = await api.call('custody.list', { subject: id, action: 'export' });
  expect(JSON.parse(entries[0]!.details)).toMatchObject({ bundle: { sha256: first.sha256 }, recordings: first.recordings });
  await annotate(api, sessions[0]!, id, 'one more');
  expect((await make('third.zip')).sha256).not.toBe(first.sha256);
  await core.close();
});

test('coreutils, ssh-keygen and asciinema accept a bundle', async (context) => {
  const { core, make, path, folder } = await scene();
  await make('made.zip');
  const run = (tool: string, words: readonly string[], cwd: string, input?: Buffer): void => {
    const { error, status, stdout, stderr } = spawnSync(tool, words, {
      cwd,
      encoding: 'utf8',
      ...(input === undefined ? {} : { input }),
    });
    if (error === undefined) expect(`${tool}: ${String(status)} ${status === 0 ? '' : stdout + stderr}`).toBe(`${tool}: 0 `);
    else void context.annotate(`${tool} is not here: not checked with it`);
  };
  const bag = join(folder, 'exhibit-2026-114');
  if (spawnSync('unzip', ['-q', path('made.zip'), '-d', folder]).error !== undefined) {
    context.skip('unzip is not here');
    return;
  }
  for (const name of ['sha256', 'sha512'])
    run(`${name}sum`, ['-c', '--strict', '--quiet', `manifest-${name}.txt`, `tagmanifest-${name}.txt`], bag);
  const statement = readFileSync(join(bag, 'signatures/01-producer.json'));
  const verify = ['-Y', 'verify', '-f', 'signatures/allowed_signers', '-I', 'Ana_Lyst', '-n', 'exhibit-statement'];
  run('ssh-keygen', [...verify, '-s', 'signatures/01-producer.json.sig'], bag, statement);
  for (const id of readdirSync(join(bag, 'data/recordings'))) {
    // asciinema wants a terminal.
    run('script', ['-qec', `asciinema cat data/recordings/${id}/playback.cast`, '/dev/null'], bag);
  }
  await core.close();
});

test('without plaintext a bundle has the leaves of what came in clear, and none of its text', async () => {
  const { core, make, path } = await scene();
  const whole = await make('whole.zip');
  const sealed = await make('sealed.zip', { plaintext: false });
  expect(sealed.recordings.map(({ root }) => root)).toEqual(whole.recordings.map(({ root }) => root));
  expect(sealed.recordings.every(({ records, withheld }) => records === withheld)).toBe(true);
  const names = [...(await unpacked(path('sealed.zip'))).keys()];
  expect(names.filter((name) => /original|decrypted|playback|transcript|frames|report\.html/.test(name))).toEqual([]);
  expect(readFileSync(path('whole.zip')).includes(TEXT)).toBe(true);
  expect(readFileSync(path('sealed.zip')).includes(TEXT)).toBe(false);
  await core.close();
});

test('a redacted bundle verifies to the same roots, and neither the text nor a digest that would prove a guess is in it', async () => {
  const { api, core, case: id, make, path, sessions } = await scene();
  await expect(make('early.zip', { redacted: true })).rejects.toThrow('the case has no redaction');
  await annotate(api, sessions[0]!, id, `the host ${TEXT}`);
  const whole = await make('whole.zip');
  await api.call('redactions.add', { case: id, rule: { kind: 'text', text: TEXT, matchCase: false }, reason: 'a customer' });
  const redacted = await make('redacted.zip', { redacted: true });
  expect(redacted.verdict).toBe('TRUSTED');
  expect(redacted.recordings.map(({ root }) => root)).toEqual(whole.recordings.map(({ root }) => root));
  const at = redacted.recordings.findIndex(({ withheld }) => withheld > 0);
  const [hidden, own] = [redacted.recordings[at]!, whole.recordings[at]!];
  const files = await unpacked(path('redacted.zip'));
  const inWhole = await unpacked(path('whole.zip'));
  for (const [name, content] of files)
    expect([name, content.toString('latin1').toLowerCase().includes(TEXT)]).toEqual([name, false]);

  // The id and the digests of the parts follow from the recorded bytes.
  const parts = JSON.parse(inWhole.get(`data/recordings/${own.id}/acquisition.json`)!.toString()) as {
    parts: { sha256: string }[];
  };
  for (const digest of [own.id, ...parts.parts.map(({ sha256 }) => sha256)])
    for (const [name, content] of files) expect([name, content.includes(digest)]).toEqual([name, false]);
  expect(files.has(`data/recordings/${hidden.id}/redactions.json`)).toBe(true);
  expect([...files.keys()].some((name) => name.startsWith(`data/recordings/${hidden.id}/original`))).toBe(false);
  expect(redacted.warnings.join()).toContain('masked');

  // One withheld record shown later: its line of the whole bundle gives the leaf that the redacted one has.
  const lines = (of: Map<string, Buffer>, id: string): Record<string, string>[] =>
    of
      .get(`data/recordings/${id}/records.jsonl`)!
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>);
  const shown = lines(inWhole, own.id);
  const withheld = lines(files, hidden.id).filter(({ leaf }) => leaf !== undefined);
  expect(withheld).toHaveLength(hidden.withheld);
  for (const { index, leaf, why } of withheld) {
    const { salt, utf8, base64 } = shown[Number(index)]!;
    const bytes = utf8 === undefined ? Buffer.from(base64!, 'base64') : Buffer.from(utf8);
    const made = createHash('sha256')
      .update(Buffer.from([0]))
      .update(Buffer.from(salt!, 'hex'))
      .update(bytes)
      .digest('hex');
    expect([made, why]).toEqual([leaf, 'R-0001']);
  }
  expect((await make('again.zip', { redacted: true })).sha256).toBe(redacted.sha256);
  await core.close();
});

test('a redaction of a word that the form of the bundle needs is refused, with the file that needs it', async () => {
  const { api, make, case: id } = await scene([CAST]);
  await api.call('redactions.add', { case: id, rule: { kind: 'text', text: 'reason', matchCase: true }, reason: 'a trial' });
  await expect(make('needed.zip', { redacted: true })).rejects.toThrow('would stand in data/case.json');
});

test('a signer whose name holds a withheld text is refused, and named as the cause', async () => {
  const { api, core, make, case: id } = await scene([CAST]);
  await api.call('redactions.add', { case: id, rule: { kind: 'text', text: 'Lyst', matchCase: true }, reason: 'a trial' });
  const failure = await make('named.zip', { redacted: true }).catch((error: unknown) => (error as Error).message);
  expect(failure).toContain('would stand in the name of the signer');
  expect(failure).not.toContain('Lyst');
  await core.close();
});

test.each(['Kv9**Plum**bago', 'Kv9`Plum`bago', '> Kv9*P*lumbago', '- a\n- *Kv9~~Plu~~mb*&#97;go'])(
  'a note in which a withheld text is read once its marks are drawn is refused, with its place: %s',
  async (text) => {
    const { api, core, make, case: id } = await scene([CAST]);
    const rule = { kind: 'text', text: 'Kv9Plumbago', matchCase: false } as const;
    await api.call('redactions.add', { case: id, rule, reason: 'a trial' });
    await api.call('cases.note', { case: id, text: 'A **bold** word and Kv9Plumbago, which is masked' });
    expect((await make('masked.zip', { redacted: true })).verdict).toBe('TRUSTED');
    await api.call('cases.note', { case: id, text });
    const failure = await make('read.zip', { redacted: true }).catch((error: unknown) => (error as Error).message);
    expect(failure).toContain('would stand in note 2 of the case, as it is read without its marks');
    expect(failure).not.toMatch(/plumbago/i);
    await core.close();
  },
);

test('a bundle in which a withheld text stands all the same is found by a last look, which does not repeat the text', async () => {
  const { core, make, path } = await scene([CAST]);
  await make('made.zip');
  const file = openBundleFile(path('made.zip'));
  const { signal } = new AbortController();
  const failure = await refuseWithheld(file, ['evidence desk'], signal).catch((error: unknown) => (error as Error).message);
  expect(failure).toMatch(/a text that a redaction withholds would stand in \S+ \(\w+, byte \d+\)/);
  expect(failure).not.toContain('evidence desk');
  await refuseWithheld(file, ['nowhere in the bundle at all'], signal);
  // Digits that stand in digests of the bundle alone, wherever these are shown.
  const text = [...(await unpacked(path('made.zip'))).values()].map(String).join('\n');
  const digests = ['root', 'sha256', 'salt'].map((name) => new RegExp(`"${name}": ?"([0-9a-f]+)"`).exec(text)![1]!);
  const digits = digests.map((digest) => digest.slice(14, 28));
  await refuseWithheld(file, digits, signal);
  await expect(refuseWithheld(file, digests, signal)).rejects.toThrow('would stand in');
  file.close();
  await core.close();
});

test('what a redaction leaves of a long recording is read in turns with other work, and can be cancelled', async () => {
  const long = join(temporaryFolder(), 'long.cast');
  const lines = Array.from({ length: 4000 }, (_, i) => JSON.stringify([i / 10, 'o', `${String(i)} Gorilla88\r\n`]));
  writeFileSync(long, ['{"version": 2, "width": 80, "height": 24}', ...lines].join('\n'));
  const { api, core, case: id, sessions, path } = await scene([long]);
  const rule = { kind: 'text', text: 'Gorilla88', matchCase: true } as const;
  await api.call('redactions.add', { case: id, rule, reason: 'a third party' });
  const { job } = await api.call('bundle.create', {
    case: id,
    path: path('turns.zip'),
    plaintext: true,
    redacted: true,
    intent: '',
    signer: 'Ana Lyst',
    signedAt: '2026-11-21T10:00:00Z',
    supersedes: null,
  });
  let turns = 0;
  for (let detail = ''; turns < 3 && !detail.startsWith('data/'); await setImmediate()) {
    const running = (await api.call('jobs.list', null)).find((one) => one.id === job)!;
    expect(running.state).toBe('running');
    detail = running.detail;
    if (detail === `commands of ${sessions[0]!}`) turns += 1;
  }
  expect(turns).toBe(3);
  expect((await api.call('jobs.cancel', { job })).state).toBe('cancelled');
  expect(existsSync(path('turns.zip'))).toBe(false);
  await core.close();
});

test('a cancelled or failed bundle leaves nothing, and one that is there is not overwritten', async () => {
  // So much that its bundle is still being written when the first progress is told.
  const long = join(temporaryFolder(), 'long.cast');
  const lines = Array.from({ length: 20_000 }, (_, i) => JSON.stringify([i / 10, 'o', `${String(i)} ${'x'.repeat(60)}\r\n`]));
  writeFileSync(long, ['{"version": 2, "width": 80, "height": 24}', ...lines].join('\n'));
  const { api, core, case: id, folder, make, path } = await scene([long]);
  const before = readdirSync(folder);
  const { job } = await api.call('bundle.create', {
    case: id,
    path: path('cancelled.zip'),
    plaintext: true,
    redacted: false,
    intent: '',
    signer: 'Ana Lyst',
    signedAt: '2026-11-21T10:00:00Z',
    supersedes: null,
  });
  await new Promise<void>((resolve) => {
    const stop = api.on('job', ({ id: running, done }) => {
      if (running !== job || done === 0) return;
      stop();
      resolve();
    });
  });
  expect(readdirSync(folder).length).toBeGreaterThan(before.length);
  expect((await api.call('jobs.cancel', { job })).state).toBe('cancelled');
  expect(readdirSync(folder)).toEqual(before);
  writeFileSync(path('mine.zip'), 'mine');
  await expect(make('mine.zip')).rejects.toThrow('there is such a file already');
  expect(readFileSync(path('mine.zip'), 'utf8')).toBe('mine');
  expect((await api.call('custody.list', { subject: id, action: 'export' })).total).toBe(0);
  await core.close();
});

test('a second person signs, a bundle is opened elsewhere, and comments come back without touching what is there', async () => {
  const producer = await scene();
  const { api, core, case: id, make, path, sessions } = producer;
  const finding = await annotate(api, sessions[0]!, id, 'root shell');
  const made = await make('made.zip');
  const reviewer = await openTestCore(path('reviewer'));
  const signed = { role: 'reviewer' as const, intent: 'checked', signer: 'R. Osei', signedAt: '2026-11-22T10:00:00Z' };
  const countersigning = await reviewer.api.call('bundle.countersign', {
    path: path('made.zip'),
    out: path('signed.zip'),
    ...signed,
  });
  await finish(reviewer.api, countersigning.job);
  const before = await unpacked(path('made.zip'));
  const after = await unpacked(path('signed.zip'));
  const changed = [...after].filter(([name, content]) => before.get(name)?.equals(content) !== true).map(([name]) => name);
  expect(changed).toEqual(['signatures/02-reviewer.json', 'signatures/02-reviewer.json.sig', 'signatures/allowed_signers']);

  const opening = await reviewer.api.call('bundle.open', { path: path('signed.zip') });
  await finish(reviewer.api, opening.job);
  await settled(reviewer.api);
  const opened: BundleOpened = await reviewer.api.call('bundle.opened', { job: opening.job });
  expect(opened.recordings.map(({ from }) => from)).toEqual(['original', 'original']);
  const there = await reviewer.api.call('cases.show', { case: opened.case });
  expect(there.openedFrom).toMatchObject({ bundle: made.statement.sha256, signer: 'Ana Lyst' });
  await expect(reviewer.api.call('cases.addExhibits', { case: opened.case, sessions: [...sessions] })).rejects.toThrow(
    'opened from a bundle',
  );

  const session = opened.recordings[0]!.session!;
  const comment = await annotate(reviewer.api, session, opened.case, 'not by the owner', 2_000_000);
  const written = async (): Promise<string> => {
    const exported = await reviewer.api.call('annotations.export', {
      case: opened.case,
      signer: 'R. Osei',
      signedAt: signed.signedAt,
    });
    expect(exported.annotations).toBe(1);
    return Buffer.from((await reviewer.api.call('export.read', { ticket: exported.ticket })).bytes!).toString();
  };
  const text = await written();
  const merged = await api.call('annotations.merge', { text });
  expect(merged).toMatchObject({ case: id, signer: 'R. Osei', added: [comment], known: [], conflicts: [], refused: [] });
  const here = await api.call('annotations.list', { case: id });
  expect(here.annotations.find((one) => one.id === comment)).toMatchObject({ from: merged.fingerprint, anchor: { session } });
  expect(here.annotations.find((one) => one.id === finding)).toMatchObject({ from: null, title: 'root shell' });
  expect(await api.call('annotations.merge', { text })).toMatchObject({ added: [], known: [comment] });

  // Versions that the same person adds follow those that are here; what another key says of the same id does not.
  await reviewer.api.call('annotations.change', { id: comment, change: { title: 'perhaps by the owner' }, reason: 'asked' });
  const later = await written();
  // A case that is named is the one that the file goes into, and no other one is changed.
  const other = await api.call('cases.create', { number: '2026-200', title: 'another matter' });
  await api.call('cases.addExhibits', { case: other.id, sessions: [...sessions] });
  const { number } = await api.call('cases.show', { case: id });
  expect(await api.call('annotations.merge', { text: later, case: other.id })).toMatchObject({
    case: other.id,
    added: [],
    known: [],
    conflicts: [],
    refused: [{ id: comment, reason: `it stands in case ${number} already, and an annotation is of one case` }],
  });
  expect((await api.call('annotations.list', { case: other.id })).annotations).toEqual([]);
  await expect(api.call('annotations.merge', { text: later, case: 'no such case' })).rejects.toThrow('no such case');
  expect(await api.call('annotations.merge', { text: later })).toMatchObject({ added: [comment], conflicts: [] });
  // The earlier file says nothing that is not here.
  expect(await api.call('annotations.merge', { text })).toMatchObject({ added: [], known: [comment], conflicts: [] });
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const somebody = {
    name: 'Somebody',
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32),
    sign: (message: Uint8Array) => sign(null, message, privateKey),
  };
  const payload = JSON.parse((JSON.parse(text) as { payload: string }).payload) as AnnotationPayload;
  const [given] = payload.annotations;
  const altered = { ...given!, versions: [{ ...given!.versions[0]!, title: 'by the owner' }] };
  const behind = { ...given!, id: 'elsewhere', anchor: { ...given!.anchor, session: 'nothing-here', root: '0'.repeat(64) } };
  // Nobody saw this text; this region is not on any screen; the first version of this one was left out.
  const quoted = (kept: string, name: string): Annotation => ({
    ...given!,
    id: name,
    anchor: { ...given!.anchor, kind: 'text', text: kept },
  });
  const forged = quoted('rm -rf /var/evidence', 'forged');
  const beyond = {
    ...given!,
    id: 'beyond',
    anchor: { ...given!.anchor, kind: 'region', region: { row: 0, col: 0, rows: 9999, cols: 9999 } },
  } as const;
  const second = { ...given!, id: 'second', versions: [{ ...given!.versions[0]!, version: 2 }] };
  const annotations = [altered, behind, forged, beyond, second];
  const theirs = writeAnnotationFile({ ...payload, annotations }, somebody);
  const conflicting = await api.call('annotations.merge', { text: theirs });
  expect(conflicting).toMatchObject({ signer: 'Somebody', added: [], known: [], conflicts: [{ id: comment }] });
  expect(conflicting.refused).toEqual([
    { id: 'elsewhere', reason: 'its recording does not stand in this case' },
    { id: 'forged', reason: 'the text is not on the screen then' },
    { id: 'beyond', reason: expect.stringContaining('the region goes beyond') as string },
    { id: 'second', reason: 'its earlier versions did not come with it' },
  ]);
  // What was quoted from a redacted copy has blocks where something is withheld.
  const screen = await api.call('sessions.screen', { id: sessions[0]!, at: { kind: 'offset', atUs: given!.anchor.fromUs } });
  const line = screen.screen.find((row) => row.length > 4)!;
  const partly = writeAnnotationFile(
    { ...payload, annotations: [quoted(`${line.slice(0, 2)}\u2588\u2588${line.slice(4)}`, 'partly')] },
    somebody,
  );
  expect(await api.call('annotations.merge', { text: partly })).toMatchObject({ added: ['partly'], refused: [] });
  const kept = (await api.call('annotations.list', { case: id })).annotations.find((one) => one.id === comment)!;
  expect([kept.title, kept.versions.length, kept.from]).toEqual(['perhaps by the owner', 2, merged.fingerprint]);
  await expect(api.call('annotations.merge', { text: text.replace('not by the owner', 'by the owner') })).rejects.toThrow(
    'does not hold',
  );
  await reviewer.close();
  await core.close();
});

test('a time stamp of an authority is taken in, one for another signature is not', async (context) => {
  const authority = timeAuthority(temporaryFolder());
  if (authority === null) {
    context.skip('openssl is not here');
    return;
  }
  const { api, core, make, path } = await scene([CAST]);
  await make('made.zip');
  const { request } = await api.call('bundle.timeRequest', { path: path('made.zip'), statement: null });
  const join1 = async (response: Uint8Array): Promise<BundleMade> => {
    const { job } = await api.call('bundle.timestamp', { path: path('made.zip'), out: null, response });
    await finish(api, job);
    return api.call('bundle.made', { job });
  };
  const other = timeStampRequest(Buffer.from('another signature'), (bytes) => createHash('sha256').update(bytes).digest());
  const untouched = readFileSync(path('made.zip'));
  await expect(join1(authority.answer(other))).rejects.toThrow('refused: time stamp: it is a time stamp of something else');
  await expect(join1(request)).rejects.toThrow('refused: time stamp: it is no time stamp');
  expect(readFileSync(path('made.zip')).equals(untouched)).toBe(true);
  const answer = authority.answer(request);
  const { stampedAt, fileName } = await join1(answer);
  expect(fileName).toBe('made.zip');
  expect(Math.abs(Date.now() - Date.parse(stampedAt!))).toBeLessThan(600_000);
  const { entries } = await api.call('custody.list', { action: 'sign' });
  expect(JSON.parse(entries[0]!.details)).toMatchObject({ what: 'time stamp joined', time: stampedAt });
  const files = await unpacked(path('made.zip'));
  expect(files.get('signatures/01-producer.json.sig.tsq')!.equals(request)).toBe(true);
  authority.verify(answer, files.get('signatures/01-producer.json.sig')!);
  const stamped = readFileSync(path('made.zip'));
  await expect(join1(authority.answer(request))).rejects.toThrow('01-producer.json.sig has one already, which gives');
  expect(readFileSync(path('made.zip')).equals(stamped)).toBe(true);
  await core.close();
});

// A small evidence bundle made by hand, in the form of docs/bundle.md and by none of the maker's code but the form of the ZIP: what the
// verifier is tested against, whole and changed. Its files can be replaced before they are packed; digests and signatures then do not
// follow, unless it is asked for.

import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { TreeBuilder, leafHash, type Sha256 } from '../../shared/evidence/acquisition-tree.ts';
import { openZip } from '../../shared/evidence/bundle/open-zip.ts';
import { FIRST_PREV, custodyText, toHex, type CustodyEntry } from '../../shared/evidence/custody.ts';
import { recordBytes } from '../../shared/evidence/record.ts';
import { timeStampRequest } from '../../shared/evidence/rfc3161.ts';
import { STATEMENT_NAMESPACE, allowedSigners, fingerprint, publicKeyLine, signSsh } from '../../shared/evidence/sshsig.ts';
import { localHeader, zipEnd, type ZipEntry } from '../../shared/evidence/zip-layout.ts';

export type BundleFiles = Map<string, Buffer>;

export const sha256: Sha256 = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const sha512 = (bytes: Uint8Array): Buffer => createHash('sha512').update(bytes).digest();
const hex = (algorithm: 'sha256' | 'sha512', bytes: Uint8Array): string => createHash(algorithm).update(bytes).digest('hex');
export const json = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);

/** The Ed25519 key of a fixed seed. */
export function testKey(seed: number): KeyObject {
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, seed)]);
  return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
}

const rawKey = (key: KeyObject): Buffer => createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
export const fingerprintOf = (key: KeyObject): string => fingerprint(rawKey(key), sha256);

export interface TestRecord {
  readonly form: 'raw' | 'jcs';
  readonly ranges: readonly (readonly [number, number, number])[];
  readonly bytes: Uint8Array;
}

export interface TestRecording {
  readonly id: string;
  readonly original: Buffer;
  readonly records: readonly TestRecord[];
  /** Records that are not shown, and the number of the redaction. */
  readonly withheld: ReadonlyMap<number, string>;
}

/** A recording of JSON lines, each of which is a record in canonical form. */
export function linesRecording(id: string, lines: readonly string[], withheld: readonly number[] = []): TestRecording {
  const records: TestRecord[] = [];
  let at = 0;
  for (const line of lines) {
    const bytes = Buffer.from(line);
    records.push({ form: 'jcs', ranges: [[0, at, bytes.length]], bytes: recordBytes('jcs', bytes) });
    at += bytes.length + 1;
  }
  return {
    id,
    original: Buffer.from(lines.map((line) => `${line}\n`).join('')),
    records,
    withheld: new Map(withheld.map((record) => [record, 'R-0001'])),
  };
}

/** A recording of bytes that are no text, in records of several ranges each. Every third of them stands in several lines, as long ones do. */
export function rawRecording(id: string, bytes: number): TestRecording {
  const original = Buffer.concat(
    Array.from({ length: Math.ceil(bytes / 32) }, (_, i) => sha256(Buffer.from(`${id} ${String(i)}`))),
  );
  const records: TestRecord[] = [];
  for (let at = 0; at + 48 <= original.length; at += 48) {
    const pieces = [original.subarray(at, at + 16), original.subarray(at + 32, at + 48)];
    records.push({
      form: 'raw',
      ranges: [
        [0, at, 16],
        [0, at + 32, 16],
      ],
      bytes: Buffer.concat(pieces),
    });
  }
  return { id, original, records, withheld: new Map() };
}

function rootOf(recording: TestRecording): { readonly root: string; readonly lines: string } {
  const tree = new TreeBuilder(sha256);
  let lines = '';
  for (const [index, { form, ranges, bytes }] of recording.records.entries()) {
    const salt = sha256(Buffer.from(`salt ${recording.id} ${String(index)}`)).subarray(0, 16);
    const leaf = leafHash(sha256, salt, bytes);
    tree.add(leaf);
    const why = recording.withheld.get(index);
    const line = (piece: Uint8Array, of: TestRecord['ranges']): object => {
      const text = Buffer.from(piece).toString('utf8');
      const content = Buffer.from(text).equals(piece) ? { utf8: text } : { base64: Buffer.from(piece).toString('base64') };
      return { index, salt: toHex(salt), form, ...content, ranges: of };
    };
    const isLong = form === 'raw' && index % 3 === 0;
    const shown = isLong
      ? ranges.map((range) => line(recording.original.subarray(range[1], range[1] + range[2]), [range]))
      : [line(bytes, ranges)];
    const written =
      why === undefined
        ? shown.map((one, i) => (i < shown.length - 1 ? { ...one, more: true } : one))
        : [{ index, leaf: toHex(leaf), why }];
    lines += written.map((one) => `${JSON.stringify(one)}\n`).join('');
  }
  return { root: toHex(tree.root()), lines };
}

function recordingFiles(recording: TestRecording): [string, Buffer][] {
  const { id, original, records, withheld } = recording;
  const { root, lines } = rootOf(recording);
  const included = withheld.size === 0;
  const file = included ? 'original/0-session.cast' : null;
  const part = {
    part: 0,
    name: 'session.cast',
    role: 'original',
    size: original.length,
    sha256: hex('sha256', original),
    included,
    file,
  };
  const withheldReasons = [{ number: 'R-0001', what: 'text', reason: 'a password', author: 'Ada', at: '2026-11-20T10:00:00Z' }];
  const runs = Array.from(withheld, ([record, why]) => ({ first: record, last: record, why }));
  const files: [string, Buffer][] = [
    ['acquisition.json', json({ schema: 'exhibit-acquisition/1', id, records: records.length, root, parts: [part] })],
    ['proof.json', json({ schema: 'exhibit-proof/1', session: id, proof: [] })],
    ['records.jsonl', Buffer.from(lines)],
    ['tree.json', json({ schema: 'exhibit-tree/1', count: records.length, root, withheld: withheld.size })],
  ];
  if (included) files.push(['original/0-session.cast', original]);
  else
    files.push(['redactions.json', json({ schema: 'exhibit-redactions/1', root, redactions: withheldReasons, withheld: runs })]);
  return files.map(([name, content]) => [`data/recordings/${id}/${name}`, content]);
}

function custody(recordings: readonly TestRecording[]): { readonly text: string; readonly seq: number; readonly hash: string } {
  let prev = FIRST_PREV;
  let seq = 0;
  let text = '';
  const add = (entry: Pick<CustodyEntry, 'action' | 'subject' | 'details'>, isHidden = false): void => {
    seq += 1;
    const at = { wall: '2026-11-20T10:00:00.000Z', monotonic_ms: seq };
    const content = custodyText({ seq, at, actor: 'ada@desk', purpose: '', ...entry, prev });
    const hash = hex('sha256', Buffer.from(content));
    text += `${JSON.stringify(isHidden ? { seq, hash, why: 'another matter' } : { seq, hash, text: content })}\n`;
    prev = hash;
  };
  add({ action: 'unlock', subject: 'library', details: {} });
  for (const recording of recordings) {
    const details = { sessions: [{ id: recording.id, records: recording.records.length, root: rootOf(recording).root }] };
    add({ action: 'acquire', subject: recording.id, details });
    add({ action: 'open', subject: 'somebody-elses', details: {} }, true);
  }
  return { text, seq, hash: prev };
}

export interface BundleSpec {
  readonly number: string;
  readonly recordings: readonly TestRecording[];
}

const stated = (number: string) => ({ number, title: 'A test', authority: '', purpose: '', custodian: '' });

const redactionOf = (recordings: readonly TestRecording[]): string =>
  recordings.some(({ withheld }) => withheld.size > 0) ? 'redacted' : 'none';

const describedBundle = ({ number, recordings }: BundleSpec): object => ({
  schema: 'exhibit-bundle/1',
  case: number,
  plaintext: true,
  redaction: redactionOf(recordings),
  counts: {
    recordings: recordings.length,
    records: recordings.reduce((sum, { records }) => sum + records.length, 0),
    withheld: recordings.reduce((sum, { withheld }) => sum + withheld.size, 0),
  },
});

/** The payload and the tag files, without manifests. */
export function bundleContent({ number, recordings }: BundleSpec): BundleFiles {
  return new Map<string, Buffer>([
    ['bagit.txt', Buffer.from('BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n')],
    ['START-HERE.html', Buffer.from('<!doctype html><title>Start here</title>\n')],
    ['exhibit/bundle.json', json(describedBundle({ number, recordings }))],
    ['exhibit/verify/VERIFY.txt', Buffer.from('how to verify\n')],
    ['data/case.json', json({ schema: 'exhibit-case/1', ...stated(number) })],
    ['data/custody.jsonl', Buffer.from(custody(recordings).text)],
    ...recordings.flatMap(recordingFiles),
  ]);
}

/** Adds manifests and bag-info.txt for what is there, in the place of any that were. */
export function addManifests(files: BundleFiles): void {
  const isTag = (path: string): boolean => !/^(data|signatures)\/|^tagmanifest-/.test(path);
  const list = (algorithm: 'sha256' | 'sha512', isListed: (path: string) => boolean): Buffer => {
    const paths = [...files.keys()].filter(isListed).toSorted();
    return Buffer.from(paths.map((path) => `${hex(algorithm, files.get(path)!)}  ${path}\n`).join(''));
  };
  const payload = Array.from(files).filter(([path]) => path.startsWith('data/'));
  const bytes = payload.reduce((sum, [, content]) => sum + content.length, 0);
  files.set('bag-info.txt', Buffer.from(`Bagging-Date: 2026-11-21\nPayload-Oxum: ${String(bytes)}.${String(payload.length)}\n`));
  for (const algorithm of ['sha256', 'sha512'] as const)
    files.set(
      `manifest-${algorithm}.txt`,
      list(algorithm, (path) => path.startsWith('data/')),
    );
  for (const algorithm of ['sha256', 'sha512'] as const) files.set(`tagmanifest-${algorithm}.txt`, list(algorithm, isTag));
}

export interface TestSigner {
  readonly role: 'producer' | 'reviewer' | 'recipient';
  readonly name: string;
  readonly key: KeyObject;
  /** RFC 3339; by default a day after the custody log. */
  readonly signedAt?: string;
}

/** Adds the statements of these signers, with requests for time stamps; `predicate` in place of what they would say. */
export function addStatements(
  files: BundleFiles,
  { number, recordings }: BundleSpec,
  signers: readonly TestSigner[],
  predicate: object = {},
): void {
  const head = custody(recordings);
  const keyLine = (key: KeyObject): string => publicKeyLine(rawKey(key));
  let before: string | null = null;
  for (const [i, { role, name, key, signedAt = '2026-11-21T10:00:00Z' }] of signers.entries()) {
    const statement = json({
      _type: 'https://in-toto.io/Statement/v1',
      subject: (['sha256', 'sha512'] as const).map((algorithm) => ({
        name: `tagmanifest-${algorithm}.txt`,
        digest: { [algorithm]: hex(algorithm, files.get(`tagmanifest-${algorithm}.txt`)!) },
      })),
      predicateType: 'urn:exhibit:bundle-statement:1',
      predicate: {
        role,
        intent: 'for a test',
        signer: { name, publicKey: keyLine(key), fingerprint: fingerprintOf(key) },
        signedAt,
        case: stated(number),
        custody: { seq: head.seq, hash: head.hash },
        recordings: recordings.map((recording) => ({
          id: recording.id,
          root: rootOf(recording).root,
          records: recording.records.length,
          withheld: recording.withheld.size,
          proof: hex('sha256', files.get(`data/recordings/${recording.id}/proof.json`)!),
        })),
        redaction: redactionOf(recordings),
        supersedes: null,
        follows: before,
        tool: { name: 'Exhibit', version: '0.1.0', emulator: 'xterm 6' },
        ...predicate,
      },
    });
    before = hex('sha256', statement);
    const path = `signatures/0${String(i + 1)}-${role}.json`;
    const signature = signSsh(STATEMENT_NAMESPACE, statement, rawKey(key), { sha512, sign: (bytes) => sign(null, bytes, key) });
    files.set(path, statement);
    files.set(`${path}.sig`, Buffer.from(signature));
    files.set(`${path}.sig.tsq`, Buffer.from(timeStampRequest(Buffer.from(signature), sha256)));
  }
  const lines = signers.map(({ name, key }) => ({ name, publicKey: keyLine(key) }));
  files.set('signatures/allowed_signers', Buffer.from(allowedSigners(lines)));
}

/** A whole bundle. */
export function testBundle(spec: BundleSpec, signers: readonly TestSigner[]): BundleFiles {
  const files = bundleContent(spec);
  addManifests(files);
  if (signers.length > 0) addStatements(files, spec, signers);
  return files;
}

export interface PackedFile {
  readonly path: string;
  /** Where its local header, its content, and what comes after it begin. */
  readonly header: number;
  readonly content: number;
  readonly end: number;
}

/** The ZIP of a bundle, and where each file lies in it. */
export function packBundle(
  files: BundleFiles,
  top = 'exhibit-test',
): { readonly zip: Buffer; readonly places: readonly PackedFile[] } {
  const entries: ZipEntry[] = [];
  const places: PackedFile[] = [];
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const path of [...files.keys()].toSorted()) {
    const content = files.get(path)!;
    const entry = { name: `${top}/${path}`, size: content.length, crc: crc32(content) };
    const header = localHeader(entry);
    places.push({ path, header: at, content: at + header.length, end: at + header.length + content.length });
    entries.push(entry);
    pieces.push(header, content);
    at += header.length + content.length;
  }
  return { zip: Buffer.concat([...pieces, ...zipEnd(entries)]), places };
}

/** What the tests are about: three recordings, of JSON lines, of bytes, and of lines of which two are withheld. */
export function sampleSpec(number = 'T-1'): BundleSpec {
  const line = (i: number): string => `[${String(i)}.5, "o", "line ${String(i)} of ${number} \\u00e9\\r\\n"]`;
  const lines = Array.from({ length: 12 }, (_, i) => line(i));
  return {
    number,
    recordings: [
      linesRecording('aaa111', ['{"version": 2, "width": 80, "height": 24}', ...lines]),
      rawRecording('bbb222', 600),
      linesRecording('ccc333', ['{"version": 2}', ...lines, '[99, "o", "password: hunter2"]'], [4, 13]),
    ],
  };
}

export const PRODUCER: TestSigner = { role: 'producer', name: 'Ada Lovelace', key: testKey(1) };
export const REVIEWER: TestSigner = { role: 'reviewer', name: 'Grace Hopper', key: testKey(2) };

/** A bundle of the maker's, as its own signer would make it with these files in place of others: every digest and signature agrees with them. */
export function signedAnew(
  bundle: BundleFiles,
  changes: ReadonlyMap<string, Uint8Array>,
  { name, key }: TestSigner,
): BundleFiles {
  const producer = 'signatures/01-producer.json';
  const said = JSON.parse(bundle.get(producer)!.toString('utf8')) as { predicate: { signer: unknown } };
  const files: BundleFiles = new Map([...bundle].filter(([path]) => !path.startsWith('signatures/')));
  for (const [path, content] of changes) files.set(path, Buffer.from(content));
  addManifests(files);
  const subject = (['sha256', 'sha512'] as const).map((algorithm) => ({
    name: `tagmanifest-${algorithm}.txt`,
    digest: { [algorithm]: hex(algorithm, files.get(`tagmanifest-${algorithm}.txt`)!) },
  }));
  const publicKey = publicKeyLine(rawKey(key));
  const signer = { name, publicKey, fingerprint: fingerprintOf(key) };
  const predicate = { ...said.predicate, signer };
  const statement = json({ ...said, subject, predicate });
  const signature = signSsh(STATEMENT_NAMESPACE, statement, rawKey(key), { sha512, sign: (bytes) => sign(null, bytes, key) });
  files.set(producer, statement);
  files.set(`${producer}.sig`, Buffer.from(signature));
  files.set('signatures/allowed_signers', Buffer.from(allowedSigners([{ name, publicKey }])));
  return files;
}

/** The files of a bundle by their paths under its top folder. */
export async function unpackBundle(zip: Uint8Array): Promise<BundleFiles> {
  const opened = await openZip(zip.length, (from, to) => Promise.resolve(zip.subarray(from, to)));
  if (opened.kind === 'fault') throw new Error(opened.fault.reason);
  const files: BundleFiles = new Map();
  for (const [name, file] of opened.bag.files) files.set(name, Buffer.from(await file.read(0, file.size)));
  return files;
}

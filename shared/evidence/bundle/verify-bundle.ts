// The verifier of evidence bundles: the steps of docs/bundle.md over a bag, fail closed, and the report that the command line, the
// verifier inside of a bundle and the browser all print. Pure: files, hashes and signatures are handed in.

import { sameBytes } from '../bytes.ts';
import { Cancelled, wholeFile, type Bag, type BagFile, type Effects, type ReadRange } from './bag.ts';
import { checkAnnotations } from './annotations.ts';
import { readCustody, type CustodyRead } from './custody-lines.ts';
import {
  ALGORITHMS,
  BAG_DECLARATION,
  PAYLOAD,
  PAYLOAD_MANIFESTS,
  SIGNATURES,
  TAG_MANIFESTS,
  isTagFile,
  parseManifest,
  type Algorithm,
} from './manifests.ts';
import { documentIn } from './documents.ts';
import { openZip } from './open-zip.ts';
import { RECORDINGS, recordingIds, type RecordingCheck } from './recordings.ts';
import { Findings, type BundleReport, type Place, type Verdict } from './report.ts';
import { checkSaidTwice } from './said-twice.ts';
import { namesSigners, readStatements, statementFiles, type Statement, type StatementFiles } from './statements.ts';
import { checkTimes, type StampedTime } from './time-stamps.ts';
import { inTurn, thisThread, type FileDigests, type Workers } from './workers.ts';

export interface VerifyOptions {
  /** Fingerprints (`SHA256:…`) of the signers that the verifier trusts. */
  readonly trusted: ReadonlySet<string>;
  /** Certificates of time-stamping authorities that the verifier trusts, DER. */
  readonly authorities: readonly Uint8Array[];
  /** Hears of bytes that were read, out of all that will be. */
  readonly progress?: (done: number, total: number) => void;
  /** Asked now and then: true ends the work with {@link Cancelled}. */
  readonly isCancelled?: () => boolean;
  /** Step 10, where what is needed is at hand. */
  readonly derive?: Derive;
  /** Who is asked for what takes long; this thread where nobody is. */
  readonly workers?: Workers;
}

/** What was looked at, or why nothing was. */
export interface Derived {
  readonly isChecked: boolean;
  readonly detail: string;
}

/** Makes again what can be derived, and tells what does not hold, and of each recording that it is done with. */
export type Derive = (
  bag: Bag,
  recordings: readonly RecordingCheck[],
  fail: (file: string, reason: string, place: Place & { readonly recording: string }) => void,
  done: (recording: string) => void,
) => Promise<Derived>;

/** Bytes that deriving a recording again counts as in the progress: those of its events. */
const derivedBytes = ({ files }: Bag, id: string): number => files.get(`${RECORDINGS}${id}/decrypted.jsonl`)?.size ?? 0;

/** Files of a bag that are to be fetched (RFC 8493, 2.2.3). */
const FETCH = 'fetch.txt';

const MAX_MANIFEST = 256 * 1024 * 1024;
const MAX_DECLARATION = 4096;

const REQUIRED = [
  PAYLOAD_MANIFESTS.sha256,
  PAYLOAD_MANIFESTS.sha512,
  TAG_MANIFESTS.sha256,
  TAG_MANIFESTS.sha512,
  'bag-info.txt',
  'exhibit/bundle.json',
  'data/case.json',
  'data/custody.jsonl',
] as const;

/** Documents of the bundle and its case. Each has one reading only: of a name that comes twice, two readers would believe different things. */
const DOCUMENTS = ['exhibit/bundle.json', 'data/annotations.json', 'data/case.json', 'data/coverage.json'] as const;

const many = (count: number, one: string, several = `${one}s`): string => `${String(count)} ${count === 1 ? one : several}`;

/** Verifies a ZIP file. Rejects where it cannot be read, and with {@link Cancelled}. */
export async function verifyZip(size: number, read: ReadRange, effects: Effects, options: VerifyOptions): Promise<BundleReport> {
  const opened = await openZip(size, read);
  if (opened.kind === 'bag') {
    const findings = new Findings();
    findings.done(
      'The ZIP is safe and readable',
      `${many(opened.bag.files.size, 'file')} under ${opened.top}/, nothing beside them`,
    );
    return new Verification(opened.bag, effects, options, findings).run();
  }
  const findings = new Findings();
  const { file, bytes, reason } = opened.fault;
  findings.fail('The ZIP is safe and readable', 'UNREADABLE', file, reason, bytes === null ? {} : { bytes });
  return report(findings, [], [], new Map(), null, false, options);
}

/** Verifies a bag that lies unpacked in a folder: there is no ZIP to check. */
export function verifyBag(bag: Bag, effects: Effects, options: VerifyOptions): Promise<BundleReport> {
  const findings = new Findings();
  findings.skipped('The ZIP is safe and readable', 'it is an unpacked folder');
  return new Verification(bag, effects, options, findings).run();
}

/** Clocks that are this far apart contradict nothing. In milliseconds. */
const SKEW = 60_000;

/** What says that a statement was not signed when its signer claims, or null. */
function contradicted(signedAt: string, stampedAt: string | null, latestEntry: string | null): string | null {
  const claimed = Date.parse(signedAt);
  if (stampedAt !== null && claimed > Date.parse(stampedAt) + SKEW) return `its time stamp is of before then, ${stampedAt}`;
  if (latestEntry !== null && claimed < Date.parse(latestEntry) - SKEW)
    return `it signs a custody entry of after then, ${latestEntry}`;
  return null;
}

function report(
  findings: Findings,
  statements: readonly Statement[],
  recordings: readonly RecordingCheck[],
  times: ReadonlyMap<string, StampedTime>,
  latestEntry: string | null,
  isUnsigned: boolean,
  { trusted }: VerifyOptions,
): BundleReport {
  const signers = statements.map(({ file, role, name, fingerprint, signedAt, isSigned }) => ({
    file,
    role,
    name,
    fingerprint,
    trusted: isSigned && trusted.has(fingerprint),
    signedAt,
    stampedAt: times.get(file)?.stampedAt ?? null,
    time: times.get(file)?.time ?? ('CLAIMED' as const),
    contradiction: contradicted(signedAt, times.get(file)?.stampedAt ?? null, latestEntry),
  }));
  const intact: Verdict = isUnsigned
    ? 'INTACT, UNSIGNED'
    : signers.length > 0 && signers.every((signer) => signer.trusted)
      ? 'TRUSTED'
      : 'INTACT, SIGNER NOT TRUSTED';
  const producer = statements.find(({ role, isSigned }) => role === 'producer' && isSigned);
  return {
    verdict: findings.verdict() ?? intact,
    time: signers.length > 0 && signers.every(({ time }) => time === 'ATTESTED') ? 'ATTESTED' : 'CLAIMED',
    statement: producer?.sha256 ?? null,
    supersedes: producer?.supersedes ?? null,
    supersededBy: null,
    signers,
    failures: findings.failures(),
    recordings: recordings.map(({ id, root, records, withheld, verified }) => ({ id, root, records, withheld, verified })),
    steps: findings.steps(),
  };
}

class Verification {
  readonly #bag: Bag;
  readonly #effects: Effects;
  readonly #options: VerifyOptions;
  readonly #findings: Findings;
  readonly #workers: Workers;
  /** SHA-256 by path, of every file. */
  readonly #sha256 = new Map<string, string>();
  #tagSha512: string | null = null;
  #done = 0;
  #total = 0;

  constructor(bag: Bag, effects: Effects, options: VerifyOptions, findings: Findings) {
    this.#options = options;
    this.#effects = effects;
    this.#findings = findings;
    const files = new Map<string, BagFile>();
    for (const [name, file] of bag.files) {
      files.set(name, { ...file, read: (from, to) => this.#read(file, from, to) });
      this.#total += file.size;
    }
    this.#bag = { ...bag, files };
    this.#workers = options.workers ?? thisThread(this.#bag, effects);
    if (options.derive !== undefined) for (const id of recordingIds(bag)) this.#total += derivedBytes(bag, id);
  }

  #read(file: BagFile, from: number, to: number): Promise<Uint8Array> {
    if (this.#options.isCancelled?.() === true) return Promise.reject(new Cancelled('the verification was cancelled'));
    return file.read(from, to);
  }

  async run(): Promise<BundleReport> {
    await this.#declaration();
    const files = this.#required();
    await this.#manifestsAndDigests();
    await this.#documents();
    const tagDigests = this.#tagDigests();
    const statements = await readStatements(this.#bag, files, tagDigests, this.#effects, this.#findings);
    const isUnsigned = files.statements.length === 0;
    if (isUnsigned) this.#findings.skipped('Statements', 'there is none: anybody could have made this');
    else this.#findings.done('Statements', `${many(statements.length, 'statement')}, form, signature and subjects`);
    const times = await checkTimes(this.#bag, statements, this.#options.authorities, this.#effects, this.#findings);
    const custody = await this.#custody(statements);
    const recordings = await this.#recordings(statements, custody);
    await checkSaidTwice(this.#bag, statements, recordings, this.#findings);
    await this.#derived(recordings);
    return report(this.#findings, statements, recordings, times, custody?.latest ?? null, isUnsigned, this.#options);
  }

  async #declaration(): Promise<void> {
    const step = 'It is a bag';
    const file = this.#bag.files.get('bagit.txt');
    const bytes = file === undefined ? null : await wholeFile(file, MAX_DECLARATION);
    if (bytes === null || !sameBytes(bytes, new TextEncoder().encode(BAG_DECLARATION)))
      this.#findings.fail(
        step,
        'UNREADABLE',
        'bagit.txt',
        file === undefined ? 'it is not there' : 'it is not that of a BagIt 1.0 bag',
      );
    this.#findings.done(step, 'bagit.txt declares BagIt 1.0');
  }

  #required(): StatementFiles {
    const step = 'What must be there is there';
    const fail = (file: string, reason: string): void => this.#findings.fail(step, 'INCOMPLETE', file, reason);
    for (const name of REQUIRED) if (!this.#bag.files.has(name)) fail(name, 'it is not there');
    const files = statementFiles(this.#bag);
    for (const name of files.lacking) fail(name, 'it is not there');
    if (files.statements.length === 0 && namesSigners(this.#bag))
      fail(`${SIGNATURES}allowed_signers`, 'it names signers, but there is no statement');
    this.#findings.done(step, files.statements.length === 0 ? 'but no statement is' : many(files.statements.length, 'statement'));
    for (const name of files.strange) {
      this.#findings.fail('Files are those of the manifests', 'ALTERED', name, 'no such file belongs under signatures/');
    }
    return files;
  }

  /** Part of step 3. Where a file is not the one that is listed, that says it all. */
  async #documents(): Promise<void> {
    if (this.#findings.count > 0) return;
    for (const name of DOCUMENTS) {
      if (!this.#bag.files.has(name) || (await documentIn(this.#bag, name)) !== null) continue;
      this.#findings.fail('What must be there is there', 'ALTERED', name, 'it is not JSON in the form of a bundle');
    }
  }

  /** Steps 4 and 5. */
  async #manifestsAndDigests(): Promise<void> {
    const listed = new Map<string, Map<Algorithm, string>>();
    for (const algorithm of ALGORITHMS) {
      await this.#readManifest(PAYLOAD_MANIFESTS[algorithm], algorithm, (path) => path.startsWith(PAYLOAD), listed);
      await this.#readManifest(TAG_MANIFESTS[algorithm], algorithm, isTagFile, listed);
    }
    const step = 'Files are those of the manifests';
    if (this.#bag.files.has(FETCH))
      this.#findings.fail(step, 'ALTERED', FETCH, 'it says that files are elsewhere, and a bundle holds all of its files');
    for (const [path, what] of this.#bag.others ?? [])
      this.#findings.fail(step, 'ALTERED', path, `it is ${what}, and a bundle has only files`);
    for (const [path, digests] of listed) {
      if (!this.#bag.files.has(path)) this.#findings.fail(step, 'INCOMPLETE', path, 'it is not there');
      for (const algorithm of ALGORITHMS)
        if (!digests.has(algorithm)) this.#findings.fail(step, 'ALTERED', path, `no ${algorithm} manifest lists it`);
    }
    let payload = 0;
    let payloadFiles = 0;
    for (const file of this.#bag.files.values()) {
      if (file.name.startsWith(PAYLOAD)) {
        payload += file.size;
        payloadFiles += 1;
      }
      const isListed = file.name.startsWith(PAYLOAD) || isTagFile(file.name);
      if (isListed && !listed.has(file.name)) this.#findings.fail(step, 'ALTERED', file.name, 'no manifest lists it');
    }
    this.#findings.done(step, `${many(listed.size, 'file')} in both kinds of manifest`);
    let bytes = 0;
    const read = (more: number): void => {
      this.#done += more;
      this.#options.progress?.(this.#done, this.#total);
    };
    const digests = async (file: BagFile) => [file, await this.#workers.digests(file.name, read)] as const;
    for await (const [file, found] of inTurn(this.#bag.files.values(), this.#workers.atOnce, digests)) {
      this.#digest(file, found, listed.get(file.name) ?? new Map());
      bytes += file.size;
    }
    await this.#oxum(`${String(payload)}.${String(payloadFiles)}`);
    this.#findings.done('Digests', `SHA-256 and SHA-512 of ${many(this.#bag.files.size, 'file')}, ${many(bytes, 'byte')}`);
  }

  async #readManifest(
    name: string,
    algorithm: Algorithm,
    belongs: (path: string) => boolean,
    listed: Map<string, Map<Algorithm, string>>,
  ): Promise<void> {
    const file = this.#bag.files.get(name);
    if (file === undefined) return;
    const fail = (reason: string, at: number): void =>
      this.#findings.fail('Files are those of the manifests', 'ALTERED', name, reason, { bytes: [at, file.size] });
    const bytes = await wholeFile(file, MAX_MANIFEST);
    if (bytes === null) return fail('it is larger than any manifest', 0);
    const { digests, fault } = parseManifest(bytes, algorithm);
    if (fault !== null) fail(fault.reason, fault.at);
    for (const [path, digest] of digests) {
      if (!belongs(path)) {
        fail(`${path} does not belong in it`, 0);
        continue;
      }
      listed.set(path, (listed.get(path) ?? new Map<Algorithm, string>()).set(algorithm, digest));
    }
  }

  #digest(file: BagFile, found: FileDigests, expected: ReadonlyMap<Algorithm, string>): void {
    this.#sha256.set(file.name, found.sha256);
    if (file.name === TAG_MANIFESTS.sha512) this.#tagSha512 = found.sha512;
    const wrong = ALGORITHMS.filter((algorithm) => expected.has(algorithm) && expected.get(algorithm) !== found[algorithm]);
    const names: string[] = wrong.map((algorithm) => (algorithm === 'sha256' ? 'SHA-256' : 'SHA-512'));
    if (file.crc !== null && found.crc !== file.crc) names.push('CRC-32');
    if (names.length === 0) return;
    const reason = `its ${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} not what was written`;
    this.#findings.fail('Digests', 'ALTERED', file.name, reason, { bytes: [0, file.size], ...recordingOf(file.name) });
  }

  /** Payload-Oxum counts bytes and files of the payload (RFC 8493, 2.2.2). */
  async #oxum(expected: string): Promise<void> {
    const file = this.#bag.files.get('bag-info.txt');
    const bytes = file === undefined ? null : await wholeFile(file, MAX_MANIFEST);
    if (bytes === null) return;
    const said = Array.from(new TextDecoder('utf-8').decode(bytes).matchAll(/^payload-oxum\s*:(.*)$/gim), ([, value]) =>
      value!.trim().replace(/^0+(?=\d)/, ''),
    );
    if (said.length !== 1 || said[0] !== expected)
      this.#findings.fail(
        'Digests',
        'ALTERED',
        'bag-info.txt',
        `the payload is ${expected}, it says ${said.join(' and ') || 'nothing of it'}`,
      );
  }

  /** What the statements are about. */
  #tagDigests(): { readonly sha256: string; readonly sha512: string } | null {
    const sha256 = this.#sha256.get(TAG_MANIFESTS.sha256);
    const sha512 = this.#tagSha512;
    return sha256 === undefined || sha512 === null ? null : { sha256, sha512 };
  }

  async #custody(statements: readonly Statement[]): Promise<CustodyRead | null> {
    const step = 'Custody';
    const file = this.#bag.files.get('data/custody.jsonl');
    if (file === undefined) return null;
    const read = await readCustody(file, this.#effects, this.#findings);
    if (read.seq === 0) this.#findings.fail(step, 'ALTERED', file.name, 'it has no entry');
    for (const { file: name, custody } of statements) {
      if (custody.seq !== read.seq || custody.hash !== read.hash)
        this.#findings.fail(
          step,
          'ALTERED',
          name,
          `its custody head is entry ${String(custody.seq)}, not the last one of the log`,
        );
    }
    const hidden = read.hidden === 0 ? '' : `, ${many(read.hidden, 'of them is', 'of them are')} shown by the hash only`;
    const { compared, all } = await checkAnnotations(this.#bag, read.annotations, this.#effects, this.#findings);
    const annotations = all === 0 ? '' : `, ${String(compared)} of ${many(all, 'version')} of annotations as it says`;
    this.#findings.done(step, `${many(read.seq, 'entry', 'entries')} up to the head${hidden}${annotations}`);
    return read;
  }

  async #recordings(statements: readonly Statement[], custody: CustodyRead | null): Promise<RecordingCheck[]> {
    const step = 'Recordings';
    const [producer] = statements;
    const stated = new Map(producer?.recordings.map((one) => [one.id, { ...one, statement: producer.file }]));
    const checks: RecordingCheck[] = [];
    const digests = new Map(recordingIds(this.#bag).map((id) => [id, new Map<string, string>()]));
    for (const [path, digest] of this.#sha256) digests.get(recordingOf(path).recording ?? '')?.set(path, digest);
    const check = async (id: string) => {
      const said = stated.get(id) ?? null;
      const inCustody = custody?.roots.get(id) ?? null;
      const found = await this.#workers.check({ id, stated: said, inCustody, digests: digests.get(id)! });
      return { ...found, isNamed: said !== null };
    };
    for await (const { check: made, found, isNamed } of inTurn(recordingIds(this.#bag), this.#workers.atOnce, check)) {
      if (producer !== undefined && !isNamed)
        this.#findings.fail(step, 'ALTERED', producer.file, 'it does not name the recording', { recording: made.id });
      stated.delete(made.id);
      this.#findings.take(found);
      checks.push(made);
    }
    for (const [id, { statement }] of stated)
      this.#findings.fail(step, 'INCOMPLETE', statement, 'a recording that it names is not there', { recording: id });
    const sum = (of: (check: RecordingCheck) => number): number => checks.reduce((total, check) => total + of(check), 0);
    const records = many(
      sum((check) => check.records),
      'record',
    );
    const compared = `${String(sum((check) => check.compared))} compared with the original's bytes`;
    const withheld = `${String(sum((check) => check.withheld))} withheld`;
    this.#findings.done(step, `${many(checks.length, 'recording')}, ${records}, ${compared}, ${withheld}`);
    return checks;
  }

  async #derived(recordings: readonly RecordingCheck[]): Promise<void> {
    const step = 'Derived again';
    const { derive } = this.#options;
    if (derive === undefined) return this.#findings.skipped(step, 'it was not asked for');
    const { isChecked, detail } = await derive(
      this.#bag,
      recordings,
      (file, reason, place) => this.#findings.fail(step, 'ALTERED', file, reason, place),
      (recording) => {
        this.#done += derivedBytes(this.#bag, recording);
        this.#options.progress?.(this.#done, this.#total);
      },
    );
    if (isChecked) this.#findings.done(step, detail);
    else this.#findings.skipped(step, detail);
  }
}

function recordingOf(file: string): { recording?: string } {
  const [data, recordings, id, name] = file.split('/');
  return data === 'data' && recordings === 'recordings' && id !== undefined && name !== undefined ? { recording: id } : {};
}

// Makes an evidence bundle of a case (docs/bundle.md): every file is made while it is written and hashed while it passes, so that memory does
// not grow with the recordings. The same case, request and moment of sign-off give the same bytes.

import { createHash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Annotation, BundleRequest, Redaction } from '../../../shared/api/case-shapes.ts';
import { ExhibitError } from '../../../shared/api/errors.ts';
import { committedPart } from '../../../shared/evidence/annotation-digest.ts';
import { DERIVED } from '../../../shared/derive/derive.ts';
import { BAG_DECLARATION, TAG_MANIFESTS } from '../../../shared/evidence/bundle/manifests.ts';
import { allowedSigners, publicKeyLine } from '../../../shared/evidence/sshsig.ts';
import type { StatedRecording } from '../../../shared/evidence/bundle/statements.ts';
import { toHex } from '../../../shared/evidence/custody.ts';
import type { Library } from '../../library/library.ts';
import type { PlayerFiles } from '../report/player-files.ts';
import { reportPieces } from '../report/report.ts';
import type { ReportFrame } from '../report/report-input.ts';
import { startHere } from '../report/start-here.ts';
import type { Turn } from '../turns.ts';
import { BagWriter, isPayload, isTagFile, manifest } from './bag-writer.ts';
import { annotationsFile, caseFile, coverageFile, shownCase, type CaseContent, type ShownCase } from './case-files.ts';
import { custodyExtract, type CustodyExtract } from './custody-lines.ts';
import { frameFiles, keyframesOf } from './frame-files.ts';
import { jsonFile, recordingFiles, recordingFolder, safeName, type PlannedFile } from './recording-files.ts';
import { refuseNamed } from './named-texts.ts';
import { reportContent } from './report-content.ts';
import { showRecordings, type CaseRecording, type Shown } from './shown.ts';
import { fingerprintOf, moment, signatureText, statementName, statementText, type Predicate, type Signer } from './statement.ts';
import { VERIFIER_FILES, type VerifierFiles } from './verifier-files.ts';
import type { ZipTarget } from './zip-writer.ts';

export interface BundleSource {
  readonly library: Library;
  readonly request: BundleRequest;
  readonly tool: { readonly version: string; readonly emulator: string };
  readonly content: CaseContent;
  readonly redactions: readonly Redaction[];
  /** Recordings of the case's standing exhibits, each once. */
  readonly recordings: readonly CaseRecording[];
  readonly signer: Signer;
  readonly verifier: VerifierFiles;
  readonly player: PlayerFiles;
}

export interface MakeEffects {
  readonly signal: AbortSignal;
  /** Bytes that were written so far, and what is being written. */
  readonly progress: (bytes: number, detail: string) => void;
}

export interface Made {
  readonly top: string;
  readonly statement: { readonly file: string; readonly text: string };
  readonly recordings: readonly StatedRecording[];
  readonly custody: { readonly seq: number; readonly hash: string };
  readonly warnings: readonly string[];
  /** What may stand nowhere in it; never to be written. */
  readonly withheldTexts: readonly string[];
}

/** Bytes of work between two turns of others. */
const TURN_BYTES = 1024 * 1024;

/** Digits of Payload-Oxum: its place is kept while the payload is written. */
const OXUM_WIDTH = 24;

const PRODUCER = statementName(1, 'producer');

const some = (n: number, one: string, many = `${one}s`): string => `${String(n)} ${n === 1 ? one : many}`;

/** One line of bag-info.txt: what could begin another one is made a blank. */
const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ').trim();

export function bundleName(number: string): string {
  return `exhibit-${safeName(number)}`;
}

class BundleMaker {
  readonly #source: BundleSource;
  readonly #effects: MakeEffects;
  readonly #bag: BagWriter;
  readonly #shown: Shown;
  readonly #case: ShownCase;
  readonly #custody: CustodyExtract;
  readonly #signedAt: string;
  readonly #frames = new Map<string, ReportFrame>();
  readonly #breathe: Turn;
  #detail = '';
  #written = 0;
  #turn = 0;

  constructor(source: BundleSource, effects: MakeEffects, target: ZipTarget, shown: Shown, of: ShownCase, turn: Turn) {
    const { library, content, request } = source;
    this.#source = source;
    this.#effects = effects;
    this.#shown = shown;
    this.#signedAt = moment(request.signedAt);
    this.#case = of;
    this.#breathe = turn;
    const subjects = new Set([content.detail.id, ...shown.recordings.map(({ session }) => session.id)]);
    const { clean, guessable } = shown;
    const committed = (annotation: Annotation): string => JSON.stringify([committedPart(annotation), annotation.versions]);
    const own = new Map(content.annotations.map((annotation) => [annotation.id, committed(annotation)]));
    const asTheyAre = this.#case.annotations.filter((annotation) => committed(annotation) === own.get(annotation.id));
    const annotations = new Set(asTheyAre.map(({ id }) => id));
    this.#custody = custodyExtract(library.custody, { subjects, guessable, annotations, clean });
    this.#bag = new BagWriter(target, bundleName(this.#case.detail.number), effects.signal, (bytes) => this.#wrote(bytes));
  }

  async #wrote(bytes: number): Promise<void> {
    this.#written += bytes;
    this.#turn += bytes;
    this.#effects.progress(this.#written, this.#detail);
    if (this.#turn < TURN_BYTES) return;
    this.#turn = 0;
    await breathe();
  }

  async run(): Promise<Made> {
    const { verifier } = this.#source;
    await this.#bag.file('START-HERE.html', this.#startHere());
    const payload = this.#payload();
    const bagInfo = this.#bag.reserve('bag-info.txt', Buffer.byteLength(this.#bagInfo(0, 0)));
    await this.#bag.file('bagit.txt', BAG_DECLARATION);
    await this.#write(payload);
    const files = this.#bag.files.filter(({ path }) => isPayload(path));
    bagInfo(
      this.#bagInfo(
        files.reduce((sum, { size }) => sum + size, 0),
        files.length,
      ),
    );
    await this.#bag.file('exhibit/bundle.json', this.#description());
    for (const name of VERIFIER_FILES) await this.#bag.file(`exhibit/verify/${name}`, verifier[name]);
    for (const algorithm of ['sha256', 'sha512'] as const)
      await this.#bag.file(`manifest-${algorithm}.txt`, manifest(files, algorithm));
    return this.#sign();
  }

  async #write(planned: readonly PlannedFile[]): Promise<void> {
    for (const { path, content } of planned) {
      this.#detail = path;
      const made = await content();
      if (made !== null) await this.#bag.file(path, made);
    }
  }

  #payload(): PlannedFile[] {
    const { library, request } = this.#source;
    const { annotations } = this.#case;
    const files: PlannedFile[] = [
      { path: 'data/annotations.json', content: () => annotationsFile(this.#case) },
      { path: 'data/case.json', content: () => caseFile(this.#case) },
      { path: 'data/coverage.json', content: () => coverageFile(this.#case) },
      { path: 'data/custody.jsonl', content: () => this.#custody.lines },
    ];
    for (const shown of this.#shown.recordings) {
      files.push(...recordingFiles(library, shown));
      if (shown.source === null) continue;
      const own = annotations.filter(({ anchor, retracted }) => anchor.session === shown.id && !retracted);
      const keyframes = keyframesOf(shown, shown.of.recording.keyframes);
      files.push(
        ...frameFiles(shown, shown.source, keyframes, own, ({ id }, frame) => this.#frames.set(id, frame), this.#breathe),
      );
    }
    if (request.plaintext) files.push({ path: 'data/report.html', content: () => this.#report() });
    return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  }

  async *#report(): AsyncGenerator<string> {
    const { library, tool, request, signer, player } = this.#source;
    const input = await reportContent({
      library,
      tool,
      madeAt: this.#signedAt,
      intent: this.#shown.clean(request.intent),
      signer: { name: signer.name, fingerprint: fingerprintOf(signer.publicKey) },
      supersedes: request.supersedes,
      case: this.#case,
      shown: this.#shown,
      frames: this.#frames,
      custody: this.#custody,
      bag: this.#bag,
      turn: this.#breathe,
    });
    yield* reportPieces(input, player);
  }

  #startHere(): string {
    const { request, signer, tool, player } = this.#source;
    const { number, title, exhibitList } = this.#case.detail;
    const titleOf = ({ id, of: { shape } }: Shown['recordings'][number]): string => {
      const given = exhibitList.find((exhibit) => exhibit.session === id && exhibit.withdrawn === null)?.title ?? '';
      return given === '' ? (request.plaintext ? this.#shown.clean(shape.title ?? shape.command ?? id) : id) : given;
    };
    const input = {
      name: bundleName(number),
      case: { number, title },
      tool,
      intent: this.#shown.clean(request.intent),
      signer: { name: signer.name, fingerprint: fingerprintOf(signer.publicKey) },
      signedAt: this.#signedAt,
      supersedes: request.supersedes,
      plaintext: request.plaintext,
      redacted: request.redacted,
      recordings: this.#shown.recordings.map((shown) => ({
        id: shown.id,
        title: titleOf(shown),
        root: toHex(shown.session.root),
        records: shown.session.records,
        withheld: shown.withheld.count,
      })),
    };
    return startHere(input, player);
  }

  #bagInfo(octets: number, streams: number): string {
    const oxum = `.${String(streams)}`;
    return [
      `Bag-Software-Agent: Exhibit ${this.#source.tool.version}`,
      `Bagging-Date: ${this.#signedAt.slice(0, 10)}`,
      `External-Identifier: ${oneLine(this.#case.detail.number)}`,
      `Payload-Oxum: ${String(octets).padStart(OXUM_WIDTH - oxum.length, '0')}${oxum}`,
      '',
    ].join('\n');
  }

  /** exhibit/bundle.json: what is in the bundle, and what is not. */
  #description(): string {
    const { tool, request } = this.#source;
    const { recordings } = this.#shown;
    const sum = (of: (shown: Shown['recordings'][number]) => number): number => recordings.reduce((all, one) => all + of(one), 0);
    return jsonFile({
      schema: 'exhibit-bundle/1',
      case: this.#case.detail.number,
      tool: { name: 'Exhibit', version: tool.version },
      emulator: tool.emulator,
      derived: DERIVED,
      plaintext: request.plaintext,
      redaction: request.redacted ? 'redacted' : 'none',
      counts: {
        recordings: recordings.length,
        records: sum(({ session }) => session.records),
        withheld: sum(({ withheld }) => withheld.count),
        annotations: this.#case.annotations.length,
        masked: this.#case.masked,
        custody: { shown: this.#custody.shown.length, hidden: this.#custody.hidden() },
      },
    });
  }

  #recordings(): StatedRecording[] {
    return this.#shown.recordings.map(({ id, session, withheld }) => ({
      id,
      root: toHex(session.root),
      records: session.records,
      withheld: withheld.count,
      proof: this.#bag.find(`${recordingFolder(id)}proof.json`).sha256,
    }));
  }

  #predicate(): Predicate {
    const { request, tool } = this.#source;
    const { number, title, authority, purpose, custodian } = this.#case.detail;
    return {
      role: 'producer',
      intent: this.#shown.clean(request.intent),
      signedAt: this.#signedAt,
      case: { number, title, authority, purpose, custodian },
      custody: this.#custody.head,
      recordings: this.#recordings(),
      redaction: request.redacted ? 'redacted' : 'none',
      supersedes: request.supersedes,
      follows: null,
      tool: { name: 'Exhibit', ...tool },
    };
  }

  async #sign(): Promise<Made> {
    const { signer } = this.#source;
    const tagFiles = this.#bag.files.filter(({ path }) => isTagFile(path));
    const tagManifests = { sha256: manifest(tagFiles, 'sha256'), sha512: manifest(tagFiles, 'sha512') };
    const digest = (algorithm: 'sha256' | 'sha512'): string =>
      createHash(algorithm).update(tagManifests[algorithm]).digest('hex');
    const predicate = this.#predicate();
    const text = statementText(predicate, signer, { sha256: digest('sha256'), sha512: digest('sha512') });
    await this.#bag.file(`signatures/${PRODUCER}`, text);
    await this.#bag.file(`signatures/${PRODUCER}.sig`, signatureText(text, signer));
    const key = publicKeyLine(signer.publicKey);
    await this.#bag.file('signatures/allowed_signers', allowedSigners([{ name: signer.name, publicKey: key }]));
    for (const algorithm of ['sha256', 'sha512'] as const)
      await this.#bag.file(TAG_MANIFESTS[algorithm], tagManifests[algorithm]);
    this.#bag.finish();
    return {
      top: bundleName(this.#case.detail.number),
      statement: { file: `signatures/${PRODUCER}`, text },
      recordings: predicate.recordings,
      custody: predicate.custody,
      warnings: this.#warnings(),
      withheldTexts: this.#shown.texts,
    };
  }

  #warnings(): string[] {
    const { recordings } = this.#shown;
    const { request } = this.#source;
    return [
      ...recordings.flatMap(({ id, of: { lock } }) =>
        lock === null || !request.plaintext
          ? []
          : [`recording ${id} does not open: only what was acquired is in the bundle; ${lock}`],
      ),
      ...(this.#case.masked === 0
        ? []
        : [
            `${some(this.#case.masked, 'text')} about the case held what is withheld and ${this.#case.masked === 1 ? 'is' : 'are'} masked`,
          ]),
      ...(this.#custody.hidden() === 0
        ? []
        : [
            `${some(this.#custody.hidden(), 'custody entry', 'custody entries')} of other matters, or with what is withheld, shown by hash only`,
          ]),
    ];
  }
}

/**
 * Writes a bundle. Throws kinds `cancelled`, `no-key`, `altered` where a stored recording is not what was acquired, `refused` where
 * it grew meanwhile or a name or note holds what is withheld, `disk`.
 */
export async function makeBundle(source: BundleSource, target: ZipTarget, effects: MakeEffects): Promise<Made> {
  const { library, request, redactions, recordings, signer } = source;
  if (request.redacted && redactions.every(({ withdrawn }) => withdrawn !== null))
    throw new ExhibitError('refused', 'redacted bundle', 'the case has no redaction', 'add one with `exhibit redact add`');
  const turn: Turn = async () => {
    await breathe();
    if (effects.signal.aborted) throw new ExhibitError('cancelled', 'bundle', 'it was cancelled', 'nothing of it was kept');
  };
  const shown = await showRecordings(library, recordings, {
    plaintext: request.plaintext,
    redacted: request.redacted,
    signedAt: moment(request.signedAt),
    signer: signer.name,
    redactions,
    breathe: (detail) => {
      effects.progress(0, detail);
      return turn();
    },
  });
  const of = await shownCase(source.content, shown.recordings, request.plaintext, shown, turn);
  const names = new Map([
    ['the name of the signer', signer.name],
    ['the name of the bundle', bundleName(of.detail.number)],
  ]);
  await refuseNamed(names, shown, of);
  const made = await new BundleMaker(source, effects, target, shown, of, turn).run();
  for (const { session } of recordings) {
    if (library.sessions.byKey(session.key)?.records === session.records) continue;
    const why = `session ${session.id} grew while it was written`;
    throw new ExhibitError('refused', 'bundle', why, 'make the bundle again when the synchronisation is done');
  }
  return made;
}

// What the report of a bundle is given (electron/export/report): the case, its recordings and findings as the bundle shows them.

import type { Annotation } from '../../../shared/api/case-shapes.ts';
import { describePlace } from '../../../shared/recording/discrepancy.ts';
import { toHex } from '../../../shared/evidence/custody.ts';
import type { Command } from '../../../shared/api/shapes.ts';
import type { Library } from '../../library/library.ts';
import type {
  ReportCustody,
  ReportFrame,
  ReportInput,
  ReportRecording,
  ReportRedaction,
  ReportText,
} from '../report/report-input.ts';
import { standingInSteps, type EventSource, type Standing } from '../../replay/replay.ts';
import { lastScreen, shownCommands } from '../report/session-texts.ts';
import { inTurns, type Turn } from '../turns.ts';
import type { BagWriter } from './bag-writer.ts';
import type { ShownCase } from './case-files.ts';
import type { CustodyExtract } from './custody-lines.ts';
import { keyframesOf } from './frame-files.ts';
import { cleaned } from './recording-files.ts';
import type { Shown, ShownCaseRecording } from './shown.ts';

/** Custody entries that the report lists; the bundle's log has all. */
const CUSTODY_ENTRIES = 500;

/** Commands as the bundle shows them. */
function* commandsOf({ commands, clean }: ShownCaseRecording): Generator<Command> {
  for (const command of commands()) yield { ...command, text: clean(command.text) };
}

/** `bag` has the files of the recording already. */
async function reportRecording(
  shown: ShownCaseRecording,
  { library, bag, turn }: ReportSource,
  hasFindings: boolean,
): Promise<ReportRecording> {
  const { of, session, id, source, withheld, clean } = shown;
  const folder = `recordings/${id}/`;
  const text = (name: string, pieces: () => Iterable<string>): ReportText => ({ pieces, file: `${folder}${name}` });
  const cast = 'playback.cast';
  const end = (played: EventSource): Promise<Standing> =>
    inTurns(standingInSteps(played, keyframesOf(shown, of.recording.keyframes), played.count), turn);
  const still = source === null || hasFindings ? null : lastScreen(source, await end(source));
  return {
    session: { ...cleaned(of.shape, clean), id },
    root: toHex(session.root),
    records: session.records,
    withheld: withheld.count,
    piped: of.recording.piped,
    parts: library.sessions.parts(session).map(({ name, size, sha256 }) => ({
      name: clean(name),
      size,
      sha256: shown.guessable ? null : toHex(sha256),
    })),
    proof: of.proof,
    // Messages quote what they found, and nothing says in which record.
    discrepancies: of.discrepancies.map(({ kind, message, place }) => ({
      kind,
      message: withheld.count === 0 ? clean(message) : 'not told: it may quote what is withheld of this recording',
      place: clean(describePlace(place)),
    })),
    moreDiscrepancies: Math.max(0, of.shape.discrepancies - of.discrepancies.length),
    commands: shownCommands(commandsOf(shown)),
    // To make them again would take as long as all else in the report.
    playback:
      source === null
        ? null
        : { ...text(cast, () => bag.lines(`data/${folder}${cast}`)), size: bag.find(`data/${folder}${cast}`).size },
    transcript: source === null ? null : text('transcript.txt', () => bag.text(`data/${folder}transcript.txt`)),
    still,
    closed: of.lock ?? (source === null ? 'it has no events' : ''),
  };
}

function redactionsOf({ recordings }: Shown): ReportRedaction[] {
  const all = new Map<string, ReportRedaction>();
  for (const { redacted, withheld } of recordings) {
    for (const { number, what, reason, author, at } of withheld.reasons) {
      const records = redacted?.by.find((by) => by.id === number)?.records ?? 0;
      const known = all.get(number);
      all.set(number, { number, what, reason, author, at, session: null, records: (known?.records ?? 0) + records });
    }
  }
  return [...all.values()].toSorted((a, b) => (a.number < b.number ? -1 : 1));
}

function custodyOf({ head, shown, hidden }: CustodyExtract): ReportInput['custody'] {
  const entries = shown.slice(-CUSTODY_ENTRIES);
  return {
    entries: entries.map(({ seq, at, actor, action, subject, purpose, hash }): ReportCustody => ({
      seq,
      at: at.wall,
      actor,
      action,
      subject,
      purpose,
      hash,
    })),
    omitted: hidden() + shown.length - entries.length,
    head,
  };
}

export interface ReportSource extends Pick<ReportInput, 'tool' | 'madeAt' | 'intent' | 'signer' | 'supersedes'> {
  readonly library: Library;
  readonly case: ShownCase;
  readonly shown: Shown;
  readonly frames: ReadonlyMap<string, ReportFrame>;
  readonly custody: CustodyExtract;
  readonly bag: Pick<BagWriter, 'find' | 'lines' | 'text'>;
  readonly turn: Turn;
}

export async function reportContent(source: ReportSource): Promise<ReportInput> {
  const { detail, annotations, coverage } = source.case;
  const exhibits = detail.exhibitList.filter(({ withdrawn }) => withdrawn === null);
  const recordings: ReportRecording[] = [];
  const order = [...new Set(exhibits.map(({ session }) => session))];
  for (const id of order) {
    const shown = source.shown.recordings.find((one) => one.id === id);
    if (shown === undefined) continue;
    const hasFindings = annotations.some(({ anchor, retracted }) => anchor.session === id && !retracted);
    recordings.push(await reportRecording(shown, source, hasFindings));
  }
  const { number, title, authority, purpose, custodian, members, status, createdAt } = detail;
  return {
    tool: source.tool,
    madeAt: source.madeAt,
    case: { number, title, authority, purpose, custodian, members, status, createdAt },
    notes: detail.notes.map(({ text, author, at }) => ({ text, author, at })),
    intent: source.intent,
    signer: source.signer,
    supersedes: source.supersedes,
    bundle: true,
    redacted: source.shown.recordings.some(({ redacted }) => redacted !== null),
    exhibits,
    recordings,
    findings: annotations.map((annotation: Annotation, i) => ({
      number: `F-${String(i + 1).padStart(3, '0')}`,
      annotation,
      frame: source.frames.get(annotation.id) ?? null,
    })),
    coverage,
    redactions: redactionsOf(source.shown),
    custody: custodyOf(source.custody),
  };
}

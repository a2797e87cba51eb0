// The report of one recording, in no case: what the core knows of it, in the shape that reports are made from.

import { describePlace } from '../../shared/recording/discrepancy.ts';
import type { SessionDetail } from '../../shared/api/shapes.ts';
import { lastScreen, playbackOf, shownCommands, transcriptOf, type ReportCustody, type ReportInput } from '../export/export.ts';
import type { SessionRow } from '../library/library.ts';
import { EMULATOR, standingAt, type OpenedRecording } from '../replay/replay.ts';
import type { Desk } from './desk.ts';
import { eachCommand } from './facts.ts';

/** Entries of the custody log that such a report repeats: the newest. */
const ENTRIES = 200;

const baseName = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

interface CustodyText {
  readonly at: { readonly wall: string };
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly purpose: string;
}

/** Entries of the custody log about one subject, by sequence, and how many of the log are left out. */
function custodyOf({ library }: Desk, subject: string): ReportInput['custody'] {
  const { custody } = library();
  const head = custody.head();
  const entries = custody
    .list({ subject }, null, ENTRIES)
    .entries.map(({ seq, text, hash }): ReportCustody => {
      const { at, actor, action, purpose } = JSON.parse(text) as CustodyText;
      return { seq, at: at.wall, actor, action, subject, purpose, hash };
    })
    .toReversed();
  return { entries, omitted: head.seq - entries.length, head };
}

/** `detail`: what `sessions.show` answers. */
export function sessionReport(desk: Desk, session: SessionRow, recording: OpenedRecording, detail: SessionDetail): ReportInput {
  const { proof, discrepancyList, discrepancies, parts, root, records, piped } = detail;
  return {
    tool: { version: desk.version, emulator: EMULATOR },
    madeAt: desk.now(),
    case: null,
    notes: [],
    intent: desk.purpose(),
    signer: null,
    supersedes: null,
    bundle: false,
    redacted: false,
    exhibits: [],
    recordings: [
      {
        session: detail,
        root,
        records,
        withheld: 0,
        piped,
        // What leaves this machine does not say where on it a file lay.
        parts: parts.filter(({ role }) => role === 'original').map((part) => ({ ...part, name: baseName(part.name) })),
        proof,
        discrepancies: discrepancyList.map(({ kind, message, place }) => ({ kind, message, place: describePlace(place) })),
        moreDiscrepancies: discrepancies - discrepancyList.length,
        commands: shownCommands(eachCommand(desk.library(), session)),
        playback: playbackOf(recording),
        transcript: transcriptOf(recording),
        still: lastScreen(recording, standingAt(recording, recording.keyframes, recording.count)),
        closed: '',
      },
    ],
    findings: [],
    coverage: [],
    redactions: [],
    custody: custodyOf(desk, session.id),
  };
}

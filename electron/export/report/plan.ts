// What of a report stands in it and what lies beside it, decided before any of it is made; and how its parts are named and linked.

import type { ReportFinding, ReportInput, ReportRecording } from './report-input.ts';
import { markup, plain, Markup } from './markup.ts';
import { offset } from './words.ts';

/** Bytes of one playback that a report holds, and of all together: what a browser reads into memory without trouble. */
export const PLAYBACK_BYTES = 16 * 1024 * 1024;
export const ALL_PLAYBACK_BYTES = 48 * 1024 * 1024;

/** UTF-16 units of one transcript. What is beyond is left to the file. */
export const TRANSCRIPT_UNITS = 2 * 1024 * 1024;

export interface Planned {
  readonly recording: ReportRecording;
  /** From 1, in the order of the report: `recording-1`, `playback-1`. */
  readonly number: number;
  /** Numbers of its exhibits, or its own name where it is in no case. */
  readonly name: string;
  readonly title: string;
  /** Its playback is in the report. */
  readonly plays: boolean;
  readonly findings: readonly PlannedFinding[];
}

export interface PlannedFinding extends ReportFinding {
  /** `finding-1`. */
  readonly id: string;
  readonly recording: Planned | null;
}

export interface Plan {
  readonly input: ReportInput;
  readonly recordings: readonly Planned[];
  readonly findings: readonly PlannedFinding[];
  /** By the id of the annotation. */
  readonly annotated: ReadonlyMap<string, PlannedFinding>;
}

const titleOf = ({ session }: ReportRecording): string =>
  session.title ?? session.command ?? session.nativeId ?? `Recording ${session.id}`;

export function planReport(input: ReportInput): Plan {
  let left = ALL_PLAYBACK_BYTES;
  const ofSession = new Map<string, PlannedFinding[]>();
  const recordings: Planned[] = [];
  for (const [at, recording] of input.recordings.entries()) {
    const { id } = recording.session;
    const size = recording.playback?.size ?? Infinity;
    const plays = size <= Math.min(PLAYBACK_BYTES, left);
    if (plays) left -= size;
    const exhibits = input.exhibits.filter(({ session }) => session === id);
    const own: PlannedFinding[] = [];
    ofSession.set(id, own);
    recordings.push({
      recording,
      number: at + 1,
      name: exhibits.length === 0 ? 'Recording' : exhibits.map(({ number }) => number).join(', '),
      title: exhibits.length === 1 && exhibits[0]!.title !== '' ? exhibits[0]!.title : titleOf(recording),
      plays,
      findings: own,
    });
  }
  const findings = input.findings.map((finding, at): PlannedFinding => {
    const { session } = finding.annotation.anchor;
    const recording = recordings.find((one) => one.recording.session.id === session) ?? null;
    const planned = { ...finding, id: `finding-${String(at + 1)}`, recording };
    ofSession.get(session)?.push(planned);
    return planned;
  });
  return { input, recordings, findings, annotated: new Map(findings.map((one) => [one.annotation.id, one])) };
}

/** A time in a recording: a link that the player follows, where the report holds the playback. `label` is what the player calls it. */
export function jump(to: Planned | null, atUs: number, mark?: { readonly severity: string; readonly label: string }): Markup {
  const text = offset(atUs);
  if (to === null || !to.plays) return markup`<span class="time">${text}</span>`;
  const n = String(to.number);
  const more = mark === undefined ? '' : ` data-severity="${plain(mark.severity)}" data-label="${plain(mark.label)}"`;
  return markup`<a class="jump time" href="#playback-${n}" data-playback="${n}" data-at="${atUs}"${new Markup(more)}>${text}</a>`;
}

// Anchors: what an annotation points at, said in a way that can be checked against another copy of the recording. The recording
// is shown to this room by functions of the core, since events and screens are not its business. docs/evidence.md

import type { AnnotationAnchor, AnnotationCheck, AnnotationTarget } from '../../shared/api/case-shapes.ts';
import { tellClock, type Micros } from '../../shared/recording/time.ts';
import { quotes } from '../../shared/terminal/text.ts';

/** A recording as far as anchors need it. Positions count events from 0. */
export interface AnchoredRecording {
  readonly session: string;
  /** Lower-case hexadecimal. */
  readonly root: string;
  readonly records: number;
  /** Root of the tree over the first records of it; as many as `records` at most. */
  rootOf(records: number): string;
  /** How many events stand applied at a moment. */
  countAt(at: Micros): number;
  /** How many stand applied when the event of a sequence number does; null where there is none. */
  countAtSeq(seq: string): number | null;
  /** The source's own sequence number of an event; null where the source has none. */
  seqOf(position: number): string | null;
  timeOf(position: number): Micros;
  /** The screen with so many events applied; null where the recording does not open. */
  screenAfter(count: number): AnchoredScreen | null;
  /** Size of the screen with so many events applied, and the text of it and of the rows above; null where the recording does not open. */
  textAfter(count: number): { readonly cols: number; readonly rows: number; readonly text: string } | null;
}

export interface AnchoredScreen {
  /** shared/evidence/screen-hash.ts */
  readonly hash: string;
  /** Nothing is written on it: such a screen stands at the beginning of every recording. */
  readonly isBlank: boolean;
}

/** The anchor of a target. `fromUs` and `toUs` lie within the recording. */
export function makeAnchor(recording: AnchoredRecording, target: AnnotationTarget): AnnotationAnchor {
  const count = recording.countAt(target.fromUs as Micros);
  return {
    ...target,
    session: recording.session,
    root: recording.root,
    records: recording.records,
    fromEvent: count - 1,
    toEvent: recording.countAt(target.toUs as Micros) - 1,
    seq: count === 0 ? null : recording.seqOf(count - 1),
    screen: recording.screenAfter(count)?.hash ?? null,
  };
}

/**
 * Why the region or the text of a target is not to be seen at its moments, or null. How a text is broken into rows does not matter. Where
 * the recording does not open, nothing is known.
 */
export function whyNotSeen(recording: AnchoredRecording, { fromUs, toUs, region, text }: AnnotationTarget): string | null {
  if (region === null && text === null) return null;
  const screens = [...new Set([fromUs, toUs])].map((at) => recording.textAfter(recording.countAt(at as Micros)));
  const [first] = screens;
  if (first === null || first === undefined) return null;
  const { cols, rows } = first;
  if (region !== null && (region.row + region.rows > rows || region.col + region.cols > cols))
    return `the screen has ${String(cols)} columns and ${String(rows)} rows then, and the region goes beyond`;
  if (text === null || screens.some((screen) => quotes(screen?.text ?? '', text))) return null;
  return 'the text is not on the screen then';
}

/** Whether a recording's records are those of the anchor, perhaps followed by more. */
function hasRecords({ root, records }: AnnotationAnchor, recording: AnchoredRecording): boolean {
  if (records === recording.records) return root === recording.root;
  return records < recording.records && root === recording.rootOf(records);
}

type Found = Pick<AnnotationCheck, 'verdict' | 'reason' | 'place'>;

/** Where a copy shows the screen of the anchor: at its moment, its sequence number, or its position. Returns events applied. */
function findScreen(anchor: AnnotationAnchor, recording: AnchoredRecording): number | null {
  // An anchor may come from somebody else's file.
  const bySeq = /^\d{1,20}$/.test(anchor.seq ?? '') ? recording.countAtSeq(anchor.seq!) : null;
  const counts = [recording.countAt(anchor.fromUs as Micros), bySeq, anchor.fromEvent + 1];
  for (const count of counts) {
    const screen = count === null ? null : recording.screenAfter(count);
    if (screen !== null && !screen.isBlank && screen.hash === anchor.screen) return count;
  }
  return null;
}

function inSameRecords(anchor: AnnotationAnchor, recording: AnchoredRecording): Found {
  const place = { fromUs: anchor.fromUs, fromEvent: anchor.fromEvent };
  const grown = recording.records > anchor.records ? `, and ${String(recording.records - anchor.records)} more came since` : '';
  const records = `its ${String(anchor.records)} records are those of the anchor${grown}`;
  if (anchor.screen === null) return { verdict: 'match', reason: `${records}; no screen was noted`, place };
  const screen = recording.screenAfter(anchor.fromEvent + 1);
  if (screen === null) return { verdict: 'match', reason: `${records}; its screen does not open here`, place };
  if (screen.hash === anchor.screen) return { verdict: 'match', reason: `${records}, and so is the screen`, place };
  const reason = `${records}, but the screen is another one: another version of the terminal made it, or other keys opened it`;
  return { verdict: 'moved', reason, place };
}

/** Compares an anchor with a copy of its recording. Salts differ from one acquisition to the next, and so do roots. */
export function checkAnchor(anchor: AnnotationAnchor, recording: AnchoredRecording): Found {
  if (hasRecords(anchor, recording)) return inSameRecords(anchor, recording);
  const other = 'it is another acquisition';
  const nowhere = (why: string): Found => ({ verdict: 'not-this-recording', reason: `${other}, ${why}`, place: null });
  if (anchor.screen === null) return nowhere('and no screen was noted that could be compared');
  const count = findScreen(anchor, recording);
  if (count === null) return nowhere('and the screen is not to be found at the moment, the sequence number or the event');
  const standing = recording.countAt(anchor.fromUs as Micros) === count;
  if (standing && count === anchor.fromEvent + 1) {
    const place = { fromUs: anchor.fromUs, fromEvent: anchor.fromEvent };
    return { verdict: 'match', reason: `${other}, with the same screen at the same moment and event`, place };
  }
  const fromUs = standing ? anchor.fromUs : recording.timeOf(count - 1);
  const reason = `${other}; the same screen stands at ${tellClock(fromUs as Micros, 6)}, event ${String(count)}`;
  return { verdict: 'moved', reason, place: { fromUs, fromEvent: count - 1 } };
}

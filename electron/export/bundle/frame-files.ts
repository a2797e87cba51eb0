// A frame for each annotation, as files of the bundle and as the report shows it (electron/export/frames.ts makes them).

import type { Annotation } from '../../../shared/api/case-shapes.ts';
import { toHex } from '../../../shared/evidence/custody.ts';
import { NO_KEYFRAMES, type EventSource, type KeyframeLookup } from '../../replay/replay.ts';
import { certificateText, frameAt, type Frame } from '../frames.ts';
import type { ReportFrame } from '../report/report-input.ts';
import type { Turn } from '../turns.ts';
import { recordingFolder, type PlannedFile, type ShownRecording } from './recording-files.ts';

/** Screen states to begin from: those of the library hold for the stream as it was recorded, and for no other. */
export const keyframesOf = (shown: ShownRecording, stored: KeyframeLookup): KeyframeLookup =>
  shown.withheld.count === 0 ? stored : NO_KEYFRAMES;

/** The frame of a recording at which its first `count` events stand applied. */
export function frameOf(
  { session, id, withheld }: ShownRecording,
  source: EventSource,
  keyframes: KeyframeLookup,
  count: number,
  turn: Turn,
): Promise<Frame> {
  const of = { recording: id, root: toHex(session.root), records: session.records, redacted: withheld.count > 0 };
  return frameAt(source, keyframes, count, of, turn);
}

/** `file`: where the same frame lies in the bundle, without its ending. */
export function reportFrame({ svg, text, certificate }: Frame, file: string | null): ReportFrame {
  const { at_us: atUs, seq, size, screen } = certificate;
  return { svg, text, atUs, seq, cols: size.cols, rows: size.rows, screen, file };
}

/**
 * Files of the frames of one recording. A frame is made when the first of its files is written; `made` keeps what the report shows
 * of it.
 */
export function frameFiles(
  shown: ShownRecording,
  source: EventSource,
  keyframes: KeyframeLookup,
  annotations: readonly Annotation[],
  made: (annotation: Annotation, frame: ReportFrame) => void,
  turn: Turn,
): PlannedFile[] {
  return annotations.flatMap((annotation, at) => {
    const name = `frames/${String(at + 1)}`;
    let begun: Promise<Frame> | null = null;
    const frame = (): Promise<Frame> => (begun ??= frameOf(shown, source, keyframes, annotation.anchor.fromEvent + 1, turn));
    const file = (ending: string, content: (frame: Frame) => Uint8Array | string | null): PlannedFile => ({
      path: `${recordingFolder(shown.id)}${name}.${ending}`,
      content: async () => content(await frame()),
    });
    return [
      file('json', ({ certificate }) => certificateText(certificate)),
      file('png', ({ png }) => png),
      file('svg', ({ svg }) => svg),
      file('txt', (given) => {
        made(annotation, reportFrame(given, `recordings/${shown.id}/${name}`));
        begun = null;
        return given.text;
      }),
    ];
  });
}

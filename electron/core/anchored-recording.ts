// A recording as annotations are anchored to it: its tree, its events by position, the hashes of its screens.

import { toHex } from '../../shared/evidence/custody.ts';
import { screenHash } from '../../shared/evidence/screen-hash.ts';
import type { RecordingEvent } from '../../shared/recording/event.ts';
import type { AnchoredRecording } from '../cases/cases.ts';
import { createTree, rangeReader, sha256, type SessionRow } from '../library/library.ts';
import { isRstream, screenAt, showsNothing, terminalAt, writtenText } from '../replay/replay.ts';
import type { Desk } from './desk.ts';

export async function anchoredRecording(desk: Desk, session: SessionRow): Promise<AnchoredRecording> {
  const { content } = desk.library();
  const opening = await desk.keys().open(session);
  const recording = await desk.recordings().open(session);
  const isDark = opening.kind === 'locked' && (session.indexState === 'locked' || showsNothing(recording));
  const roots = new Map([[session.records, toHex(session.root)]]);

  const prefixRoot = (records: number): string => {
    const tree = createTree(content.saltSeed(session));
    const read = rangeReader(content, session.acquisition);
    for (const span of content.records(session)) {
      if (tree.count === records) break;
      tree.add(span, read);
    }
    return toHex(tree.root());
  };
  const eventAt = (position: number): RecordingEvent => {
    for (const { events } of recording.runs(position)) return events[0]!;
    throw new RangeError(`there is no event ${String(position)}`);
  };

  return {
    session: session.id,
    root: toHex(session.root),
    records: session.records,
    rootOf: (records) => {
      const root = roots.get(records) ?? prefixRoot(records);
      roots.set(records, root);
      return root;
    },
    countAt: (at) => recording.countAt(at),
    countAtSeq: (seq) => recording.countAtSeq(seq),
    seqOf: (position) => {
      const { seq } = eventAt(position);
      return isRstream(session) || seq !== String(position + 1) ? seq : null;
    },
    timeOf: (position) => eventAt(position).at,
    screenAfter: (count) => {
      if (isDark || count > recording.count) return null;
      const screen = screenAt(recording, recording.keyframes, count);
      return { hash: screenHash(sha256, screen), isBlank: screen.screen.every((row) => row === '') };
    },
    textAfter: (count) => {
      if (isDark || count > recording.count) return null;
      const emulator = terminalAt(recording, recording.keyframes, count);
      const { cols, rows } = emulator.terminal;
      return { cols, rows, text: writtenText(emulator) };
    },
  };
}

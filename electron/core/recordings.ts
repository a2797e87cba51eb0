// Opened recordings of the library, with the keys that they need. The last few stay open, because playback asks for neighbours
// of what it has just seen; they go when the library is locked and when their session is another one than it was.

import { PURGED, purgedError, type Library, type SessionRow } from '../library/library.ts';
import { openRecording, showsNothing, type OpenedRecording, type PayloadOpener } from '../replay/replay.ts';
import type { Keys } from './keys.ts';
import { createRights } from './rights.ts';

/** Recordings that stay open: as many as people watch side by side. Each holds the few runs that were used last. */
const HELD = 4;

export interface Recordings {
  /** The recording as far as it opens; what does not open is in it as sealed events. Throws kind `permission` where its source refuses it. */
  open(session: SessionRow): Promise<OpenedRecording>;
  /** As `open`, for who shows content. Throws the error of the session's lock where nothing of it can be shown. */
  readable(session: SessionRow): Promise<OpenedRecording>;
  forget(): void;
}

interface Held {
  readonly recording: OpenedRecording;
  readonly opener: PayloadOpener | null;
}

/** Whether a session is still what a recording was opened from. */
function same(a: SessionRow, b: SessionRow): boolean {
  return a.events === b.events && a.indexState === b.indexState && a.indexVersion === b.indexVersion && a.status === b.status;
}

/** `opened` hears of every session that is opened. */
export function createRecordings(library: Library, keys: Keys, opened: (session: SessionRow) => void): Recordings {
  const held = new Map<number, Held>();

  const open = (session: SessionRow, opener: PayloadOpener | null): OpenedRecording => {
    const known = held.get(session.key);
    held.delete(session.key);
    const kept = known !== undefined && known.opener === opener && same(known.recording.session, session);
    const recording = kept ? known.recording : openRecording(library, session, opener);
    if (held.size >= HELD) held.delete(held.keys().next().value!);
    held.set(session.key, { recording, opener });
    opened(session);
    return recording;
  };

  const rights = createRights(library.rights);
  const need = (session: SessionRow): void => {
    const what = `open recording ${session.id}`;
    rights.need(session, 'recording', what);
    if (session.lockCode === PURGED) throw purgedError(what);
  };

  return {
    open: async (session) => {
      need(session);
      const opening = await keys.open(session);
      return open(session, opening.kind === 'opened' ? opening.opener : null);
    },
    readable: async (session) => {
      need(session);
      const opening = await keys.open(session);
      const recording = open(session, opening.kind === 'opened' ? opening.opener : null);
      // The index knows of a session in which nothing could be read; without one it is looked through.
      if (opening.kind === 'locked' && (session.indexState === 'locked' || showsNothing(recording))) throw opening.error;
      return recording;
    },
    forget: () => held.clear(),
  };
}

// Calls for frames: the certificate of the still at a moment, and whether one holds against the recording.

import { ExhibitError } from '../../shared/api/errors.ts';
import { frameCertificate, type FrameCertificate } from '../../shared/api/frame-shapes.ts';
import { toHex } from '../../shared/evidence/custody.ts';
import { repeatedName } from '../../shared/recording/json-exact.ts';
import { parseJson } from '../../shared/recording/json-text.ts';
import { certificateText, checkFrame, frameAt } from '../export/export.ts';
import { anchoredRecording } from './anchored-recording.ts';
import { findSession, type Desk, type Handlers } from './desk.ts';
import { standingAt } from './moments.ts';

/** Throws kind `usage` where the text is no certificate. */
function certificateOf(text: string): FrameCertificate {
  const refuse = (why: string): never => {
    throw new ExhibitError('usage', 'check frame', why, 'name the .json file that was made with the frame');
  };
  const read = parseJson(Buffer.from(text));
  // A person may have read the first one, and the last one would be checked.
  const repeated = read.kind === 'value' ? repeatedName(read.text) : null;
  if (repeated !== null) {
    const { name, line, column } = repeated;
    refuse(`it has ${JSON.stringify(name)} twice in one object, again at line ${String(line)}, column ${String(column)}`);
  }
  const parsed = frameCertificate.safeParse(read.kind === 'value' ? read.value : undefined);
  if (parsed.success) return parsed.data;
  const place = parsed.error.issues[0]?.path.join('.') ?? '';
  return refuse(`it is not the certificate of a frame${place === '' ? '' : `: ${place}`}`);
}

export function frameCalls(desk: Desk): Handlers<'frames.certificate' | 'frames.check'> {
  return {
    'frames.certificate': async ({ id, at }) => {
      const recording = await desk.recordings().readable(findSession(desk.library(), id));
      const { session, keyframes } = recording;
      const standing = standingAt(recording, at);
      const of = { recording: session.id, root: toHex(session.root), records: session.records, redacted: false };
      const { certificate } = await frameAt(recording, keyframes, standing.count, of);
      return {
        output: { text: certificateText(certificate) },
        subject: session.id,
        details: { what: 'certificate of a frame', at_us: standing.at },
      };
    },

    'frames.check': async ({ id, certificate: text, image }) => {
      const certificate = certificateOf(text);
      const recording = await desk.recordings().readable(findSession(desk.library(), id));
      const { session, keyframes } = recording;
      // A live session has more records by now: its tree as it was then is asked.
      const records = Math.min(certificate.records, session.records);
      const root = (await anchoredRecording(desk, session)).rootOf(records);
      const of = { recording: session.id, root, records, redacted: false };
      const output = await checkFrame(recording, keyframes, of, certificate, image);
      return {
        output,
        subject: session.id,
        details: { what: 'frame', event: certificate.event, screen: certificate.screen, holds: output.holds },
      };
    },
  };
}

// Frames: a still of any moment as SVG with real text, as PNG and as text, with a certificate that says of which recording it is, at which
// event, and what stood on the screen, so that whoever has the recording can make it again. Specification: docs/evidence.md, "Frames".

import { hash } from 'node:crypto';
import { ExhibitError } from '../../shared/api/errors.ts';
import type { FrameCertificate, FrameCheck } from '../../shared/api/frame-shapes.ts';
import { screenHash } from '../../shared/evidence/screen-hash.ts';
import type { Emulator } from '../../shared/terminal/emulator.ts';
import { readScreen } from '../../shared/terminal/screen.ts';
import { sha256 } from '../library/library.ts';
import { EMULATOR, renderPng, standingInSteps, stillOf, type EventSource, type KeyframeLookup } from '../replay/replay.ts';
import { anyTurn, inTurns, type Turn } from './turns.ts';

/** The recording that a frame is of. */
export interface FrameOf {
  readonly recording: string;
  /** Root of the acquisition tree, hexadecimal, and the records under it. */
  readonly root: string;
  readonly records: number;
  /** The stream was redacted before the frame was made. */
  readonly redacted: boolean;
}

export interface Frame {
  readonly svg: string;
  readonly png: Uint8Array | null;
  /** Visible rows, each ended by a line feed. */
  readonly text: string;
  readonly certificate: FrameCertificate;
}

const digest = (bytes: string | Uint8Array): string => hash('sha256', bytes);

/** The picture, or null where it would be too large. */
async function pngOf(svg: string): Promise<Uint8Array | null> {
  try {
    return await renderPng(svg);
  } catch (error) {
    if (error instanceof ExhibitError && error.kind === 'refused') return null;
    throw error;
  }
}

/** A frame of what a terminal shows now, the last event applied being `event`. */
async function frameOf(
  emulator: Emulator,
  last: Pick<FrameCertificate, 'event' | 'seq' | 'at_us'>,
  { recording, root, records, redacted }: FrameOf,
): Promise<Frame> {
  const svg = stillOf(emulator);
  const png = await pngOf(svg);
  const shown = readScreen(emulator);
  const text = shown.screen.map((row) => `${row}\n`).join('');
  return {
    svg,
    png,
    text,
    certificate: {
      schema: 'exhibit-frame/1',
      recording,
      root,
      records,
      redacted,
      ...last,
      size: { cols: shown.cols, rows: shown.rows },
      cursor: { row: shown.cursorRow, col: shown.cursorCol, visible: shown.cursorVisible },
      alternate: shown.alternate,
      emulator: EMULATOR,
      screen: screenHash(sha256, shown),
      svg: digest(svg),
      png: png === null ? null : digest(png),
      txt: digest(text),
    },
  };
}

/** The frame of the moment at which the first `count` events stand applied; more than there are: at the end. */
export async function frameAt(
  source: EventSource,
  keyframes: KeyframeLookup,
  count: number,
  of: FrameOf,
  turn: Turn = anyTurn,
): Promise<Frame> {
  const events = Math.min(Math.max(count, 0), source.count);
  const { emulator, last } = await inTurns(standingInSteps(source, keyframes, events), turn);
  const place = { event: events - 1, seq: last?.seq ?? null, at_us: last?.at ?? 0 };
  return frameOf(emulator, place, of);
}

/** The certificate as a file. */
export function certificateText(certificate: FrameCertificate): string {
  return `${JSON.stringify(certificate, null, 2)}\n`;
}

const NAMES: readonly (readonly [keyof FrameCertificate, string])[] = [
  ['recording', 'recording'],
  ['root', 'root of the acquisition tree'],
  ['records', 'records under the root'],
  ['redacted', 'redacted or not'],
  ['seq', 'sequence number'],
  ['at_us', 'time of the event'],
  ['emulator', 'emulator'],
  ['size', 'size of the screen'],
  ['cursor', 'cursor'],
  ['alternate', 'alternate screen or not'],
  ['screen', 'hash of the screen'],
  ['svg', 'SVG'],
  ['png', 'PNG'],
  ['txt', 'text'],
];

const IMAGES = ['svg', 'png', 'txt'] as const;

/**
 * Makes the frame of a certificate again and compares. `image`: the bytes of a file that is said to be that frame, or null. A frame
 * of a redacted stream holds only against that stream.
 */
export async function checkFrame(
  source: EventSource,
  keyframes: KeyframeLookup,
  of: FrameOf,
  certificate: FrameCertificate,
  image: Uint8Array | null,
): Promise<FrameCheck> {
  const exists = certificate.event < source.count;
  const frame = await frameAt(source, keyframes, certificate.event + 1, of);
  const steps = [
    {
      what: 'event',
      holds: exists,
      detail: exists ? String(certificate.event) : `the recording has ${String(source.count)} events`,
    },
    ...NAMES.map(([member, what]) => {
      const [claimed, found] = [certificate[member], frame.certificate[member]].map((value) => JSON.stringify(value));
      return claimed === found
        ? { what, holds: true, detail: found! }
        : { what, holds: false, detail: `the certificate says ${claimed!}, the recording gives ${found!}` };
    }),
  ];
  if (image !== null) {
    const own = digest(image);
    const form = IMAGES.find((name) => certificate[name] === own);
    const detail =
      form === undefined
        ? `its SHA-256 is ${own}, which is none of the certificate's`
        : `the certificate's ${form}, byte for byte`;
    steps.push({ what: 'image', holds: form !== undefined, detail });
  }
  return { holds: steps.every(({ holds }) => holds), steps };
}

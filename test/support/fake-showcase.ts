// Real recordings as the fake core's sessions: the sample case and the kept fixtures, decoded, with the commands of their truth files. What
// only the real index knows (keyframes, visible text) is left out.

import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Command, HiddenFinding, Session } from '../../shared/api/shapes.ts';
import { formatInstant } from '../../shared/recording/time.ts';
import type { FakeRecording } from './fake-recordings.ts';
import { KEPT_RECORDINGS, RECORDINGS, decodeFiles, unpack } from './recording-files.ts';

export const SHOWCASE: readonly string[] = [
  'incident-main.cast',
  'incident-exec-1-nightly-backup.cast',
  'incident-exec-2-replica-watch.cast',
  'incident-exec-3-audit-verify.cast',
  'resize.cast',
  'unicode-wide.v3.cast',
  'python-repl.cast',
  'vim-edit.cast',
  'colours-attributes.cast',
  'hidden-text.cast',
  'long-output.cast',
  'malformed/bidi.cast',
  'malformed/broken-line-in-middle.cast',
  'malformed/decreasing-times.cast',
  'malformed/equal-times.cast',
  'malformed/titles.cast',
  'malformed/markup.cast',
  'malformed/header-only.cast',
];

const SAMPLE = new URL('../../build/sample', import.meta.url).pathname;

interface Truth {
  readonly commands?: readonly {
    readonly text: string;
    readonly typed: number;
    readonly entered: number;
    readonly prompt_back?: number | null;
  }[];
  readonly hidden?: readonly { readonly t: number; readonly cause: string; readonly text: string }[];
  readonly exit_status?: number;
  readonly actor?: string;
  readonly session?: string;
  readonly workflow?: string;
}

/** The truth file's words for a cause, and ours. */
const CAUSES: readonly (readonly [RegExp, HiddenFinding['cause']])[] = [
  [/SGR 8/, 'concealed'],
  [/background/, 'same-colour'],
  [/painted over/, 'repainted'],
  [/not echo/, 'not-echoed'],
  [/title/, 'title'],
  [/clipboard/, 'clipboard'],
  [/zero-width/, 'invisible-character'],
  [/bidirectional/, 'bidi-control'],
  [/string/, 'control-string'],
];

const causeOf = (text: string): HiddenFinding['cause'] => CAUSES.find(([words]) => words.test(text))?.[1] ?? 'short-lived';

const us = (seconds: number): number => Math.round(seconds * 1_000_000);

function truthOf(path: string): Truth {
  const file = `${path}.truth.json`;
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Truth) : {};
}

/** Decodes a recording file into a session of the fake core, or null when this checkout has no such file. */
export function showcaseRecording(name: string): FakeRecording | null {
  const path = [RECORDINGS, KEPT_RECORDINGS, SAMPLE].map((folder) => join(folder, name)).find((file) => existsSync(file));
  if (path === undefined) return null;
  const bytes = new Uint8Array(unpack(readFileSync(path)));
  const [decoded] = decodeFiles([{ name: basename(name), bytes }]).decoded;
  const found = decoded?.sessions[0];
  if (decoded === undefined || found === undefined) return null;
  const truth = truthOf(path);
  const { header, events } = found;
  const stream = (wanted: string): number =>
    events.reduce((sum, event) => sum + (event.kind === 'data' && event.stream === wanted ? event.bytes.length : 0), 0);
  const commands = (truth.commands ?? []).map(({ text, typed, entered, prompt_back: back }): Command => {
    const enteredUs = us(entered);
    return {
      index: Math.max(
        0,
        events.findLastIndex(({ at }) => at <= enteredUs),
      ),
      prompt: `${truth.actor ?? 'user'}@prod-db-1:~$`,
      text,
      typedUs: us(typed),
      enteredUs,
      endUs: back === undefined || back === null ? null : us(back),
      exitStatus: null,
      evidence: 'input',
      confidence: 0.9,
      echoed: true,
    };
  });
  const exit = events.find((event) => event.kind === 'exit');
  const session: Session = {
    id: `r-${basename(name).replace(/\W+/g, '-')}`,
    nativeId: truth.session ?? null,
    source: name.startsWith('incident') ? 'sample' : 'files',
    format: 'asciicast-v2',
    title: header.title ?? basename(name),
    command: header.command ?? null,
    user: truth.actor ?? header.user ?? null,
    server: name.startsWith('incident') ? 'prod-db-1' : (header.server ?? null),
    origin: null,
    environment: name.startsWith('incident') ? 'production' : null,
    group: truth.workflow ?? null,
    status: 'closed',
    startedAt: header.startedAt === undefined ? null : formatInstant(header.startedAt),
    durationUs: events.at(-1)?.at ?? 0,
    cols: header.cols,
    sizeAssumed: header.sizeAssumed,
    rows: header.rows,
    events: events.length,
    stdinBytes: stream('stdin'),
    stdoutBytes: stream('stdout'),
    stderrBytes: stream('stderr'),
    exitStatus: truth.exit_status ?? (exit?.kind === 'exit' ? exit.status : null),
    discrepancies: decoded.discrepancies.length,
    acquiredAt: '2026-11-21T09:58:12Z',
    reviewedBy: [],
    retention: { sourceUntil: null, libraryUntil: null, held: false, goneAtSource: false, purgedAt: null },
    lock: { state: 'open', code: null, reason: '', todo: '' },
    index: 'done',
  };
  const hidden = (truth.hidden ?? []).map(({ t, cause, text }): HiddenFinding => {
    const fromUs = us(t);
    const index = Math.max(
      0,
      events.findLastIndex(({ at }) => at <= fromUs),
    );
    const place = { row: null, col: null, stream: 'stdout' } as const;
    return { index, fromUs, toUs: fromUs, cause: causeOf(cause), text, ...place, note: `${cause}.`, times: 1 };
  });
  return { session, events, commands, hidden, discrepancies: decoded.discrepancies };
}

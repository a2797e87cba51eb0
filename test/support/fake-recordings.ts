// Sample data for the fake core: a handful of shell sessions, made from a script, always the same. Output is plain lines, so that a
// screen can be told without a terminal.

import { encodeEvents } from '../../shared/recording/event-chunk.ts';
import type { Discrepancy } from '../../shared/recording/discrepancy.ts';
import type { RecordingEvent } from '../../shared/recording/event.ts';
import { micros } from '../../shared/recording/time.ts';
import type { Command, HiddenFinding, EventRow, Lock, Session } from '../../shared/api/shapes.ts';

interface Step {
  readonly command: string;
  readonly output: readonly string[];
}

const STEPS: readonly Step[] = [
  { command: 'uname -a', output: ['Linux db1 6.12.0 #1 SMP x86_64 GNU/Linux'] },
  { command: 'systemctl status postgresql', output: ['postgresql.service - PostgreSQL RDBMS', '   Active: active (running)'] },
  { command: 'psql -c "select count(*) from payments"', output: [' count', '-------', ' 48211', '(1 row)'] },
  { command: 'tail -n 2 /var/log/auth.log', output: ['Accepted publickey for ana', 'session opened for user ana'] },
  { command: 'sudo rm /tmp/export.csv', output: [] },
];

const USERS = ['ana', 'ben', 'chidi', 'dora'];
const SERVERS = ['db1', 'web2', 'bastion'];
/** How slowly it is typed. */
const TEMPOS = [1, 4, 2, 11, 1, 3, 40];
/** Locks in turn, as the core words them. */
const LOCKS: readonly Omit<Lock, 'state'>[] = [
  {
    code: 'no_trusted_device',
    reason: 'the session is encrypted for workspace devices, and no device on this machine is trusted',
    todo: 'enrol this machine, have its code approved in a trusted browser, and refresh its status; the session then still has to be granted to it',
  },
  {
    code: 'trusted_device_without_session_grant',
    reason:
      'this device is trusted by the workspace, and the session was not granted to it: grants are made for the browsers and devices that opened or joined a session',
    todo: 'use the browser or device that opened or joined the session, or join it from this device while it runs; enrolling again does not help',
  },
  {
    code: 'explicit_key_identity_missing',
    reason: 'the session is encrypted for explicit keys, and no endpoint identity on this machine is one of them',
    todo: 'import or choose the endpoint identity that was authorized; enrolling a device does not help',
  },
  {
    code: 'managed_payload_not_returned',
    reason: 'the engine manages the keys of this session and did not return its content',
    todo: 'use a token that may read session logs (webtty.logs.read-only)',
  },
  {
    code: 'grant_revoked',
    reason: 'the key grant of this recipient was revoked',
    todo: 'ask the operator of the rstream project for a grant that is in force, or open the session from another recipient',
  },
  {
    code: 'no_grants_here',
    reason: 'it is end-to-end encrypted, and nothing here says for which keys: it came as a file, without key grants',
    todo: 'synchronise the session from its source, which has the grants',
  },
  {
    code: 'no_key_available',
    reason: 'the session has no key grant that a key on this machine could open',
    todo: 'ask who made the session for whom it was encrypted',
  },
];

/** These sessions are one workflow, of one morning. */
const GROUPED = { from: 40, to: 46, id: 'release-2026.10.2' } as const;

const FORMATS = ['asciicast-v2', 'asciicast-v3', 'ttyrec', 'rstream'];

export const COLS = 80;
export const ROWS = 24;
const KEY_TIME = 120_000;
const OUTPUT_TIME = 400_000;

const encoder = new TextEncoder();

export interface FakeRecording {
  readonly session: Session;
  readonly events: readonly RecordingEvent[];
  readonly commands: readonly Command[];
  readonly hidden: readonly HiddenFinding[];
  readonly discrepancies: readonly Discrepancy[];
}

const plays = new Map<string, Pick<FakeRecording, 'events' | 'commands'>>();

/** The same for the same user, server and tempo: a list of 100,000 sessions holds the events of some dozens. */
function playOnce(user: string, server: string, tempo: number): Pick<FakeRecording, 'events' | 'commands'> {
  const key = `${user} ${server} ${String(tempo)}`;
  const known = plays.get(key) ?? play(user, server, tempo);
  plays.set(key, known);
  return known;
}

function play(user: string, server: string, tempo: number): Pick<FakeRecording, 'events' | 'commands'> {
  const events: RecordingEvent[] = [];
  const commands: Command[] = [];
  let at = 0;
  const add = (stream: 'stdin' | 'stdout', text: string, after: number): void => {
    at += after * tempo;
    const seq = String(events.length + 1);
    events.push({ seq, at: micros(at), record: events.length + 1, kind: 'data', stream, bytes: encoder.encode(text) });
  };
  const prompt = `${user}@${server}:~$ `;
  add('stdout', prompt, 0);
  for (const { command, output } of STEPS) {
    const typedUs = at + KEY_TIME * tempo;
    for (const key of command) {
      add('stdin', key, KEY_TIME);
      add('stdout', key, 1_000);
    }
    add('stdin', '\r', KEY_TIME);
    const enteredUs = at;
    const index = events.length - 1;
    add('stdout', `\r\n${output.map((line) => `${line}\r\n`).join('')}`, OUTPUT_TIME);
    commands.push({
      index,
      prompt: prompt.trim(),
      text: command,
      typedUs,
      enteredUs,
      endUs: at,
      exitStatus: null,
      evidence: 'input',
      confidence: 0.9,
      echoed: true,
    });
    add('stdout', prompt, 5_000);
  }
  const seq = String(events.length + 1);
  events.push({ seq, at: micros(at + KEY_TIME * tempo), record: events.length + 1, kind: 'exit', status: 0, text: '0' });
  return { events, commands };
}

/** The same event as the core hands it out while nothing opens it. */
const sealed = (event: RecordingEvent): RecordingEvent =>
  event.kind === 'data'
    ? {
        seq: event.seq,
        at: event.at,
        record: event.record,
        kind: 'sealed',
        stream: event.stream,
        length: event.bytes.length,
        ciphertext: new Uint8Array(),
        crypto: 'null',
      }
    : event;

const streamBytes = (events: readonly RecordingEvent[], stream: string): number =>
  events.reduce((sum, event) => sum + (event.kind === 'data' && event.stream === stream ? event.bytes.length : 0), 0);

const pick = <T>(list: readonly T[], i: number): T => list[i % list.length]!;

/** What a session's index found hidden: a line that a program drew over, and a word that was typed unseen. */
function hiddenIn(events: readonly RecordingEvent[]): HiddenFinding[] {
  const findings: HiddenFinding[] = [];
  const add = (index: number, finding: Omit<HiddenFinding, 'index' | 'fromUs' | 'toUs' | 'times'>, stood: number): void => {
    const event = events[index];
    if (event !== undefined) findings.push({ index, fromUs: event.at, toUs: event.at + stood, times: 1, ...finding });
  };
  const drawn = { stream: 'stdout', row: 2, col: 0 } as const;
  const short = {
    cause: 'short-lived',
    text: 'rm -rf /var/log/audit',
    note: 'Stood for 12 ms, then went with CSI 2 K.',
  } as const;
  add(Math.floor(events.length / 3), { ...drawn, ...short }, 12_000);
  const unseen = { cause: 'not-echoed', text: 'correct horse', note: 'Typed, and shown nowhere.' } as const;
  add(Math.floor(events.length / 2), { stream: 'stdin', row: null, col: null, ...unseen }, 0);
  return findings;
}

export function fakeRecording(i: number, source = 'files'): FakeRecording {
  const user = pick(USERS, i);
  const server = pick(SERVERS, i);
  const { events, commands } = playOnce(user, server, pick(TEMPOS, i));
  const locked = i % 20 === 7;
  const two = (n: number): string => String(n).padStart(2, '0');
  const grouped = i >= GROUPED.from && i <= GROUPED.to;
  const started = grouped
    ? `2026-10-14T09:0${String(Math.floor((i - GROUPED.from) / 2))}:${two(((i - GROUPED.from) * 23) % 60)}Z`
    : `2026-10-${two((i % 28) + 1)}T${two(7 + (i % 11))}:${two((i * 7) % 60)}:${two((i * 13) % 60)}Z`;
  return {
    events: locked ? events.map(sealed) : events,
    commands: locked ? [] : commands,
    hidden: locked ? [] : hiddenIn(events),
    discrepancies:
      i % 9 === 4
        ? [
            {
              kind: 'bad-line',
              message: 'this line is no event and was left out',
              place: { file: 'server.cast', line: 6, offset: 412, length: 31 },
            },
          ]
        : [],
    session: {
      id: `s-${String(i + 1).padStart(4, '0')}`,
      nativeId: null,
      source,
      format: pick(FORMATS, i),
      title: `Maintenance of ${server}, part ${String(i + 1)}`,
      command: '/bin/bash',
      user,
      server,
      origin: null,
      environment: i % 2 === 0 ? 'production' : 'staging',
      group: grouped ? GROUPED.id : null,
      status: 'closed',
      startedAt: started,
      durationUs: events.at(-1)!.at,
      cols: COLS,
      sizeAssumed: false,
      rows: ROWS,
      events: events.length,
      stdinBytes: streamBytes(events, 'stdin'),
      stdoutBytes: streamBytes(events, 'stdout'),
      stderrBytes: 0,
      exitStatus: 0,
      discrepancies: i % 9 === 4 ? 1 : 0,
      acquiredAt: '2026-11-01T12:00:00Z',
      reviewedBy: [],
      retention: { sourceUntil: null, libraryUntil: null, held: false, goneAtSource: false, purgedAt: null },
      lock: locked
        ? { state: 'locked', ...pick(LOCKS, Math.floor(i / 20)) }
        : { state: 'open', code: null, reason: '', todo: '' },
      index: locked ? 'locked' : 'done',
    },
  };
}

const decoder = new TextDecoder();

/** What stands on the screen after `count` events: the last rows of what was printed. */
export function screenAfter({ events }: FakeRecording, count: number): string[] {
  const printed = events
    .slice(0, count)
    .map((event) => (event.kind === 'data' && event.stream === 'stdout' ? decoder.decode(event.bytes) : ''))
    .join('');
  const lines = printed.split('\r\n').slice(-ROWS);
  return [...lines, ...Array.from({ length: ROWS - lines.length }, () => '')].map((line) => line.trimEnd());
}

export function eventRows({ events }: FakeRecording, from: number, to: number, withData: boolean): EventRow[] {
  return events.slice(from, to).map((event, i) => ({
    index: from + i,
    seq: event.seq,
    atUs: event.at,
    time: null,
    kind: event.kind,
    stream: event.kind === 'data' || event.kind === 'sealed' ? event.stream : null,
    length: event.kind === 'data' ? event.bytes.length : event.kind === 'sealed' ? event.length : 0,
    record: event.record,
    text: event.kind === 'exit' ? event.text : '',
    code: null,
    data: withData && event.kind === 'data' ? event.bytes : null,
  }));
}

/** Events as the window pulls them. */
export function run(
  { events }: FakeRecording,
  from: number,
  to: number,
): { firstIndex: number; count: number; bytes: Uint8Array } {
  const chosen = events.slice(from, to);
  return { firstIndex: from, count: chosen.length, bytes: encodeEvents(chosen, from) };
}

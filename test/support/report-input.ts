// The sample case as a report is made of it: four recordings, findings with their frames, a redaction, coverage, custody. Made from the files
// of build/sample alone, without a library, so that pieces of a report can be tested and looked at by themselves.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Annotation, ScreenRegion, Severity } from '../../shared/api/case-shapes.ts';
import { TEXT_LOG_DEFAULTS, type Proof } from '../../shared/api/shapes.ts';
import { AsciicastWriter } from '../../shared/recording/asciicast-writer.ts';
import type { RecordingEvent } from '../../shared/recording/event.ts';
import { formatInstant, parseInstant, type Micros } from '../../shared/recording/time.ts';
import { readScreen } from '../../shared/terminal/screen.ts';
import type { ReportFinding, ReportFrame, ReportInput, ReportRecording } from '../../electron/export/export.ts';
import { EMULATOR, NO_KEYFRAMES, stillOf, terminalAt, textLog, type EventSource } from '../../electron/replay/replay.ts';
import { decodeFiles } from './recording-files.ts';

const SAMPLE = join(import.meta.dirname, '../../build/sample');

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A list of events as a source of them. */
export function eventList(events: readonly RecordingEvent[], cols: number, rows: number): EventSource {
  return {
    count: events.length,
    cols,
    rows,
    piped: false,
    duration: events.at(-1)?.at ?? (0 as Micros),
    runs: (from) => [{ firstIndex: from, events: events.slice(from) }],
    countAt: (at) => events.filter((event) => event.at <= at).length,
    countAtSeq: (seq) => events.findIndex((event) => event.seq === seq) + 1 || null,
  };
}

export function frameOf(source: EventSource, atUs: number, file: string | null = null): ReportFrame {
  const count = source.countAt(atUs as Micros);
  const emulator = terminalAt(source, NO_KEYFRAMES, count);
  const { cols, rows, screen } = readScreen(emulator);
  const text = screen.map((row) => `${row}\n`).join('');
  const [span] = count === 0 ? [] : source.runs(count - 1);
  return { svg: stillOf(emulator), text, atUs, seq: span?.events[0]?.seq ?? null, cols, rows, screen: sha256(text), file };
}

/** The lines of a source as asciicast version 2. */
export function castOf(source: EventSource): readonly string[] {
  const writer = new AsciicastWriter(2);
  const lines = source.runs(0);
  return [
    writer.header({ cols: source.cols, rows: source.rows }),
    ...Array.from(lines, ({ events }) => events.map((event) => writer.event(event)).join('')),
    writer.end(),
  ];
}

/** All pieces of a text. */
export async function whole(pieces: Iterable<string> | AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

interface SampleSession {
  readonly file: string;
  readonly session: string;
  readonly actor: string;
  readonly host: string;
  readonly command: string;
  readonly ticket?: string;
  readonly started: string;
  readonly exit_status: number;
}

const PROOF: readonly Proof[] = [
  {
    property: 'content',
    verdict: 'not-proven',
    reason: 'the source delivered it in clear: nothing but trust in the source says that this was on the screen',
  },
  {
    property: 'order',
    verdict: 'not-proven',
    reason: 'records in the order received; the format has no sequence numbers that could show a loss',
  },
  {
    property: 'uniqueness',
    verdict: 'not-proven',
    reason: 'the recording is not encrypted: there is no nonce that could repeat',
  },
  { property: 'time', verdict: 'not-proven', reason: "the recorder's clock, never going back; no third party attests any time" },
  {
    property: 'completeness',
    verdict: 'not-proven',
    reason: 'it ends with exit status 0; nothing attests that no event is missing before it',
  },
  {
    property: 'custody',
    verdict: 'proven',
    reason: 'acquired 2026-11-21T08:00:00.000Z; found unchanged 2026-11-21T09:30:00.000Z',
  },
];

export interface SampleRecording {
  readonly recording: ReportRecording;
  readonly source: EventSource;
}

export function sampleRecordings(): readonly SampleRecording[] {
  const { sessions } = JSON.parse(readFileSync(join(SAMPLE, 'case.json'), 'utf8')) as { sessions: readonly SampleSession[] };
  return sessions.map((sample) => {
    const bytes = readFileSync(join(SAMPLE, sample.file));
    const { decoded } = decodeFiles([{ name: sample.file, bytes }]);
    const { header, events } = decoded[0]!.sessions[0]!;
    const source = eventList(events, header.cols, header.rows);
    const cast = castOf(source);
    const { session: id } = sample;
    const recording: ReportRecording = {
      session: {
        id,
        nativeId: sample.session,
        source: 'sample',
        format: 'asciicast-v2',
        title: sample.ticket ?? null,
        command: sample.command,
        user: sample.actor,
        server: sample.host,
        origin: null,
        environment: 'production',
        group: 'wf-7c19e2',
        status: 'closed',
        startedAt: formatInstant(parseInstant(sample.started)!),
        durationUs: source.duration,
        cols: header.cols,
        rows: header.rows,
        sizeAssumed: false,
        events: events.length,
        stdinBytes: 0,
        stdoutBytes: bytes.length,
        stderrBytes: 0,
        exitStatus: sample.exit_status,
        discrepancies: 0,
        acquiredAt: '2026-11-21T08:00:00.000Z',
        reviewedBy: [],
        retention: { sourceUntil: null, libraryUntil: null, held: false, goneAtSource: false, purgedAt: null },
        lock: { state: 'open', code: null, reason: '', todo: '' },
        index: 'done',
      },
      root: sha256(`root of ${id}`),
      records: events.length + 1,
      withheld: 0,
      piped: false,
      parts: [{ name: sample.file, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }],
      proof: PROOF,
      discrepancies: [],
      moreDiscrepancies: 0,
      commands: { listed: [], more: 0, unseen: 0 },
      playback: {
        size: Buffer.byteLength(cast.join('')),
        pieces: () => cast,
        file: `recordings/${id}/playback.cast`,
      },
      transcript: {
        pieces: () => textLog(source, TEXT_LOG_DEFAULTS, { fromSeq: null, maxEvents: 0 }),
        file: `recordings/${id}/transcript.txt`,
      },
      still: frameOf(source, source.duration),
      closed: '',
    };
    return { recording, source };
  });
}

interface FindingOptions {
  readonly title: string;
  readonly note: string;
  readonly severity: Severity;
  readonly fromUs: number;
  readonly toUs?: number;
  readonly region?: ScreenRegion;
  readonly text?: string;
  readonly tags?: readonly string[];
  readonly links?: readonly string[];
  readonly retracted?: boolean;
}

export function finding({ recording, source }: SampleRecording, at: number, options: FindingOptions): ReportFinding {
  const { fromUs, toUs = fromUs, region = null, text = null } = options;
  const kind = region !== null ? 'region' : text !== null ? 'text' : toUs > fromUs ? 'range' : 'moment';
  const body = {
    title: options.title,
    note: options.note,
    tags: [...(options.tags ?? [])],
    severity: options.severity,
    links: [...(options.links ?? [])],
  };
  const author = 'Mara Quint';
  const createdAt = '2026-11-21T09:41:00.000Z';
  const retracted = options.retracted ?? false;
  const count = source.countAt(fromUs as Micros);
  const annotation: Annotation = {
    ...body,
    id: `a-${String(at)}`,
    case: 'c-1',
    anchor: {
      kind,
      fromUs,
      toUs,
      region,
      text,
      session: recording.session.id,
      root: recording.root,
      records: recording.records,
      fromEvent: count - 1,
      toEvent: source.countAt(toUs as Micros) - 1,
      seq: String(count),
      screen: sha256(String(fromUs)),
    },
    author,
    createdAt,
    changedAt: createdAt,
    retracted,
    from: null,
    versions: [
      { ...body, version: 1, author, at: createdAt, reason: 'first written', retracted: false },
      ...(retracted
        ? [{ ...body, version: 2, author, at: '2026-11-21T10:02:00.000Z', reason: 'the job does this every night', retracted }]
        : []),
    ],
  };
  const frame = retracted ? null : frameOf(source, fromUs, `recordings/${recording.session.id}/frames/${String(at)}`);
  return { number: `F-${String(at).padStart(3, '0')}`, annotation, frame };
}

/** The sample case with findings, redacted or not. `change` may put anything else in its place. */
export function sampleReport(change: Partial<ReportInput> = {}): ReportInput {
  const samples = sampleRecordings();
  const main = samples.find(({ recording }) => recording.session.title !== null)!;
  const others = samples.filter((one) => one !== main);
  const all = [main, ...others];
  const commands = {
    listed: [
      { atUs: 21_000_000, text: 'uptime' },
      { atUs: 97_500_000, text: 'psql -U app customers' },
      { atUs: 250_000_000, text: 'sudo vim /var/log/postgresql/server.log' },
    ],
    more: 0,
    unseen: 1,
  };
  return {
    tool: { version: '0.1.0', emulator: EMULATOR },
    madeAt: '2026-11-21T10:30:00Z',
    case: {
      number: 'SEC-0093',
      title: 'Customer data read and server log changed on prod-db-1',
      authority: 'Incident policy 4.2, approved by the data protection officer on 2026-11-21',
      purpose: 'Find out what was read and what was changed during OPS-4127',
      custodian: 'Mara Quint',
      members: ['Mara Quint', 'Jonas Brandt'],
      status: 'open',
      createdAt: '2026-11-21T08:10:00.000Z',
    },
    notes: [
      {
        text: 'The change request **OPS-4127** covers a restart of the replica, and nothing else.\n\n- no export of customer data\n- no change of `server.log`',
        author: 'Mara Quint',
        at: '2026-11-21T08:20:00.000Z',
      },
    ],
    intent: 'Hand over to counsel',
    signer: { name: 'Mara Quint', fingerprint: 'SHA256:Jx1mQ3u0H3c6v8w2p5yK9rTtA7bE4dG1nL0sZfUoV2I' },
    supersedes: null,
    bundle: true,
    redacted: true,
    exhibits: all.map(({ recording }, at) => ({
      id: `e-${String(at)}`,
      case: 'c-1',
      number: `EX-${String(at + 1).padStart(3, '0')}`,
      session: recording.session.id,
      range: null,
      title: recording.session.title === null ? '' : 'Interactive session under OPS-4127',
      addedBy: 'Mara Quint',
      addedAt: '2026-11-21T08:15:00.000Z',
      withdrawn: null,
    })),
    recordings: all.map(({ recording }) => (recording === main.recording ? { ...recording, withheld: 3, commands } : recording)),
    findings: [
      finding(main, 1, {
        title: 'Customer records are read',
        note: 'The query returns **names and addresses** of customers. The ticket does not cover it:\n\n> restart the replica, nothing else\n\nSee https://example.test/OPS-4127 for the request.',
        severity: 'high',
        fromUs: 117_000_000,
        toUs: 131_000_000,
        tags: ['customer data', 'psql'],
        links: ['a-2'],
      }),
      finding(main, 2, {
        title: 'The server log is changed',
        note: 'A line is removed from `server.log` in the editor.',
        severity: 'critical',
        fromUs: 300_000_000,
        region: { row: 2, col: 0, rows: 3, cols: 60 },
        tags: ['tampering'],
        links: ['a-1'],
      }),
      finding(others[0]!, 3, {
        title: 'The nightly backup runs at the same time',
        note: '',
        severity: 'info',
        fromUs: 1_500_000,
      }),
      finding(others[0]!, 4, {
        title: 'The backup writes to an unusual folder',
        note: '',
        severity: 'low',
        fromUs: 2_000_000,
        retracted: true,
      }),
    ],
    coverage: [
      {
        session: main.recording.session.id,
        durationUs: main.source.duration,
        reviewers: [
          {
            reviewer: 'Mara Quint',
            seen: [
              { fromUs: 0, toUs: 131_000_000, speed: 1 },
              { fromUs: 240_000_000, toUs: 400_000_000, speed: 2 },
            ],
            unseen: [
              { fromUs: 131_000_000, toUs: 240_000_000 },
              { fromUs: 400_000_000, toUs: main.source.duration },
            ],
            seenUs: 291_000_000,
            reviewed: null,
          },
        ],
      },
    ],
    redactions: [
      {
        number: 'R-0001',
        what: 'a text, wherever it stands',
        reason: 'Password of the application account',
        author: 'Mara Quint',
        at: '2026-11-21T10:05:00.000Z',
        session: null,
        records: 3,
      },
    ],
    custody: {
      entries: ['acquire', 'verify', 'open', 'view', 'annotate', 'redact', 'export'].map((action, at) => ({
        seq: at + 12,
        at: `2026-11-21T0${String(8 + (at >> 2))}:${String(10 + at)}:00.000Z`,
        actor: 'mara@review-7',
        action,
        subject: main.recording.session.id,
        purpose: 'Incident SEC-0093',
        hash: sha256(String(at)),
      })),
      omitted: 11,
      head: { seq: 18, hash: sha256('6') },
    },
    ...change,
  };
}

/** Text that means harm wherever it could be taken for more than text. */
export const HOSTILE =
  '</script><script>globalThis.harmed=1</script><!-- <img src=x onerror="globalThis.harmed=1"> \'"&amp; &#60;svg onload=harmed()> ]]> \u202egnp.exe\u2066 \u2028\u2029 \u0007\u001b[2J\ud800 javascript:harmed() https://example.test/leave';

/** A report of which every text means harm, and whose recording asks the terminal for what no recording may have. */
export function hostileReport(): ReportInput {
  const report = sampleReport();
  const screens = [
    HOSTILE,
    `\u001b]0;${HOSTILE}\u0007`,
    '\u001b]52;c;aGFybQ==\u0007',
    '\u001b]8;;https://example.test/leave\u0007click\u001b]8;;\u0007 \u001b[c\u001b[6n\u001b[5n\u001bZ',
  ];
  const events = screens.map((text, at): RecordingEvent => ({
    kind: 'data',
    stream: 'stdout',
    bytes: new TextEncoder().encode(text),
    seq: String(at + 1),
    at: (at * 1_000_000) as Micros,
    record: at + 1,
  }));
  const source = eventList(events, 80, 24);
  const cast = [...castOf(source), `[9.5, "m", ${JSON.stringify(HOSTILE.toWellFormed())}]\n`];
  const still = frameOf(source, 9_000_000, `recordings/${HOSTILE}/frames/1`);
  const texts = <T>(value: T, keep: readonly string[]): T => {
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([name, member]): [string, unknown] => [
      name,
      typeof member === 'string' && !keep.includes(name) ? HOSTILE : texts(member as unknown, keep),
    ]);
    return (Array.isArray(value) ? entries.map(([, member]) => member) : Object.fromEntries(entries)) as T;
  };
  // What is not free text: kinds, verdicts, times, and the names by which things find each other.
  const keep = [
    'id',
    'kind',
    'session',
    'severity',
    'status',
    'property',
    'verdict',
    'startedAt',
    'at',
    'addedAt',
    'createdAt',
    'svg',
  ];
  const recording = report.recordings[0]!;
  return {
    ...texts({ ...report, recordings: [], findings: [], madeAt: '' }, keep),
    madeAt: report.madeAt,
    recordings: [
      {
        ...texts({ ...recording, playback: null, transcript: null, still: null }, keep),
        discrepancies: [{ kind: HOSTILE, message: HOSTILE, place: HOSTILE }],
        playback: { size: 1000, pieces: () => cast, file: HOSTILE },
        transcript: { pieces: () => [HOSTILE, HOSTILE], file: HOSTILE },
        still,
      },
    ],
    findings: report.findings.map(({ annotation }) => {
      const hostile = texts(annotation, keep);
      return {
        number: HOSTILE,
        annotation: { ...hostile, anchor: { ...hostile.anchor, session: recording.session.id, kind: 'region', text: HOSTILE } },
        frame: still,
      };
    }),
  };
}

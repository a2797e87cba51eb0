// The contract: everything a shell can ask of the core, in one table. Types, checks at both ends, the three transports, the
// tests and the custody log all derive from it. A row names its act on evidence, or null when it is none.
// `reach: 'local'` rows take paths of this machine: they are served to the command line only, never over a port, so that no
// page can name a file. The window hands over bytes instead (`import.offer`) and takes bytes back (`export.read`).

import { z } from 'zod';
import type { CustodyAction } from '../evidence/custody.ts';
import * as s from './shapes.ts';
import * as sources from './source-shapes.ts';

interface Row {
  readonly input: z.ZodType;
  readonly output: z.ZodType;
  readonly act: CustodyAction | null;
  readonly reach: 'any' | 'local';
}

const nothing = z.null();

function row<I extends z.ZodType, O extends z.ZodType>(input: I, output: O): { input: I; output: O; act: null; reach: 'any' };
function row<I extends z.ZodType, O extends z.ZodType, A extends CustodyAction | null>(
  input: I,
  output: O,
  act: A,
  reach?: Row['reach'],
): { input: I; output: O; act: A; reach: Row['reach'] };
function row(input: z.ZodType, output: z.ZodType, act: CustodyAction | null = null, reach: Row['reach'] = 'any'): Row {
  return { input, output, act, reach };
}

const page = { cursor: z.string().max(500).nullable().optional(), limit: z.int().min(1).max(5000).optional() };
const passphrase = z.string().min(1).max(1000);
const token = z.string().min(1).max(20_000);

export const contract = {
  'app.info': row(nothing, z.object({ name: z.string(), version: z.string(), emulator: z.string(), sample: z.boolean() })),

  'vault.status': row(nothing, s.vaultStatus),
  'vault.create': row(
    z.object({ protection: z.enum(['keychain', 'passphrase']), passphrase: passphrase.optional() }),
    s.vaultStatus,
  ),
  'vault.unlock': row(z.object({ passphrase: passphrase.optional() }), s.vaultStatus, 'unlock'),
  'vault.lock': row(nothing, s.vaultStatus),
  'vault.change': row(
    z.object({
      protection: z.enum(['keychain', 'passphrase']),
      passphrase: passphrase.optional(),
      current: passphrase.optional(),
    }),
    s.vaultStatus,
    'rekey',
  ),

  'library.stats': row(
    nothing,
    z.object({
      folder: z.string(),
      sessions: z.int(),
      events: z.number(),
      originalBytes: z.number(),
      fileBytes: z.number(),
      discrepancies: z.int(),
      notIndexed: z.int(),
      locked: z.int(),
      schema: z.int(),
      custodyEntries: z.int(),
    }),
  ),
  'library.verify': row(z.object({ id: s.sessionId.optional() }), z.object({ job: s.jobId }), 'verify'),
  'library.rekey': row(nothing, nothing, 'rekey'),
  'library.backup': row(
    z.object({ path: z.string(), passphrase: passphrase.optional() }),
    z.object({ job: s.jobId }),
    'export',
    'local',
  ),
  'library.restore': row(z.object({ path: z.string() }), nothing, null, 'local'),

  'import.paths': row(
    z.object({ paths: z.array(z.string()).min(1), source: z.string().min(1).max(100).optional() }),
    z.object({ job: s.jobId }),
    'acquire',
    'local',
  ),
  /** Files that the page holds: the core then asks for their bytes, range by range, through `import.next`. */
  'import.offer': row(
    z.object({
      files: z
        .array(z.object({ name: z.string().max(4096), size: z.number().int().nonnegative() }))
        .min(1)
        .max(100_000),
      source: z.string().min(1).max(100).optional(),
    }),
    z.object({ job: s.jobId }),
    'acquire',
  ),
  /** Answers the range asked for last (the first call has none) and is told the next one; null when no more is wanted. */
  'import.next': row(
    z.object({ job: s.jobId, supply: z.object({ request: z.int(), bytes: s.bytes }).nullable() }),
    z.object({ want: z.object({ request: z.int(), file: z.int(), offset: z.number(), length: z.int() }).nullable() }),
  ),
  'import.sample': row(nothing, z.object({ job: s.jobId }), 'acquire'),
  'import.results': row(z.object({ job: s.jobId }), z.array(s.importResult)),

  'sources.list': row(nothing, z.array(sources.source)),
  'sources.add': row(
    z.object({
      name: sources.sourceName,
      kind: z.literal('rstream'),
      /** `https://host:port`, `host:port`, or `http://` on this machine. */
      engine: z.string().min(1).max(500),
      apiUrl: z.string().max(500).optional(),
      token,
    }),
    sources.source,
  ),
  /** Takes address and token from the configuration that rstream's own tools use. */
  'sources.addFromRstream': row(z.object({ name: sources.sourceName, context: z.string().max(200).optional() }), sources.source),
  /** Forgets the address and the token; what was acquired stays. */
  'sources.remove': row(z.object({ name: z.string() }), nothing),
  /** Keeps another token in place of a source's token or certificate. */
  'sources.setToken': row(z.object({ name: z.string(), token }), sources.source),
  'sources.test': row(z.object({ name: z.string() }), sources.sourceTest),
  /** Asks the control plane which workspaces the token belongs to. */
  'sources.workspaces': row(z.object({ name: z.string() }), z.array(sources.workspace)),

  'device.list': row(nothing, sources.deviceList),
  'device.create': row(
    z.object({ label: z.string().max(200).optional(), suite: z.enum(['x25519', 'p256']).optional() }),
    sources.deviceKey,
  ),
  /** Registers a device with a workspace. `workspace` may be left out where the source knows one only. */
  'device.enroll': row(
    z.object({ source: z.string(), workspace: z.string().max(200).optional(), id: z.string().optional() }),
    sources.deviceKey,
  ),
  /** Asks the control plane how the enrolled devices stand. */
  'device.status': row(z.object({ source: z.string().optional(), id: z.string().optional() }), z.array(sources.deviceKey)),
  'device.import': row(
    z.object({
      /** A file of rstream: identity, endpoint identity or workspace device; null: the one in RSTREAM_WEBTTY_IDENTITY. */
      path: z.string().nullable(),
      /** The terminal identity file of a device file, where it is not at the place that the device file names. */
      identityPath: z.string().optional(),
    }),
    sources.deviceKey,
    null,
    'local',
  ),
  'device.remove': row(z.object({ id: z.string() }), nothing),
  /** What an administrator needs, as JSON text; no private key is in it. The same text can be read through `export.read`. */
  'device.exportPublic': row(
    z.object({ id: z.string().optional() }),
    z.object({ text: z.string(), ticket: z.string(), fileName: z.string() }),
  ),

  /** Without a source: all of them. `follow`: live sessions are followed until they end (the default). */
  'sync.start': row(
    z.object({
      source: z.string().optional(),
      filter: sources.syncFilter.optional(),
      follow: z.boolean().optional(),
      /** Reads what is in the library already once more and compares it. */
      recheck: z.boolean().optional(),
    }),
    z.object({ job: s.jobId }),
    'acquire',
  ),
  'sync.report': row(z.object({ job: s.jobId }), sources.syncReport),

  'groups.list': row(z.object({ source: z.string().optional() }), z.array(s.group)),
  'groups.show': row(z.object({ id: z.string(), source: z.string().optional() }), s.groupDetail),

  'jobs.list': row(nothing, z.array(s.job)),
  'jobs.wait': row(z.object({ job: s.jobId }), s.job),
  'jobs.cancel': row(z.object({ job: s.jobId }), s.job),
  'jobs.report': row(z.object({ job: s.jobId }), s.verifyReport),

  'sessions.list': row(
    z.object({
      filter: s.sessionFilter,
      sort: z.enum(s.SORT_KEYS).optional(),
      descending: z.boolean().optional(),
      ...page,
    }),
    z.object({ total: z.int(), sessions: z.array(s.session), next: z.string().nullable() }),
  ),
  'sessions.show': row(z.object({ id: s.sessionId }), s.sessionDetail),
  'sessions.events': row(
    z.object({
      id: s.sessionId,
      from: z.int().nonnegative().optional(),
      limit: z.int().min(1).max(10_000).optional(),
      data: z.boolean().optional(),
    }),
    z.object({ events: z.array(s.eventRow), next: z.int().nullable() }),
    'open',
  ),
  'sessions.commands': row(z.object({ id: s.sessionId }), z.array(s.command), 'open'),
  /** Text that was transmitted but not readable at the screen. */
  'sessions.hidden': row(z.object({ id: s.sessionId }), z.array(s.hiddenFinding), 'open'),
  'sessions.participants': row(z.object({ id: s.sessionId }), z.array(s.participant)),
  'sessions.screen': row(z.object({ id: s.sessionId, at: s.moment }), s.screenText, 'open'),
  'sessions.still': row(
    z.object({ id: s.sessionId, at: s.moment, format: z.enum(['svg', 'png']) }),
    z.object({ atUs: s.offsetUs, mediaType: z.string(), bytes: s.bytes }),
    'open',
  ),

  'replay.timeline': row(z.object({ id: s.sessionId }), s.timeline, 'open'),
  'replay.activity': row(
    z.object({ id: s.sessionId, fromUs: s.offsetUs, toUs: s.offsetUs, buckets: z.int().min(1).max(4096) }),
    s.activity,
  ),
  /** What is needed to show a moment: the keyframe at or before it and the events after that, at most 256 KiB of output. */
  'replay.window': row(z.object({ id: s.sessionId, at: s.moment }), s.replayWindow),
  /** The next events for playback. */
  'replay.events': row(
    z.object({
      id: s.sessionId,
      from: z.int().nonnegative(),
      maxBytes: z
        .int()
        .min(1)
        .max(4 * 1024 * 1024),
    }),
    z.object({ runs: z.array(s.eventRun), next: z.int().nullable() }),
  ),
  /** What somebody watched, and how fast. */
  'replay.viewed': row(
    z.object({
      id: s.sessionId,
      ranges: z
        .array(z.object({ fromUs: s.offsetUs, toUs: s.offsetUs, speed: z.number().positive() }))
        .min(1)
        .max(1000),
    }),
    nothing,
    'view',
  ),

  /** What is wrong with a query, and what may stand at a cursor in it: names of fields, values known of sessions. */
  'search.assist': row(z.object({ query: z.string().max(2000), cursor: z.int().nonnegative() }), s.searchAssistance),
  'search.run': row(
    z.object({
      /** In the language of docs/search.md. */
      query: z.string().min(1).max(2000),
      /** The whole query is one expression, in any letter case. */
      regex: z.boolean().optional(),
      /** Where words are looked for that have no `in:`; visible and printed text when left out. */
      in: z.array(s.searchField).optional(),
      filter: s.sessionFilter.optional(),
      sessionId: s.sessionId.optional(),
      sort: z.enum(s.SEARCH_SORTS).optional(),
      offset: z.int().nonnegative().optional(),
      limit: z.int().min(1).max(1000).optional(),
      /** False: ends when the page is full, and does not count what lies behind it. */
      counts: z.boolean().optional(),
    }),
    s.searchAnswer,
    'search',
  ),

  'export.open': row(
    s.exportRequest,
    z.object({ ticket: z.string(), fileName: z.string(), mediaType: z.string(), warnings: z.array(z.string()) }),
    'export',
  ),
  /** All sessions of a group as one file, on one clock. */
  'export.openGroup': row(
    s.groupExportRequest,
    z.object({ ticket: z.string(), fileName: z.string(), mediaType: z.string(), warnings: z.array(z.string()) }),
    'export',
  ),
  /** The next bytes of an export; null when all were read. A ticket is good for one reading. */
  'export.read': row(z.object({ ticket: z.string().max(100) }), z.object({ bytes: s.bytes.nullable() })),
  'export.close': row(z.object({ ticket: z.string().max(100) }), nothing),

  'custody.list': row(
    z.object({ subject: z.string().optional(), action: z.string().optional(), actor: z.string().optional(), ...page }),
    z.object({ total: z.int(), entries: z.array(s.custodyEntry), next: z.string().nullable() }),
  ),
  'custody.verify': row(
    nothing,
    z.object({
      intact: z.boolean(),
      entries: z.int(),
      head: z.string(),
      brokenAt: z.int().nullable(),
      reason: z.string(),
      pinned: z.enum(['matches', 'differs', 'none']),
    }),
    'verify',
  ),

  'settings.get': row(nothing, z.record(z.string(), z.string())),
  'settings.set': row(z.object({ key: z.string().regex(/^[a-z][a-z0-9.-]{0,63}$/), value: z.string().max(10_000) }), nothing),
} as const satisfies Record<string, Row>;

export type Contract = typeof contract;
export type CallName = keyof Contract;
export type Input<K extends CallName> = z.infer<Contract[K]['input']>;
export type Output<K extends CallName> = z.infer<Contract[K]['output']>;

export const events = {
  job: s.job,
  /** Sessions were added, indexed or changed. */
  library: z.object({ sessions: z.array(z.string()) }),
  vault: s.vaultStatus,
  /** Sources or keys of this device were added, removed or changed. */
  sources: z.object({}),
} as const;

export type EventName = keyof typeof events;
export type EventValue<E extends EventName> = z.infer<(typeof events)[E]>;

/** What a shell holds, wherever the core runs. */
export interface Api {
  call<K extends CallName>(name: K, input: Input<K>): Promise<Output<K>>;
  /** Returns the function that ends the subscription. */
  on<E extends EventName>(name: E, listener: (value: EventValue<E>) => void): () => void;
}

export function isCallName(name: unknown): name is CallName {
  return typeof name === 'string' && Object.hasOwn(contract, name);
}

export function isEventName(name: unknown): name is EventName {
  return typeof name === 'string' && Object.hasOwn(events, name);
}

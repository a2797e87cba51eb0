// The contract: everything a shell can ask of the core, in one table. Types, checks at both ends, the three transports, the
// tests and the custody log all derive from it. A row names its act on evidence, or null when it is none.
// `reach: 'local'` rows take paths of this machine: they are served to the command line only, never over a port, so that no
// page can name a file. The window hands over bytes instead (`import.offer`) and takes bytes back (`export.read`).

import { z } from 'zod';
import type { CustodyAction } from '../evidence/custody.ts';
import * as bundles from './bundle-shapes.ts';
import * as cases from './case-shapes.ts';
import * as frames from './frame-shapes.ts';
import * as history from './history-shapes.ts';
import * as retention from './retention-shapes.ts';
import * as search from './search-shapes.ts';
import * as s from './shapes.ts';
import * as sources from './source-shapes.ts';
import * as watch from './watch-shapes.ts';

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
  'app.info': row(
    nothing,
    z.object({
      name: z.string(),
      version: z.string(),
      emulator: z.string(),
      sample: z.boolean(),
      /** Who acts: the name that stands in the custody log, under annotations, and over what was viewed. */
      actor: z.string(),
    }),
  ),

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
  /** Answers the range that a job of offered files asked for last (the first call has none), and is told the next; null when no more is wanted. */
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
      kind: sources.sourceKind,
      /** `https://host:port`, `host:port`, or `http://` on this machine. */
      engine: z.string().min(1).max(500),
      /** rstream: the control plane. */
      apiUrl: z.string().max(500).optional(),
      /** StackShift: paths that differ from the usual ones. */
      paths: sources.sourcePaths.optional(),
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
      /** Of a named source, these sessions alone, by their ids there. */
      only: z.array(z.string().min(1).max(500)).min(1).max(10_000).optional(),
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
    z.object({ total: z.int(), sessions: z.array(s.session), next: z.string().nullable(), withheld: s.withheldSources }),
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
  'sessions.commands': row(
    z.object({ id: s.sessionId, from: z.int().nonnegative().optional(), limit: z.int().min(1).max(10_000).optional() }),
    z.object({ commands: z.array(s.command), next: z.int().nullable() }),
    'open',
  ),
  /** Text that was transmitted but not readable at the screen. */
  'sessions.hidden': row(z.object({ id: s.sessionId }), z.array(s.hiddenFinding), 'open'),
  'sessions.participants': row(z.object({ id: s.sessionId }), z.array(s.participant)),
  'sessions.screen': row(z.object({ id: s.sessionId, at: s.moment }), s.screenText, 'open'),
  'sessions.still': row(
    z.object({ id: s.sessionId, at: s.moment, format: z.enum(['svg', 'png']) }),
    z.object({ atUs: s.offsetUs, mediaType: z.string(), bytes: s.bytes }),
    'open',
  ),
  /** The certificate of the frame at a moment, as the text of its file. */
  'frames.certificate': row(z.object({ id: s.sessionId, at: s.moment }), z.object({ text: z.string() }), 'open'),
  /** Makes the frame of a certificate again. `image`: a file that is said to be that frame. */
  'frames.check': row(
    z.object({ id: s.sessionId, certificate: z.string().max(20_000), image: s.bytes.nullable() }),
    frames.frameCheck,
    'verify',
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
  'search.assist': row(
    z.object({ query: z.string().max(search.MAX_QUERY), cursor: z.int().nonnegative() }),
    search.searchAssistance,
  ),
  'search.run': row(
    z.object({
      /** In the language of docs/search.md. */
      query: z.string().min(1).max(search.MAX_QUERY),
      /** The whole query is one expression, in any letter case. */
      regex: z.boolean().optional(),
      /** Where words are looked for that have no `in:`; visible and printed text when left out. */
      in: z.array(search.searchField).optional(),
      filter: s.sessionFilter.optional(),
      sessionId: s.sessionId.optional(),
      sort: z.enum(search.SEARCH_SORTS).optional(),
      offset: z.int().nonnegative().optional(),
      limit: z.int().min(1).max(1000).optional(),
      /** False: ends when the page is full, and does not count what lies behind it. */
      counts: z.boolean().optional(),
      /**
       * With `sessionId`: its hits by time, from a moment on; what was printed and then stood on the screen is told once, and all are counted.
       * `lines`: each is a line that has by itself what the query says.
       */
      course: z.object({ fromUs: s.offsetUs, lines: z.boolean() }).optional(),
    }),
    search.searchAnswer,
    'search',
  ),

  /** Ended lists too: `ended` says so. */
  'watch.list': row(nothing, z.array(watch.watchlist)),
  'watch.show': row(z.object({ name: watch.watchName }), watch.watchDetail),
  /** Adds a version of a list, or a new list; it is then run over the library. `built-in` switches the list of secrets on again. */
  'watch.save': row(z.object({ name: watch.watchName, kind: watch.watchKind, text: watch.watchText }), watch.watchDetail),
  /** Adds the version that ends a list: it is run no more, and what it found is dropped. */
  'watch.remove': row(z.object({ name: watch.watchName }), nothing),
  /** What is wrong with the text of a list. Reads no recorded text. */
  'watch.check': row(z.object({ kind: z.enum(['indicators', 'query']), text: watch.watchText }), watch.watchCheck),
  /** Runs a list, or all, over the sessions that it was not run over; `anew`: over all. */
  'watch.run': row(
    z.object({ name: watch.watchName.optional(), anew: z.boolean().optional() }),
    z.object({ job: s.jobId }),
    'search',
  ),
  'watch.report': row(
    z.object({
      name: watch.watchName,
      indicator: z.int().nonnegative().optional(),
      offset: z.int().nonnegative().optional(),
      limit: z.int().min(1).max(500).optional(),
    }),
    watch.watchReport,
    'search',
  ),

  'export.open': row(
    s.exportRequest,
    z.object({ ticket: z.string(), fileName: z.string(), mediaType: z.string(), warnings: z.array(z.string()) }),
    'export',
  ),
  /** Several sessions as one ZIP: a file each, and `index.csv`, which names every session asked for, those left out too, and why. */
  'export.openSessions': row(
    s.sessionsExportRequest,
    z.object({ ticket: z.string(), fileName: z.string(), mediaType: z.string(), warnings: z.array(z.string()) }),
    'export',
  ),
  /** All sessions of a group as one file, on one clock. */
  'export.openGroup': row(
    s.groupExportRequest,
    z.object({ ticket: z.string(), fileName: z.string(), mediaType: z.string(), warnings: z.array(z.string()) }),
    'export',
  ),
  /** Text that the page shows (a certificate, a signature), as a file to be saved: a page hands out none itself. */
  'export.text': row(
    z.object({ fileName: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$/), text: z.string().max(50_000_000) }),
    z.object({ ticket: z.string(), fileName: z.string() }),
  ),
  /** The next bytes of an export; null when all were read. A ticket is good for one reading. */
  'export.read': row(z.object({ ticket: z.string().max(100) }), z.object({ bytes: s.bytes.nullable() })),
  'export.close': row(z.object({ ticket: z.string().max(100) }), nothing),

  /** Writes a bundle to a path. `supersedesFile`: the bundle that it takes the place of, instead of the digest of its statement. */
  'bundle.create': row(
    cases.bundleRequest.extend({ path: z.string().min(1), supersedesFile: z.string().optional() }),
    z.object({ job: s.jobId }),
    'export',
    'local',
  ),
  /** The same for who names no paths: when the job is done, the bundle waits under a ticket (`bundle.made`, `export.read`). */
  'bundle.make': row(cases.bundleRequest, z.object({ job: s.jobId }), 'export'),
  /** What a job of `bundle.create`, `make`, `countersign` or `timestamp` gave, offered or not. */
  'bundle.made': row(z.object({ job: s.jobId }), bundles.bundleMade),
  /** Adds a statement of one more person to a bundle that verifies. `out` null: in its place. */
  'bundle.countersign': row(
    bundles.countersigning.extend({ path: z.string().min(1), out: z.string().nullable() }),
    z.object({ job: s.jobId }),
    'sign',
    'local',
  ),
  /** The same for a file that the page holds (`import.next`). The new bundle waits under a ticket; the file stays as it is. */
  'bundle.countersignOffered': row(bundles.countersigning.extend(bundles.offeredFile.shape), z.object({ job: s.jobId }), 'sign'),
  /** A request for a time stamp on one signature of a bundle. */
  'bundle.timeRequest': row(
    z.object({ path: z.string().min(1), statement: bundles.statementName }),
    bundles.timeRequest,
    null,
    'local',
  ),
  /** The same for a file that the page holds: only what it takes is read of it. */
  'bundle.timeRequestOffered': row(bundles.offeredFile.extend({ statement: bundles.statementName }), z.object({ job: s.jobId })),
  'bundle.timeRequested': row(z.object({ job: s.jobId }), bundles.offeredTimeRequest),
  /** Takes in the answer to such a request. */
  'bundle.timestamp': row(
    z.object({ path: z.string().min(1), out: z.string().nullable(), response: s.bytes }),
    z.object({ job: s.jobId }),
    'sign',
    'local',
  ),
  /** The same for a file that the page holds. The new bundle waits under a ticket; the file stays as it is. */
  'bundle.timestampOffered': row(bundles.offeredFile.extend({ response: s.bytes }), z.object({ job: s.jobId }), 'sign'),
  /** Verifies a bundle and opens it as a case to which only comments can be added. */
  'bundle.open': row(z.object({ path: z.string().min(1) }), z.object({ job: s.jobId }), 'acquire', 'local'),
  /** The same for a file that the page holds (`import.next`). It waits under a key that is in memory only. */
  'bundle.openOffered': row(bundles.offeredBundle, z.object({ job: s.jobId }), 'acquire'),
  'bundle.opened': row(z.object({ job: s.jobId }), bundles.bundleOpened),

  /** Checks a bundle of anybody, or the folder it was unpacked into; needs no library. `authorities`: PEM files of time-stamping authorities. */
  'bundle.verify': row(
    z.object({
      path: z.string().min(1),
      /** Fingerprints of signers that are trusted, beside those of the open library. */
      trust: bundles.fingerprints,
      authorities: z.array(z.string().min(1)).max(100),
      /** Without deriving again what the recordings hold (step 10 of docs/bundle.md). */
      quick: z.boolean().optional(),
    }),
    z.object({ job: s.jobId }),
    'verify',
    'local',
  ),
  /** The same for a file that the page holds (`import.next`). Nothing of it is kept. `authorities`: the texts of such PEM files. */
  'bundle.verifyOffered': row(
    bundles.offeredBundle.extend({ authorities: z.array(z.string().max(1_000_000)).max(100).optional() }),
    z.object({ job: s.jobId }),
    'verify',
  ),
  'bundle.verified': row(z.object({ job: s.jobId }), cases.bundleReport),

  /** The annotations made here in a case, as one signed file to be read through `export.read`. */
  'annotations.export': row(
    z.object({ case: cases.caseId, signer: z.string().trim().min(1).max(300), signedAt: s.instant }),
    z.object({ ticket: z.string(), fileName: z.string(), annotations: z.int() }),
    'export',
  ),
  /** Takes such a file into the case that it speaks of, or into the one named. */
  'annotations.merge': row(
    z.object({ text: z.string().max(50_000_000), case: cases.caseId.optional() }),
    bundles.mergeReport,
    'annotate',
  ),

  /** A case is named by its id or its number. A closed one refuses every change but `cases.reopen`. */
  'cases.create': row(
    cases.caseFields.partial({ authority: true, purpose: true, custodian: true, members: true }),
    cases.caseDetail,
    'annotate',
  ),
  'cases.list': row(nothing, z.array(cases.caseSummary)),
  'cases.show': row(z.object({ case: cases.caseRef }), cases.caseDetail),
  'cases.change': row(
    z.object({ case: cases.caseRef, fields: cases.caseFields.partial(), reason: cases.reason }),
    cases.caseDetail,
    'annotate',
  ),
  'cases.close': row(z.object({ case: cases.caseRef, reason: cases.reason }), cases.caseDetail, 'annotate'),
  'cases.reopen': row(z.object({ case: cases.caseRef, reason: cases.reason }), cases.caseDetail, 'annotate'),
  /** Markdown, kept as text. */
  'cases.note': row(z.object({ case: cases.caseRef, text: z.string().trim().min(1).max(50_000) }), cases.caseNote, 'annotate'),
  /** Whole recordings, or a range of one. Returns the new exhibits: what stands in the case already is passed over. */
  'cases.addExhibits': row(
    z.object({
      case: cases.caseRef,
      sessions: z.array(s.sessionId).min(1).max(10_000),
      range: z.object({ from: s.moment, to: s.moment }).optional(),
      title: z.string().trim().max(300).optional(),
    }),
    z.array(cases.exhibit),
    'annotate',
  ),
  /** `exhibit`: its number or its id. */
  'cases.withdrawExhibit': row(
    z.object({ case: cases.caseRef, exhibit: z.string().max(64), reason: cases.reason }),
    cases.exhibit,
    'annotate',
  ),

  'annotations.add': row(
    z.object({
      session: s.sessionId,
      case: cases.caseRef.optional(),
      /** Without `to` it is a moment. */
      from: s.moment,
      to: s.moment.optional(),
      region: cases.screenRegion.optional(),
      /** The text that it speaks of. */
      text: z.string().min(1).max(10_000).optional(),
      body: cases.annotationBody.partial().required({ title: true }),
    }),
    cases.annotation,
    'annotate',
  ),
  'annotations.change': row(
    z.object({ id: z.string().max(64), change: cases.annotationBody.partial(), reason: cases.reason }),
    cases.annotation,
    'annotate',
  ),
  'annotations.retract': row(z.object({ id: z.string().max(64), reason: cases.reason }), cases.annotation, 'annotate'),
  /** By session and time. Those that were retracted only where asked for. */
  'annotations.list': row(
    z.object({ ...cases.annotationFilter.shape, ...page }),
    z.object({ total: z.int(), annotations: z.array(cases.annotation), next: z.string().nullable() }),
  ),
  /** Whether annotations are to be found where they say: in their own recordings, or in another copy of one. */
  'annotations.check': row(
    z.object({
      filter: cases.annotationFilter,
      ids: z.array(z.string().max(64)).max(1000).optional(),
      against: s.sessionId.optional(),
    }),
    z.array(cases.annotationCheck),
    'open',
  ),

  'redactions.add': row(
    z.object({ case: cases.caseRef, session: s.sessionId.optional(), rule: cases.redactionRule, reason: cases.reason }),
    cases.redaction,
    'redact',
  ),
  /** `redaction`: its number or its id. */
  'redactions.withdraw': row(
    z.object({ case: cases.caseRef, redaction: z.string().max(64), reason: cases.reason }),
    cases.redaction,
    'redact',
  ),
  'redactions.list': row(z.object({ case: cases.caseRef }), z.array(cases.redaction)),

  /** Of one recording, or of each exhibit of a case. */
  'coverage.show': row(z.union([z.object({ session: s.sessionId }), z.object({ case: cases.caseRef })]), z.array(cases.coverage)),
  /** Says that whoever acts has reviewed a recording, or takes that back. Refused where not all of it was seen, unless `partly`. */
  'coverage.mark': row(
    z.object({
      session: s.sessionId,
      note: z.string().trim().max(2000),
      reviewed: z.boolean().optional(),
      partly: z.boolean().optional(),
    }),
    cases.coverage,
    'annotate',
  ),

  /** Every session that a source, a history file or a recording tells of. Sources whose history may not be seen are named in `withheld`. */
  'history.list': row(
    z.object({
      filter: history.historyFilter,
      sort: z.enum(history.HISTORY_SORTS).optional(),
      descending: z.boolean().optional(),
      ...page,
    }),
    history.historyPage,
  ),
  /** The values of fields among the rows that a filter leaves, with their counts: most frequent first. For groups and choices. */
  'history.facets': row(
    z.object({ filter: history.historyFilter, fields: z.array(z.enum(history.HISTORY_FACETS)).min(1) }),
    history.historyFacets,
  ),
  /** `id`: of a row, or of a recording. */
  'history.show': row(z.object({ id: z.string().min(1).max(300) }), history.historyDetail),
  /** Commands, runbooks and audit events, by time: of one row, of the rows that a filter leaves, or, without both, all. */
  'history.events': row(
    z.object({
      id: z.string().min(1).max(300).optional(),
      filter: history.historyFilter.optional(),
      kinds: z.array(history.historyEventKind).optional(),
      ...page,
    }),
    z.object({ total: z.int(), events: z.array(history.historyEvent), next: z.string().nullable() }),
  ),
  /** Joins a recording to a row by hand, or, with null, parts what was joined. */
  'history.match': row(
    z.object({ id: z.string().min(1).max(300), session: s.sessionId.nullable(), reason: cases.reason }),
    history.historyDetail,
    'annotate',
  ),
  /** Sessions and their events in one file, as StackShift's own export has them. */
  'history.export': row(
    z.object({ format: z.enum(['csv', 'json']), filter: history.historyFilter }),
    z.object({ ticket: z.string(), fileName: z.string(), rows: z.int(), events: z.int(), warnings: z.array(z.string()) }),
    'export',
  ),

  /** What the sources let their users do, as they were last asked. */
  'rights.list': row(nothing, z.array(history.sourceRights)),
  /** Asks a source anew. */
  'rights.check': row(z.object({ source: z.string() }), history.sourceRights),

  'retention.show': row(nothing, retention.retentionState),
  'retention.policies': row(z.object({ source: z.string().optional() }), z.array(retention.policy)),
  /** Days of a source in one environment. `plan`: of keeper `source` alone, those of its plan of this name. `past`: recordings that the next sweep then purges. */
  'retention.set': row(
    z.object({
      ...retention.policyKey,
      days: retention.policyDays,
      plan: z.string().trim().min(1).max(100).optional(),
      reason: cases.reason,
    }),
    z.object({ policy: retention.standingPolicy, past: z.int() }),
    'policy',
  ),
  /** Takes back the days that people set: the library goes with the source again, and the source's days are what it tells itself. */
  'retention.clear': row(
    z.object({ ...retention.policyKey, reason: cases.reason }),
    z.object({ policy: retention.policy, past: z.int() }),
    'policy',
  ),
  /**
   * What such days would mean, or where none are given, taking them back: recordings that the next sweep would then purge, and those past
   * their time that are held. Sets nothing.
   */
  'retention.preview': row(
    z.object({ ...retention.policyKey, days: retention.policyDays.optional() }),
    z.object({ past: z.int(), held: z.int() }),
  ),
  /** Recordings whose retention ends before `before`, those first that end first. */
  'retention.due': row(
    z.object({ before: s.instant.optional(), limit: z.int().min(1).max(1000).optional() }),
    z.object({ total: z.int(), recordings: z.array(retention.dueRecording) }),
  ),
  /** What the hourly sweep does, now. `dryRun`: tells only what it would do. */
  'retention.sweep': row(z.object({ dryRun: z.boolean().optional() }), z.object({ job: s.jobId })),
  'retention.sweepReport': row(z.object({ job: s.jobId }), retention.sweepReport),
  /** A person says that this machine's clock is right. */
  'retention.confirmTime': row(z.object({ reason: cases.reason }), retention.retentionClock, 'policy'),
  /** `session`: only those that hold this recording. */
  'holds.list': row(z.object({ released: z.boolean().optional(), session: s.sessionId.optional() }), z.array(retention.hold)),
  'holds.add': row(z.object({ scope: history.holdScope, reason: cases.reason }), retention.hold, 'hold'),
  'holds.release': row(z.object({ id: z.string().max(64), reason: cases.reason }), retention.hold, 'release'),
  'purges.list': row(
    z.object({ ...page }),
    z.object({ total: z.int(), purges: z.array(retention.purge), next: z.string().nullable() }),
  ),
  /** Checks a purge certificate of anybody. */
  'purges.verify': row(
    z.object({ certificate: z.string().max(100_000), signature: z.string().max(20_000) }),
    retention.purgeCheck,
    'verify',
  ),

  /** What can be done at the source to a session (of the library, or of the history) while it is live. Asks the source. */
  'live.actions': row(z.object({ id: z.string().min(1).max(300) }), retention.liveActions),
  /** Ends a live session at its source. `confirm`: the session's id at its source, typed by whoever does it. */
  'live.revoke': row(
    z.object({ id: z.string().min(1).max(300), reason: cases.reason, confirm: z.string().max(300) }),
    retention.liveActions,
    'revoke',
  ),
  /** The address under which the system's own client takes up a dropped session again. */
  'live.reconnect': row(
    z.object({ id: z.string().min(1).max(300) }),
    z.object({ address: z.string(), until: s.instant.nullable() }),
    'reconnect',
  ),
  /** Reads a live session until it ends. */
  'live.follow': row(z.object({ id: z.string().min(1).max(300) }), z.object({ job: s.jobId })),

  /** How far sessions are ready to be read without a network. Opens payloads to find out. */
  'ready.show': row(retention.readyScope, retention.readyReport),
  /** Does what is missing: synchronises, asks for rights and keys, makes the index. */
  'ready.make': row(retention.readyScope, z.object({ job: s.jobId }), 'acquire'),
  /** The report, signed by this device (namespace `exhibit-ready`), to be read through `export.read`. */
  'ready.receipt': row(
    retention.readyScope,
    z.object({ ticket: z.string(), fileName: z.string(), text: z.string(), signature: z.string() }),
    'sign',
  ),

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
  /** Takes the log for the newest one after an older copy of the library was put back on purpose. Refused where the log is broken. */
  'custody.accept': row(z.object({ reason: cases.reason }), s.vaultStatus, 'verify'),

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
  /** Cases, exhibits, annotations, redactions or review marks were added or changed: which cases and sessions they belong to. */
  cases: z.object({ cases: z.array(z.string()), sessions: z.array(z.string()) }),
  /** Sources or keys of this device were added, removed or changed. */
  sources: z.object({}),
  /** Rows of the history, or what sources allow, were added or changed. */
  history: z.object({}),
  /** Policies, holds or purges were added. */
  retention: z.object({}),
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

// Calls that add to a bundle under signatures/ and leave every other byte of it: a statement of one more person, a time stamp. What is read
// stands at a path or in the page; what is written goes to a path or waits under a ticket. In both, one way of working on it.

import { basename } from 'node:path';
import type { BundleMade, Countersigning } from '../../shared/api/bundle-shapes.ts';
import type { JsonValue } from '../../shared/evidence/canonical-json.ts';
import {
  BUNDLE_DETAIL,
  countersign,
  createWholeFile,
  createWaitingFile,
  digestOf,
  joinTimeStamp,
  openBundleFile,
  readBundle,
  readStatement,
  rewriteBundle,
  signatureOf,
  statementDigest,
  timeRequest,
  type Additions,
  type BundleBytes,
  type ReadBundle,
  type ZipTarget,
} from '../export/export.ts';
import { EMULATOR } from '../replay/replay.ts';
import { signerNamed } from './bundle-source.ts';
import { checked, mustBeNew, notSigned, notWritten, type Written } from './bundle-written.ts';
import type { Desk, Handlers } from './desk.ts';
import type { JobContext } from './jobs.ts';
import { readingAhead, startOnOffered, taken } from './offered-bundle.ts';

type Calls =
  | 'bundle.countersign'
  | 'bundle.countersignOffered'
  | 'bundle.timeRequest'
  | 'bundle.timeRequestOffered'
  | 'bundle.timeRequested'
  | 'bundle.timestamp'
  | 'bundle.timestampOffered';

interface Change {
  /** The statement that is added, or that a time stamp is joined to. */
  readonly file: string;
  readonly additions: Additions;
  /** The time that a time stamp gives. */
  readonly stampedAt: string | null;
}

/** Something that is done to a bundle. */
interface Rewriting {
  readonly title: string;
  readonly change: (bundle: ReadBundle) => Promise<Change>;
  /** What the custody log says of it, beside the bundle. */
  readonly details: (written: Written) => { readonly [key: string]: JsonValue };
  /** Somebody signs all of it: so all of it is verified before. */
  readonly signs: boolean;
  /** How the name of the new bundle ends where nobody names it. */
  readonly ending: string;
}

interface Page {
  readonly name: string;
  readonly size: number;
}

/** What a new file is called: after the bundle, then the statement that it is about, unless the bundle has it at its end. */
function named(bundle: string, statement: string, ending: string): string {
  const base = basename(bundle).replace(/\.zip$/i, '');
  const name = basename(statement).replace(/\.json(\.sig)?$/, '');
  return `${base.endsWith(`-${name}`) ? base : `${base}-${name}`}${ending}`;
}

export function rewritingCalls(desk: Desk): Handlers<Calls> {
  const { custodian, jobs, library, tickets } = desk;

  /** Writes a bundle anew. It is verified before that, and what was written after it. */
  const rewrite = async (
    from: BundleBytes,
    name: string,
    to: ZipTarget & BundleBytes,
    context: JobContext,
    { change, signs }: Rewriting,
  ): Promise<Written> => {
    const { signal, progress } = context;
    const own = custodian.vault.signingFingerprint();
    await checked(from, own, context, desk.verifyFile, { quick: !signs, failed: notSigned(name) });
    const bundle = await readBundle(from, name);
    const { file, additions, stampedAt } = await change(bundle);
    await rewriteBundle(bundle, additions, to, {
      signal,
      progress: (done) => progress({ done, total: from.size, detail: 'write' }),
    });
    const verdict = await checked(to, own, context, desk.verifyFile, { quick: true, failed: notWritten });
    const text = await (await readBundle(to, name)).text(file);
    const { signer, recordings } = readStatement(text).predicate;
    return {
      bytes: to.size,
      sha256: await digestOf(to),
      statement: { file, sha256: statementDigest(text), signer: signer.name, fingerprint: signer.fingerprint },
      stampedAt,
      recordings: recordings.map(({ id, root, records, withheld }) => ({ id, root, records, withheld })),
      verdict,
      warnings: [],
    };
  };

  const enter = (name: string, written: Written, { details }: Rewriting): void => {
    const { sha256, bytes, statement } = written;
    library().custody.append({
      actor: desk.actor,
      action: 'sign',
      subject: `bundle ${basename(name)}`,
      purpose: desk.purpose(),
      details: { [BUNDLE_DETAIL]: { sha256, bytes, statement: statement.sha256 }, ...details(written) },
    });
  };

  /** `out` null: in its place. */
  const atPath = (path: string, out: string | null, rewriting: Rewriting): { job: string } => {
    library();
    const run = async (context: JobContext): Promise<BundleMade> => {
      const from = openBundleFile(path);
      try {
        if (out !== null) mustBeNew(out);
        const target = out ?? path;
        const to = createWholeFile(target);
        try {
          const written = await rewrite(from, path, to, context, rewriting);
          to.commit(() => enter(path, written, rewriting));
          await custodian.pin();
          return { path: target, ticket: null, fileName: basename(target), ...written };
        } finally {
          to.abandon();
        }
      } finally {
        from.close();
      }
    };
    return { job: jobs.start({ kind: 'bundle', title: `${rewriting.title} ${basename(path)}`, unit: 'bytes', run }).id };
  };

  const ofPage = (given: Page, rewriting: Rewriting): { job: string } => {
    const { folder } = library();
    const { name } = given;
    return startOnOffered(desk, 'bundle', given, `${rewriting.title} ${name}`, (file, context) =>
      taken(file, folder, context, async (from): Promise<BundleMade> => {
        const to = createWaitingFile(folder);
        try {
          const written = await rewrite(from, name, to, context, rewriting);
          const ticket = tickets.begin(to.pieces());
          enter(name, written, rewriting);
          await custodian.pin();
          return { path: null, ticket, fileName: named(name, written.statement.file, rewriting.ending), ...written };
        } catch (error) {
          to.abandon();
          throw error;
        }
      }),
    );
  };

  const countersigning = ({ role, intent, signer, signedAt }: Countersigning): Rewriting => ({
    title: 'countersign',
    change: async (bundle) => {
      const tool = { version: desk.version, emulator: EMULATOR };
      const signed = await countersign(bundle, { role, intent, signedAt, tool }, signerNamed(desk, signer));
      return { file: signed.file, additions: signed.additions, stampedAt: null };
    },
    details: ({ statement, recordings }) => ({
      role,
      intent,
      signer: statement.signer,
      fingerprint: statement.fingerprint,
      signed_at: signedAt,
      recordings,
    }),
    signs: true,
    ending: '.zip',
  });

  const stamping = (response: Uint8Array): Rewriting => ({
    title: 'time stamp',
    change: async (bundle) => {
      const { statement, additions, time } = await joinTimeStamp(bundle, response);
      return { file: statement, additions, stampedAt: time };
    },
    details: ({ stampedAt }) => ({ what: 'time stamp joined', time: stampedAt }),
    signs: false,
    ending: '-stamped.zip',
  });

  const requestOf = async (bundle: ReadBundle, statement: string | null): Promise<{ signature: string; request: Uint8Array }> => {
    const signature = signatureOf(bundle, statement);
    return { signature: basename(signature), request: await timeRequest(bundle, signature) };
  };

  return {
    'bundle.countersign': ({ path, out, ...said }) => ({
      output: atPath(path, out, countersigning(said)),
      subject: null,
      details: {},
    }),
    'bundle.countersignOffered': ({ name, size, ...said }) => ({
      output: ofPage({ name, size }, countersigning(said)),
      subject: null,
      details: {},
    }),

    'bundle.timeRequest': async ({ path, statement }) => {
      const file = openBundleFile(path);
      try {
        return await requestOf(await readBundle(file, path), statement);
      } finally {
        file.close();
      }
    },
    'bundle.timeRequestOffered': ({ name, size, statement }) => {
      library();
      return startOnOffered(desk, 'bundle-read', { name, size }, `time-stamp request for ${name}`, async (file) => {
        const read = readingAhead(file);
        const bytes = { size, read: (position: number, length: number) => read(position, position + length) };
        const { signature, request } = await requestOf(await readBundle(bytes, name), statement);
        const fileName = named(name, signature, '.tsq');
        return { signature, ticket: tickets.begin([request].values()), fileName };
      });
    },
    'bundle.timeRequested': ({ job }) => jobs.result(job),

    'bundle.timestamp': ({ path, out, response }) => ({
      output: atPath(path, out, stamping(response)),
      subject: null,
      details: {},
    }),
    'bundle.timestampOffered': ({ name, size, response }) => ({
      output: ofPage({ name, size }, stamping(response)),
      subject: null,
      details: {},
    }),
  };
}

// Calls about evidence bundles: making one, countersigning, time stamps, opening one of somebody else, and annotation files.

import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { BundleMade, BundleOpened } from '../../shared/api/bundle-shapes.ts';
import type { BundleRequest } from '../../shared/api/case-shapes.ts';
import { ExhibitError } from '../../shared/api/errors.ts';
import type { JsonValue } from '../../shared/evidence/canonical-json.ts';
import {
  BUNDLE_DETAIL,
  bundleName,
  countersign,
  createBundleFile,
  createWaitingFile,
  digestOf,
  fingerprintOf,
  firstFailure,
  joinTimeStamp,
  makeBundle,
  openBundleFile,
  producerStatement,
  readBundle,
  readStatement,
  refuseWithheld,
  rewriteBundle,
  signatureOf,
  statementDigest,
  timeRequest,
  verifyBundle,
  type Additions,
  type BundleBytes,
  type BundleSource,
  type ReadBundle,
  type ZipTarget,
} from '../export/export.ts';
import { EMULATOR } from '../replay/replay.ts';
import { annotationFileOf, committed, mergeAnnotations } from './annotation-merge.ts';
import { openBundleAsCase } from './bundle-open.ts';
import { bundleSource, findCase, needToBundle, signerNamed } from './bundle-source.ts';
import type { Desk, Handlers } from './desk.ts';
import type { JobContext } from './jobs.ts';
import { startOnOffered, taken } from './offered-bundle.ts';
import { trustedHere } from './verify-calls.ts';

type Calls =
  | 'bundle.create'
  | 'bundle.make'
  | 'bundle.made'
  | 'bundle.countersign'
  | 'bundle.timeRequest'
  | 'bundle.timestamp'
  | 'bundle.open'
  | 'bundle.openOffered'
  | 'bundle.opened'
  | 'annotations.export'
  | 'annotations.merge';

type Written = Omit<BundleMade, 'path' | 'ticket' | 'fileName'>;

export function bundleCalls(desk: Desk): Handlers<Calls> {
  const { custodian, jobs, library } = desk;

  /** Verifies a bundle, `failed` being the error of one that is not what was signed, or not what should have been written. */
  const checked = async (
    bytes: BundleBytes,
    own: string,
    { signal, progress }: JobContext,
    failed: (why: string) => ExhibitError,
  ): Promise<Written['verdict']> => {
    const report = await verifyBundle(bytes, {
      trusted: new Set([own]),
      signal,
      quick: true,
      progress: (done, total) => progress({ done, total, detail: 'verify' }),
    });
    if (report.verdict === 'TRUSTED' || report.verdict === 'INTACT, SIGNER NOT TRUSTED') return report.verdict;
    throw failed(firstFailure(report));
  };

  /** The finished bytes are read again before anything is called done. */
  const ours = (why: string): ExhibitError =>
    new ExhibitError('bug', 'bundle', `what was written does not verify: ${why}`, 'nothing of it was kept');

  const theirs =
    (path: string) =>
    (why: string): ExhibitError =>
      new ExhibitError(
        'altered',
        `bundle ${basename(path)}`,
        why,
        'it is not what was signed: `exhibit bundle verify` says more',
      );

  const enter = (action: 'export' | 'sign', subject: string, details: { readonly [key: string]: JsonValue }): void => {
    library().custody.append({ actor: desk.actor, action, subject, purpose: desk.purpose(), details });
  };

  const write = async (file: ZipTarget & BundleBytes, source: BundleSource, context: JobContext): Promise<Written> => {
    const { signal, progress } = context;
    const made = await makeBundle(source, file, { signal, progress: (done, detail) => progress({ done, detail }) });
    await refuseWithheld(file, made.withheldTexts, signal);
    // A source may have said no meanwhile: nothing is handed out then.
    needToBundle(desk, source.content.detail);
    const fingerprint = fingerprintOf(source.signer.publicKey);
    const verdict = await checked(file, fingerprint, context, ours);
    const sha256 = await digestOf(file);
    return {
      bytes: file.size,
      sha256,
      statement: {
        file: made.statement.file,
        sha256: statementDigest(made.statement.text),
        signer: source.signer.name,
        fingerprint,
      },
      recordings: made.recordings.map(({ id, root, records, withheld }) => ({ id, root, records, withheld })),
      verdict,
      warnings: [...made.warnings],
    };
  };

  /** Both entries name the bundle, so that none of them changes the next bundle of the case. */
  const enterMade = ({ request, content }: BundleSource, written: Written): void => {
    const { id, number } = content.detail;
    const { statement, recordings } = written;
    const bundle = { sha256: written.sha256, bytes: written.bytes, statement: statement.sha256 };
    enter('sign', id, {
      [BUNDLE_DETAIL]: bundle,
      role: 'producer',
      intent: request.intent,
      signer: statement.signer,
      fingerprint: statement.fingerprint,
      signed_at: request.signedAt,
    });
    enter('export', id, {
      [BUNDLE_DETAIL]: bundle,
      case: number,
      plaintext: request.plaintext,
      redacted: request.redacted,
      supersedes: request.supersedes,
      recordings,
    });
  };

  const start = (request: BundleRequest, run: (source: BundleSource, context: JobContext) => Promise<BundleMade>): string => {
    const found = findCase(desk, request.case);
    needToBundle(desk, found);
    const { number } = found;
    return jobs.start({
      kind: 'bundle',
      title: `bundle of case ${number}`,
      unit: 'bytes',
      run: async (context) => run(await bundleSource(desk, request), context),
    }).id;
  };

  /** Writes a bundle anew, to `out` or in its place, and verifies it before that. */
  const rewrite = async (
    path: string,
    out: string | null,
    context: JobContext,
    change: (bundle: ReadBundle) => Promise<{ readonly file: string; readonly additions: Additions }>,
  ): Promise<BundleMade> => {
    const from = openBundleFile(path);
    const { signal, progress } = context;
    try {
      const own = custodian.vault.signingFingerprint();
      await checked(from, own, context, theirs(path));
      const bundle = await readBundle(from, path);
      const { file, additions } = await change(bundle);
      const target = out ?? path;
      if (out !== null) mustBeNew(out);
      const written = createBundleFile(target);
      try {
        await rewriteBundle(bundle, additions, written, { signal, progress: (done, detail) => progress({ done, detail }) });
        const verdict = await checked(written, own, context, ours);
        const text = await (await readBundle(written, target)).text(file);
        const { signer, recordings } = readStatement(text).predicate;
        const made: BundleMade = {
          path: target,
          ticket: null,
          fileName: basename(target),
          bytes: written.size,
          sha256: await digestOf(written),
          statement: { file, sha256: statementDigest(text), signer: signer.name, fingerprint: signer.fingerprint },
          recordings: recordings.map(({ id, root, records, withheld }) => ({ id, root, records, withheld })),
          verdict,
          warnings: [],
        };
        written.commit();
        return made;
      } finally {
        written.abandon();
      }
    } finally {
      from.close();
    }
  };

  const startRewriting = (path: string, title: string, run: (context: JobContext) => Promise<BundleMade>): { job: string } => {
    library();
    return { job: jobs.start({ kind: 'bundle', title: `${title} ${basename(path)}`, unit: 'bytes', run }).id };
  };

  const bundleDetails = ({ sha256, bytes, statement }: BundleMade): { readonly [key: string]: JsonValue } => ({
    [BUNDLE_DETAIL]: { sha256, bytes, statement: statement.sha256 },
  });

  return {
    'bundle.create': async ({ path, supersedesFile, ...given }) => {
      const supersedes = supersedesFile === undefined ? given.supersedes : await supersededBy(supersedesFile);
      const job = start({ ...given, supersedes }, async (source, context) => {
        mustBeNew(path);
        const file = createBundleFile(path);
        try {
          const written = await write(file, source, context);
          file.commit(() => enterMade(source, written));
          await custodian.pin();
          return { path, ticket: null, fileName: basename(path), ...written };
        } finally {
          file.abandon();
        }
      });
      return { output: { job }, subject: null, details: {} };
    },

    'bundle.make': (request) => {
      const job = start(request, async (source, context) => {
        const file = createWaitingFile(library().folder);
        try {
          const written = await write(file, source, context);
          const ticket = desk.tickets.begin(file.pieces(), () => needToBundle(desk, source.content.detail));
          enterMade(source, written);
          await custodian.pin();
          return { path: null, ticket, fileName: `${bundleName(source.content.detail.number)}.zip`, ...written };
        } catch (error) {
          file.abandon();
          throw error;
        }
      });
      return { output: { job }, subject: null, details: {} };
    },

    'bundle.countersign': ({ path, out, role, intent, signer, signedAt }) => {
      const output = startRewriting(path, 'countersign', async (context) => {
        const tool = { version: desk.version, emulator: EMULATOR };
        const by = signerNamed(desk, signer);
        const made = await rewrite(path, out, context, (bundle) => countersign(bundle, { role, intent, signedAt, tool }, by));
        const { statement, recordings } = made;
        enter('sign', `bundle ${basename(path)}`, {
          ...bundleDetails(made),
          role,
          intent,
          signer: statement.signer,
          fingerprint: statement.fingerprint,
          signed_at: signedAt,
          recordings,
        });
        await custodian.pin();
        return made;
      });
      return { output, subject: null, details: {} };
    },

    'bundle.timeRequest': async ({ path, statement }) => {
      const file = openBundleFile(path);
      try {
        const bundle = await readBundle(file, path);
        const signature = signatureOf(bundle, statement);
        return { signature: basename(signature), request: await timeRequest(bundle, signature) };
      } finally {
        file.close();
      }
    },

    'bundle.timestamp': ({ path, out, response }) => {
      const output = startRewriting(path, 'time stamp', async (context) => {
        let time = '';
        const made = await rewrite(path, out, context, async (bundle) => {
          const joined = await joinTimeStamp(bundle, response);
          time = joined.time;
          return { file: joined.statement, additions: joined.additions };
        });
        enter('sign', `bundle ${basename(path)}`, { ...bundleDetails(made), what: 'time stamp joined', time });
        return made;
      });
      return { output, subject: null, details: {} };
    },

    'bundle.open': ({ path }) => {
      library();
      const job = jobs.start({
        kind: 'bundle',
        title: `open ${basename(path)}`,
        unit: 'bytes',
        run: async (context) => {
          const file = openBundleFile(path);
          try {
            return await openBundleAsCase(desk, file, path, new Set(trustedHere(desk)), context);
          } finally {
            file.close();
          }
        },
      });
      return { output: { job: job.id }, subject: null, details: {} };
    },
    'bundle.openOffered': ({ name, size, trust }) => {
      const { folder } = library();
      const trusted = new Set([...trust, ...trustedHere(desk)]);
      const output = startOnOffered(desk, { name, size }, `open ${name}`, (file, context) =>
        taken(file, folder, context, (bytes) => openBundleAsCase(desk, bytes, name, trusted, context)),
      );
      return { output, subject: null, details: {} };
    },
    'bundle.opened': ({ job }) => jobs.result<BundleOpened>(job),

    'annotations.export': ({ case: ref, signer, signedAt }) => {
      const { text, case: found, annotations, allowed } = annotationFileOf(desk, ref, signer, signedAt);
      const ticket = desk.tickets.begin([Buffer.from(text)].values(), allowed);
      return {
        output: { ticket, fileName: `${bundleName(found.number)}-annotations.json`, annotations },
        subject: found.id,
        details: { what: 'annotation file', annotations, signer, fingerprint: custodian.vault.signingFingerprint() },
      };
    },
    'annotations.merge': async ({ text, case: ref }) => {
      const output = await mergeAnnotations(desk, text, ref);
      const { case: subject, signer, fingerprint, added, known, conflicts, refused } = output;
      const counts = { added: added.length, known: known.length, conflicts: conflicts.length, refused: refused.length };
      const versions = added.flatMap((id) => committed(library(), id));
      return { output, subject, details: { what: 'annotation file merged', signer, fingerprint, ...counts, versions } };
    },

    'bundle.made': ({ job }) => jobs.result<BundleMade>(job),
  };
}

function mustBeNew(path: string): void {
  if (existsSync(path)) throw new ExhibitError('refused', `write ${path}`, 'there is such a file already', 'name a new one');
}

/** SHA-256 of the producer's statement in a bundle. */
async function supersededBy(path: string): Promise<string> {
  return statementDigest(await producerStatement(path));
}

// Calls about evidence bundles: making one, opening one of somebody else, and annotation files.

import { basename } from 'node:path';
import type { BundleMade, BundleOpened } from '../../shared/api/bundle-shapes.ts';
import type { BundleRequest } from '../../shared/api/case-shapes.ts';
import type { JsonValue } from '../../shared/evidence/canonical-json.ts';
import {
  BUNDLE_DETAIL,
  bundleName,
  createWholeFile,
  createWaitingFile,
  digestOf,
  fingerprintOf,
  makeBundle,
  openBundleFile,
  refuseWithheld,
  statementDigest,
  type BundleBytes,
  type BundleSource,
  type ZipTarget,
} from '../export/export.ts';
import { annotationFileOf, committed, mergeAnnotations } from './annotation-merge.ts';
import { openBundleAsCase } from './bundle-open.ts';
import { bundleSource, findCase, needToBundle } from './bundle-source.ts';
import { checked, mustBeNew, notWritten, type Written } from './bundle-written.ts';
import type { Desk, Handlers } from './desk.ts';
import type { JobContext } from './jobs.ts';
import { startOnOffered, taken } from './offered-bundle.ts';
import { supersededStatement } from './superseding.ts';
import { trustedHere } from './verify-calls.ts';

type Calls =
  | 'bundle.create'
  | 'bundle.make'
  | 'bundle.made'
  | 'bundle.open'
  | 'bundle.openOffered'
  | 'bundle.opened'
  | 'annotations.export'
  | 'annotations.merge';

export function bundleCalls(desk: Desk): Handlers<Calls> {
  const { custodian, jobs, library } = desk;

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
    const [verdict, sha256] = await Promise.all([
      // What was derived from a redacted stream is derived once more: nobody has it but this bundle.
      checked(file, fingerprint, context, desk.verifyFile, { quick: !source.request.redacted, failed: notWritten }),
      digestOf(file),
    ]);
    return {
      bytes: file.size,
      sha256,
      statement: {
        file: made.statement.file,
        sha256: statementDigest(made.statement.text),
        signer: source.signer.name,
        fingerprint,
      },
      stampedAt: null,
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

  return {
    'bundle.create': ({ path, supersedesFile, ...given }) => {
      const job = start(given, async (asked, context) => {
        mustBeNew(path);
        const { request, content } = asked;
        const supersedes =
          supersedesFile === undefined
            ? request.supersedes
            : await supersededStatement(desk, supersedesFile, content.detail, context);
        const source = { ...asked, request: { ...request, supersedes } };
        const file = createWholeFile(path);
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

    'bundle.open': ({ path }) => {
      library();
      const job = jobs.start({
        kind: 'bundle-read',
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
      const output = startOnOffered(desk, 'bundle-read', { name, size }, `open ${name}`, (file, context) =>
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
      const versions = added.flatMap((id) => committed(library().annotations.find(id)!));
      return { output, subject, details: { what: 'annotation file merged', signer, fingerprint, ...counts, versions } };
    },

    'bundle.made': ({ job }) => jobs.result<BundleMade>(job),
  };
}

// Calls that verify bundles of anybody. They need no library; where one is open its own key and the signers that were pinned in it are
// trusted as well, and the custody log says what was verified.

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { BundleReport as ReportShape } from '../../shared/api/case-shapes.ts';
import { ExhibitError } from '../../shared/api/errors.ts';
import { trustedSigners } from '../../shared/api/trusted-signers.ts';
import { verifyZip } from '../../shared/evidence/bundle/verify-bundle.ts';
import { toHex } from '../../shared/evidence/custody.ts';
import type { RecordingEvent } from '../../shared/recording/event.ts';
import { Cancelled, NODE_EFFECTS, pemCertificates, verifyBundleAt, verifyOptions, type BundleReport } from '../export/export.ts';
import { openRecording, type OpenedRecording } from '../replay/replay.ts';
import type { Desk, Handlers } from './desk.ts';
import { readingAhead, startOnOffered } from './offered-bundle.ts';
import { supersededBy } from './superseding.ts';

/** Fingerprints that are trusted in the open library: its own, and those that were pinned in it. None where none is open. */
export function trustedHere({ custodian, library }: Desk): readonly string[] {
  if (custodian.status().state !== 'unlocked') return [];
  const pinned = trustedSigners(library().settings.all()).map(({ fingerprint }) => fingerprint);
  return [custodian.vault.signingFingerprint(), ...pinned];
}

/** What a key at hand opens of the recordings of a bundle that are in the open library as well: the same root, so the same records. */
function openedHere(desk: Desk): NonNullable<Parameters<typeof verifyOptions>[0]['opened']> {
  return async ({ id, root }) => {
    if (desk.custodian.status().state !== 'unlocked') return null;
    const library = desk.library();
    const session = library.sessions.find(id);
    if (session === null || session === 'ambiguous' || toHex(session.root) !== root) return null;
    const opening = await desk.keys().look(session);
    return opening.kind === 'opened' ? eventsOf(openRecording(library, session, opening.opener)) : null;
  };
}

function* eventsOf({ runs }: OpenedRecording): Generator<readonly RecordingEvent[]> {
  for (const { events } of runs(0)) yield events;
}

function certificates(text: string, name: string): readonly Uint8Array[] {
  const found = pemCertificates(text);
  if (found.length > 0) return found;
  throw new ExhibitError('refused', `read ${name}`, 'it holds no certificate', 'name a PEM file (BEGIN CERTIFICATE)');
}

function certificatesOf(path: string): readonly Uint8Array[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ExhibitError('disk', `read ${path}`, (error as Error).message, 'name a file that can be read', { cause: error });
  }
  return certificates(text, path);
}

/** An error of reading as people meet it. */
function readError(error: unknown, path: string): unknown {
  const what = `verify ${path}`;
  if (error instanceof Cancelled) return new ExhibitError('cancelled', what, 'it was cancelled');
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new ExhibitError('not-found', what, 'there is no such file or folder');
  return code === undefined ? error : new ExhibitError('disk', what, message, 'name a file that can be read', { cause: error });
}

export function verifyCalls(desk: Desk): Handlers<'bundle.verify' | 'bundle.verifyOffered' | 'bundle.verified'> {
  const { custodian, jobs } = desk;

  /** What the open library adds to a report, once its custody log says that the bundle was verified. */
  const known = (path: string, report: BundleReport, trusted: ReadonlySet<string>): BundleReport => {
    if (custodian.status().state !== 'unlocked') return report;
    const { verdict, time, signers, failures } = report;
    desk.library().custody.append({
      actor: desk.actor,
      action: 'verify',
      subject: `bundle ${basename(path)}`,
      purpose: desk.purpose(),
      details: { verdict, time, signers: signers.map(({ fingerprint }) => fingerprint), failures: failures.length },
    });
    return { ...report, supersededBy: supersededBy(desk.library(), report, trusted) };
  };

  return {
    'bundle.verify': ({ path, trust, authorities: files, quick }) => {
      const trusted = new Set([...trust, ...trustedHere(desk)]);
      const given = files.flatMap(certificatesOf);
      const job = jobs.start({
        kind: 'bundle-read',
        title: `verify ${basename(path)}`,
        unit: 'bytes',
        run: async ({ signal, progress }) => {
          try {
            const request = {
              trusted,
              authorities: given,
              progress: (done: number, total: number) => progress({ done, total }),
              isCancelled: () => signal.aborted,
              opened: openedHere(desk),
              quick: quick ?? false,
            };
            const report = await verifyBundleAt(path, request, desk.verifyFile);
            return known(path, report, trusted);
          } catch (error) {
            throw readError(error, path);
          }
        },
      });
      return { output: { job: job.id }, subject: null, details: {} };
    },
    'bundle.verifyOffered': ({ name, size, trust, authorities = [] }) => {
      const trusted = new Set([...trust, ...trustedHere(desk)]);
      const given = authorities.flatMap((text) => certificates(text, 'the certificate of the authority'));
      const output = startOnOffered(desk, 'bundle-read', { name, size }, `verify ${name}`, async (file, { signal, progress }) => {
        try {
          const options = verifyOptions({
            trusted,
            authorities: given,
            progress: (done, total) => progress({ done, total }),
            isCancelled: () => signal.aborted,
            opened: openedHere(desk),
          });
          const report = await verifyZip(size, readingAhead(file), NODE_EFFECTS, options);
          return known(name, report, trusted);
        } catch (error) {
          throw readError(error, name);
        }
      });
      return { output, subject: null, details: {} };
    },
    'bundle.verified': ({ job }) => jobs.result<ReportShape>(job),
  };
}

// Which bundle takes the place of which: what the custody log of this library says of those that were made or opened here, and what is
// asked of one whose place a new bundle is to take.

import type { CaseDetail } from '../../shared/api/case-shapes.ts';
import { ExhibitError } from '../../shared/api/errors.ts';
import { BUNDLE_DETAIL, openBundleFile, readBundle, statementDigest, type BundleReport } from '../export/export.ts';
import type { Library } from '../library/library.ts';
import { checked, notSigned } from './bundle-written.ts';
import type { Desk } from './desk.ts';
import type { JobContext } from './jobs.ts';

/** Entries that are read at a time. */
const RUN = 1000;

interface Superseding {
  readonly [BUNDLE_DETAIL]?: { readonly statement?: string };
  readonly supersedes?: string | null;
  /** Of the signer; an entry about a bundle that was made here has none. */
  readonly fingerprint?: string;
}

/**
 * The newest bundle that takes the place of this one, by the SHA-256 of its producer's statement: one that was made here, or that was
 * opened here and is by the same signer or one of these. Anybody else may say of a bundle that it takes the place of another. Null where
 * there is none.
 */
export function supersededBy(
  { custody }: Library,
  { statement, signers }: BundleReport,
  trusted: ReadonlySet<string>,
): string | null {
  if (statement === null) return null;
  const producer = signers.find(({ role }) => role === 'producer')?.fingerprint;
  for (const action of ['export', 'acquire'] as const) {
    for (let before: number | null = null; ;) {
      const { entries } = custody.list({ action }, before, RUN);
      for (const { text } of entries) {
        if (!text.includes(statement)) continue;
        const { supersedes, fingerprint, [BUNDLE_DETAIL]: by } = (JSON.parse(text) as { readonly details: Superseding }).details;
        const isKnown = fingerprint === undefined || fingerprint === producer || trusted.has(fingerprint);
        if (supersedes === statement && isKnown && by?.statement !== undefined) return by.statement;
      }
      if (entries.length < RUN) break;
      before = entries.at(-1)!.seq;
    }
  }
  return null;
}

/**
 * SHA-256 of the producer's statement of the bundle at a path, whose place a bundle of this case is to take. Throws kinds `altered` where it
 * does not verify, `refused` where it is of another case, `not-found`, `disk`, `cancelled`.
 */
export async function supersededStatement(
  { custodian, verifyFile }: Desk,
  path: string,
  { id, number }: Pick<CaseDetail, 'id' | 'number'>,
  context: JobContext,
): Promise<string> {
  const file = openBundleFile(path);
  try {
    const own = custodian.vault.signingFingerprint();
    await checked(file, own, context, verifyFile, { quick: false, failed: notSigned(path) });
    const bundle = await readBundle(file, path);
    const of = JSON.parse(await bundle.text('data/case.json')) as { readonly id?: unknown; readonly number?: unknown };
    if (of.id !== id)
      throw new ExhibitError(
        'refused',
        `take the place of ${path}`,
        `it is a bundle of another case (${String(of.number)}), not of ${number}`,
        'name an earlier bundle of the same case',
      );
    return statementDigest(await bundle.text(bundle.statements[0]!));
  } finally {
    file.close();
  }
}

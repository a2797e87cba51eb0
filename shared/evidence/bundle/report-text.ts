// A report in words, the same in the command line, in verify.mjs and in verify.html: what was found, by whom it is signed, what is not
// proven, and what to do next.

import type { BundleFailure, BundleReport, BundleSigner, BundleStep } from './report.ts';

/** `02-reviewer` */
const statementOf = ({ file }: BundleSigner): string => file.replace(/^.*\/|\.json$/g, '');

/** Whose key it is that signed here once more, or null: roles and names are what a signer writes, and only another key is another person's. */
export function keyOfAnother(signer: BundleSigner, { signers }: BundleReport): string | null {
  const first = signers.find(({ fingerprint }) => fingerprint === signer.fingerprint);
  if (first === undefined || first.file === signer.file) return null;
  return first.role === 'producer' ? "the producer's own key" : `the key of ${statementOf(first)}`;
}

/** When it was signed: what the signer claims and what is attested, and what speaks against the claim. */
export function signedText(
  { signedAt, stampedAt, contradiction }: BundleSigner,
  instant: (moment: string) => string = (moment) => moment,
): string {
  const when =
    stampedAt === null
      ? `${instant(signedAt)} (CLAIMED)`
      : `claimed ${instant(signedAt)}; existed by ${instant(stampedAt)} (ATTESTED)`;
  return contradiction === null ? when : `${when}, but ${contradiction}`;
}

/** What the verdict means, which statements are nobody else's, which cannot be of the time that they claim, and which bundle takes the place of which. */
export function verdictSentence(report: BundleReport): string {
  const again = report.signers.flatMap((signer) => {
    const key = keyOfAnother(signer, report);
    return key === null ? [] : [`${statementOf(signer)} is signed with ${key}, and so by nobody else`];
  });
  const wrong = report.signers.flatMap((signer) =>
    signer.contradiction === null
      ? []
      : [`${statementOf(signer)} cannot have been signed when it claims, ${signer.signedAt}: ${signer.contradiction}`],
  );
  const doubts = [...again, ...wrong];
  const { supersedes, supersededBy } = report;
  return [
    meaningOf(report),
    ...(doubts.length === 0 ? [] : [`But ${doubts.join('; ')}.`]),
    ...(supersededBy === null ? [] : [`But this library knows of a bundle that takes its place: statement ${supersededBy}.`]),
    ...(supersedes === null ? [] : [`It takes the place of another bundle: statement ${supersedes}.`]),
  ].join(' ');
}

function meaningOf({ verdict, time }: BundleReport): string {
  const stamped = time === 'ATTESTED' ? 'a time by which it existed is attested' : 'the time is claimed, not attested';
  switch (verdict) {
    case 'TRUSTED':
      return `Everything holds, and every statement is by a signer that you gave; ${stamped}.`;
    case 'INTACT, SIGNER NOT TRUSTED':
      return `Everything holds, but not every signer is known to you; ${stamped}. Ask for the fingerprint by another way than the one by which the bundle came.`;
    case 'INTACT, UNSIGNED':
      return 'Everything holds together, but nobody signed it: anybody could have made it.';
    case 'INCOMPLETE':
      return 'Something that was in it is missing.';
    case 'ALTERED':
      return 'It is not what was signed.';
    case 'UNREADABLE':
      return 'It is not a bundle that can be read safely.';
  }
}

/** Where a failure is, and what. */
export function failureText({ file, recording, record, bytes, reason }: BundleFailure): string {
  const place = [
    file === '' ? 'the ZIP file' : file,
    ...(recording === null || file.includes(`/${recording}/`) ? [] : [`recording ${recording}`]),
    ...(record === null ? [] : [`record ${String(record)}`]),
    ...(bytes === null ? [] : [`bytes ${String(bytes[0])} to ${String(bytes[1])}`]),
  ];
  return `${place.join(', ')}: ${reason}`;
}

export function stepText({ step, outcome, detail }: BundleStep): string {
  return `${outcome}: ${step}${detail === '' ? '' : ` (${detail})`}`;
}

/** Who signed as what, when, with which key. */
export function signerText(signer: BundleSigner, report: BundleReport): string {
  const { role, name, fingerprint, trusted } = signer;
  const known = [trusted ? 'trusted' : 'not known to you', keyOfAnother(signer, report)].filter((word) => word !== null);
  return `${role} ${name}, ${signedText(signer)}, ${fingerprint}: ${known.join(', ')}`;
}

/** The whole report as lines. What comes from the bundle is not made safe for a terminal here. */
export function reportLines(report: BundleReport): readonly string[] {
  return [
    report.verdict,
    verdictSentence(report),
    ...(report.statement === null ? [] : [`Its own statement is ${report.statement}.`]),
    '',
    ...report.steps.map((step) => `  ${stepText(step)}`),
    ...(report.signers.length === 0 ? [] : ['', 'Signed']),
    ...report.signers.map((signer) => `  ${signerText(signer, report)}`),
    ...(report.recordings.length === 0 ? [] : ['', 'Recordings']),
    ...report.recordings.map(
      ({ id, root, records, withheld, verified }) =>
        `  ${id}: ${verified ? 'holds' : 'FAILED'}, ${String(records)} records, ${String(withheld)} withheld, root ${root}`,
    ),
    ...(report.failures.length === 0 ? [] : ['', 'Failures']),
    ...report.failures.map((failure) => `  ${failureText(failure)}`),
  ];
}

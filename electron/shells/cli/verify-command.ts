// exhibit bundle verify, bundle trust: checks a bundle of anybody, with a library or without one.

import { ExhibitError } from '../../../shared/api/errors.ts';
import type { Api } from '../../../shared/api/contract.ts';
import type { BundleReport } from '../../../shared/api/case-shapes.ts';
import {
  isFingerprint,
  trustedSigners,
  TRUSTED_SIGNERS,
  withoutSigner,
  withSigner,
} from '../../../shared/api/trusted-signers.ts';
import { reportLines, verdictSentence } from '../../../shared/evidence/bundle/report-text.ts';
import { usage, type Call, type Command } from './arguments.ts';
import type { Context } from './context.ts';
import { harmlessJson, visible } from '../../../shared/recording/safe-text.ts';

function fingerprint(text: string): string {
  if (isFingerprint(text)) return text;
  throw new ExhibitError(
    'usage',
    'trust',
    `${JSON.stringify(text)} is no fingerprint`,
    'it looks like SHA256: and 43 letters and digits',
  );
}

/** The core, with its library open where that takes no question: a bundle can be verified without one. */
async function apiIfOpen(context: Context, call: Call): Promise<Api> {
  const api = await context.bareApi(call);
  const { state, protection } = await api.call('vault.status', null);
  if (state !== 'locked' || (protection === 'passphrase' && call.text('passphrase-file') === undefined)) return api;
  try {
    return await context.api(call);
  } catch (error) {
    if (!(error instanceof ExhibitError) || call.text('passphrase-file') !== undefined) throw error;
    context.note(`exhibit: verified without the library: ${visible(error.why)}`);
    return api;
  }
}

async function verify(context: Context, call: Call): Promise<void> {
  const trust = call.texts('trust').map(fingerprint);
  const api = await apiIfOpen(context, call);
  const path = call.operands[0]!;
  const { job } = await api.call('bundle.verify', {
    path,
    trust,
    authorities: [...call.texts('tsa')],
    quick: call.flag('quick') === true,
  });
  await context.finish(call, api, job);
  const report = await api.call('bundle.verified', { job });
  const format = context.format(call);
  if (format === 'table') await context.write(`${reportLines(report).map(visible).join('\n')}\n`);
  // To the letter what verify.mjs and verify.html give, so that reports can be compared.
  else if (format === 'json') await context.write(`${harmlessJson(JSON.stringify(report, null, 2))}\n`);
  else await context.printList(call, [flat(report)], Object.keys(flat(report)).map(column), report);
  const failure = failed(path, report);
  if (failure !== null) throw failure;
}

/** The report as one row, for CSV. */
function flat({ verdict, time, signers, failures, recordings }: BundleReport): Readonly<Record<string, string | number>> {
  const fingerprints = signers.map((signer) => signer.fingerprint).join(' ');
  return { verdict, time, signers: fingerprints, recordings: recordings.length, failures: failures.length };
}

const column = (head: string): { head: string; value: (row: Readonly<Record<string, string | number>>) => string | number } => ({
  head,
  value: (row) => row[head]!,
});

function failed(path: string, report: BundleReport): ExhibitError | null {
  if (report.verdict === 'TRUSTED') return null;
  const kind = report.verdict === 'INTACT, SIGNER NOT TRUSTED' ? 'signer' : 'altered';
  return new ExhibitError(kind, `verify ${path}`, `${report.verdict}. ${verdictSentence(report)}`);
}

async function trust(context: Context, call: Call): Promise<void> {
  const api = await context.api(call);
  const settings = await api.call('settings.get', null);
  const signers = trustedSigners(settings);
  const [given] = call.operands;
  const remove = call.flag('remove') === true;
  if (given === undefined && (remove || call.text('name') !== undefined))
    throw usage('say which fingerprint', ['bundle', 'trust']);
  let value = settings[TRUSTED_SIGNERS] ?? '';
  if (given !== undefined) {
    const wanted = fingerprint(given);
    if (remove && !signers.some((signer) => signer.fingerprint === wanted))
      throw new ExhibitError(
        'not-found',
        `trust ${wanted}`,
        'it is not among those that are trusted',
        '`exhibit bundle trust` lists them',
      );
    const name = call.text('name') ?? '';
    value = remove ? withoutSigner(signers, wanted) : withSigner(signers, { fingerprint: wanted, name });
    await api.call('settings.set', { key: TRUSTED_SIGNERS, value });
  }
  await context.printList(call, trustedSigners({ [TRUSTED_SIGNERS]: value }), [
    { head: 'fingerprint', value: (row) => row.fingerprint },
    { head: 'name', value: (row) => row.name },
  ]);
}

export const VERIFY_COMMANDS: readonly Command<Context>[] = [
  {
    path: ['bundle', 'verify'],
    operands: ['FILE'],
    options: [
      { name: 'trust', value: 'FINGERPRINT', repeat: true, help: 'a signer that you know, as SHA256:…; may be repeated' },
      {
        name: 'tsa',
        value: 'PEM',
        repeat: true,
        help: 'certificate of a time-stamping authority that you trust; may be repeated',
      },
      { name: 'quick', help: 'leave out the last step, deriving again what the recordings hold, which takes longest' },
    ],
    summary:
      'Verify an evidence bundle, or the folder it was unpacked into; exit 3 when it does not hold, 4 when its signer is not known',
    examples: ['exhibit bundle verify exhibit-2026-17.zip --trust SHA256:…', 'exhibit bundle verify exhibit-2026-17.zip -o json'],
    run: verify,
  },
  {
    path: ['bundle', 'trust'],
    operands: ['[FINGERPRINT]'],
    options: [
      { name: 'name', value: 'NAME', help: 'whose it is' },
      { name: 'remove', help: 'trust it no longer' },
    ],
    summary: 'List the signers of bundles that this library trusts, or add one',
    examples: ['exhibit bundle trust', 'exhibit bundle trust SHA256:… --name "Ada Lovelace"'],
    run: trust,
  },
];

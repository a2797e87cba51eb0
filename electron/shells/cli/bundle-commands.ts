// exhibit bundle …: make an evidence bundle, countersign one, join a time stamp to it, open one of somebody else.

import { resolve } from 'node:path';
import { userInfo } from 'node:os';
import type { BundleMade, BundleOpened, MergeReport } from '../../../shared/api/bundle-shapes.ts';
import { ExhibitError } from '../../../shared/api/errors.ts';
import type { Api } from '../../../shared/api/contract.ts';
import { usage, type Call, type Command, type Option } from './arguments.ts';
import type { Context } from './context.ts';
import { finishIndexing } from './library-commands.ts';
import { readBytes, readText } from './read-file.ts';
import { visible } from '../../../shared/recording/safe-text.ts';
import { exportBytes } from './session-commands.ts';
import { save } from './save.ts';
import { some } from './output.ts';

const SIGNED_AT: Option = { name: 'signed-at', value: 'TIME', help: 'moment of sign-off, RFC 3339; now by default' };
const SIGNER: Option = {
  name: 'signer',
  value: 'NAME',
  help: 'who signs, as the statement names them; the user of this machine by default',
};
const INTENT: Option = { name: 'intent', value: 'TEXT', help: 'what it is signed for' };
const OUT: Option = { name: 'out', value: 'FILE', help: 'write there; in place by default' };

function signedAt(call: Call): string {
  const given = call.text('signed-at');
  const time = given === undefined ? Date.now() : Date.parse(given);
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  throw new ExhibitError('usage', 'bundle', `${JSON.stringify(given)} is no moment`, 'give it like 2026-11-21T10:00:00Z');
}

const signer = (call: Call): string => call.text('signer') ?? userInfo().username;

const outOf = (call: Call): string | null => {
  const out = call.text('out');
  return out === undefined ? null : resolve(out);
};

/** Waits for the work and shows what was written. */
async function finishBundle(context: Context, call: Call, api: Api, job: string): Promise<void> {
  await context.finish(call, api, job);
  const made = await api.call('bundle.made', { job });
  const { ticket: _ticket, ...shown } = made;
  await context.printList<BundleMade>(
    call,
    [made],
    [
      { head: 'bundle', value: ({ path }) => path },
      { head: 'bytes', value: ({ bytes }) => bytes, right: true },
      { head: 'recordings', value: ({ recordings }) => recordings.length, right: true },
      { head: 'signer', value: ({ statement }) => statement.signer },
      { head: 'key', value: ({ statement }) => statement.fingerprint },
      { head: 'sha256', value: ({ sha256 }) => sha256 },
    ],
    shown,
  );
  if (made.stampedAt !== null)
    context.note(
      `exhibit: the time stamp says ${made.stampedAt}; bundle verify --tsa tells whether it is of an authority that you trust`,
    );
  for (const warning of made.warnings) context.note(`exhibit: ${visible(warning)}`);
}

async function create(context: Context, call: Call): Promise<void> {
  const path = ['bundle', 'create'];
  const ref = call.text('case');
  const out = call.text('out');
  if (ref === undefined) throw usage('--case is missing', path);
  if (out === undefined) throw usage('--out is missing', path);
  const at = signedAt(call);
  const supersedes = call.text('supersedes');
  const api = await context.api(call);
  const { job } = await api.call('bundle.create', {
    case: ref,
    path: resolve(out),
    plaintext: call.flag('plaintext') ?? true,
    redacted: call.flag('redacted') ?? false,
    intent: call.text('intent') ?? '',
    signer: signer(call),
    signedAt: at,
    supersedes: null,
    ...(supersedes === undefined ? {} : { supersedesFile: resolve(supersedes) }),
  });
  await finishBundle(context, call, api, job);
}

async function countersign(context: Context, call: Call): Promise<void> {
  const role = call.text('role') ?? 'reviewer';
  const at = signedAt(call);
  const api = await context.api(call);
  const { job } = await api.call('bundle.countersign', {
    path: resolve(call.operands[0]!),
    out: outOf(call),
    role: role as 'reviewer' | 'recipient',
    intent: call.text('intent') ?? '',
    signer: signer(call),
    signedAt: at,
  });
  await finishBundle(context, call, api, job);
}

/** Largest answer of an authority that is read: theirs have a few thousand bytes. */
const MAX_ANSWER = 1024 * 1024;

async function timestamp(context: Context, call: Call): Promise<void> {
  const [request, response] = [call.text('request'), call.text('response')];
  const path = resolve(call.operands[0]!);
  if ((request === undefined) === (response === undefined))
    throw usage('it takes either --request or --response', ['bundle', 'timestamp']);
  if (request !== undefined) {
    const api = await context.bareApi(call);
    const made = await api.call('bundle.timeRequest', { path, statement: call.text('statement') ?? null });
    await save(context, request, [made.request]);
    context.note(`exhibit: a request for ${made.signature}; send it to a time-stamping authority as application/timestamp-query`);
    return;
  }
  const answer = readBytes(response!, MAX_ANSWER);
  const api = await context.api(call);
  const { job } = await api.call('bundle.timestamp', { path, out: outOf(call), response: answer });
  await finishBundle(context, call, api, job);
}

async function open(context: Context, call: Call): Promise<void> {
  const api = await context.apiForWriting(call);
  const { job } = await api.call('bundle.open', { path: resolve(call.operands[0]!) });
  await context.finish(call, api, job);
  const opened = await api.call('bundle.opened', { job });
  await context.printList<BundleOpened['recordings'][number]>(
    call,
    opened.recordings,
    [
      { head: 'recording', value: ({ id }) => id },
      { head: 'session', value: ({ session }) => session },
      { head: 'from', value: ({ from }) => from },
      { head: 'note', value: ({ note }) => note },
    ],
    opened,
  );
  if (call.flag('index') !== false) await finishIndexing(context, call, api);
  context.note(`exhibit: ${opened.verdict}: signed by ${visible(opened.signer)}, ${opened.fingerprint}; case ${opened.case}`);
}

async function exportAnnotations(context: Context, call: Call): Promise<void> {
  const ref = call.text('case');
  const out = call.text('out');
  if (ref === undefined) throw usage('--case is missing', ['annotate', 'export']);
  const at = signedAt(call);
  const api = await context.api(call);
  const { ticket, annotations } = await api.call('annotations.export', { case: ref, signer: signer(call), signedAt: at });
  await save(context, out, exportBytes(api, ticket));
  context.note(`exhibit: ${some(annotations, 'annotation')}, signed`);
}

function mergeRows({ added, known, conflicts, refused }: MergeReport): { id: string; became: string; note: string }[] {
  return [
    ...added.map((id) => ({ id, became: 'added', note: '' })),
    ...known.map((id) => ({ id, became: 'known', note: '' })),
    ...conflicts.map(({ id, here, there }) => ({ id, became: 'conflict', note: `here: ${here}; there: ${there}` })),
    ...refused.map(({ id, reason }) => ({ id, became: 'refused', note: reason })),
  ];
}

async function importAnnotations(context: Context, call: Call): Promise<void> {
  const path = call.operands[0]!;
  const text = readText(path);
  const ref = call.text('case');
  const api = await context.api(call);
  const report = await api.call('annotations.merge', { text, ...(ref === undefined ? {} : { case: ref }) });
  await context.printList(
    call,
    mergeRows(report),
    [
      { head: 'annotation', value: ({ id }) => id },
      { head: 'became', value: ({ became }) => became },
      { head: 'note', value: ({ note }) => note },
    ],
    report,
  );
  context.note(`exhibit: signed by ${visible(report.signer)}, ${report.fingerprint}: ask them whether that is their key`);
}

export const BUNDLE_COMMANDS: readonly Command<Context>[] = [
  {
    path: ['bundle', 'create'],
    operands: [],
    options: [
      { name: 'case', value: 'CASE', help: 'id or number of the case' },
      { name: 'out', value: 'FILE', help: 'the ZIP to write; a new file' },
      { name: 'plaintext', help: 'with what was recorded, in clear; on by default' },
      { name: 'redacted', help: 'without what the redactions of the case withhold' },
      INTENT,
      SIGNER,
      SIGNED_AT,
      { name: 'supersedes', value: 'FILE', help: 'the bundle that this one takes the place of' },
    ],
    summary: 'Make an evidence bundle of a case, signed with the key of this library',
    examples: [
      'exhibit bundle create --case 2026-114 --out case.zip --intent "disclosure to the defence"',
      'exhibit bundle create --case 2026-114 --out redacted.zip --redacted',
      'exhibit bundle create --case 2026-114 --out sealed.zip --plaintext=false',
    ],
    run: create,
  },
  {
    path: ['bundle', 'countersign'],
    operands: ['FILE'],
    options: [
      { name: 'role', value: 'ROLE', choices: ['reviewer', 'recipient'], help: 'as what; reviewer by default' },
      INTENT,
      SIGNER,
      SIGNED_AT,
      OUT,
    ],
    summary: 'Verify a bundle and add a statement of one more person to it',
    examples: ['exhibit bundle countersign case.zip --role reviewer --signer "R. Osei" --out reviewed.zip'],
    run: countersign,
  },
  {
    path: ['bundle', 'timestamp'],
    operands: ['FILE'],
    options: [
      { name: 'request', value: 'FILE', help: 'write a request (RFC 3161) for a time stamp on a signature' },
      { name: 'response', value: 'FILE', help: "take in the authority's answer" },
      { name: 'statement', value: 'NAME', help: 'whose signature: 01-producer; the newest by default' },
      OUT,
    ],
    summary: 'Ask for a time stamp on a signature, or join the answer to the bundle',
    examples: ['exhibit bundle timestamp case.zip --request case.tsq', 'exhibit bundle timestamp case.zip --response case.tsr'],
    run: timestamp,
  },
  {
    path: ['bundle', 'open'],
    operands: ['FILE'],
    options: [{ name: 'index', help: 'wait until what came can be searched; on by default' }],
    summary: 'Verify a bundle and open it as a case that takes comments only',
    examples: ['exhibit bundle open case.zip'],
    run: open,
  },
  {
    path: ['annotate', 'export'],
    operands: [],
    options: [
      { name: 'case', value: 'CASE', help: 'id or number of the case' },
      { name: 'out', value: 'FILE', help: 'write there instead of to standard output' },
      SIGNER,
      SIGNED_AT,
    ],
    summary: 'Write the annotations made here in a case as a signed file',
    examples: ['exhibit annotate export --case 2026-114 --out comments.json'],
    run: exportAnnotations,
  },
  {
    path: ['annotate', 'import'],
    operands: ['FILE'],
    options: [{ name: 'case', value: 'CASE', help: 'id or number of the case; the one that the file speaks of by default' }],
    summary: 'Merge a signed annotation file into a case; nothing that is there is changed',
    examples: ['exhibit annotate import comments.json'],
    run: importAnnotations,
  },
];

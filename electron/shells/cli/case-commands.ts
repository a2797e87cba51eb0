// exhibit cases …: cases, their exhibits and notes. A case is named by its number or its id.

import type { CaseDetail, CaseSummary, Exhibit } from '../../../shared/api/case-shapes.ts';
import { usage, type Call, type Command, type Option } from './arguments.ts';
import type { Context } from './context.ts';
import { parseMoment } from './moment.ts';
import { seconds, type Column } from './output.ts';
import { visible } from '../../../shared/recording/safe-text.ts';
import { readText } from './read-file.ts';

export const REASON: Option = { name: 'reason', value: 'TEXT', help: 'why; it is kept with the change' };

/** Throws kind `usage` when it was not given. */
export function reasonOf(call: Call, path: readonly string[]): string {
  const reason = call.text('reason')?.trim() ?? '';
  if (reason === '') throw usage('--reason is missing', path);
  return reason;
}

/** Options that were given, under the names of the contract. */
export function given<T>(pairs: Readonly<Record<string, T | undefined>>): Record<string, T> {
  return Object.fromEntries(Object.entries(pairs).filter((pair): pair is [string, T] => pair[1] !== undefined));
}

/** A text from a file, `-` being standard input, without the line end behind it. Throws kind `disk`. */
export const textFile = (path: string): string => readText(path).replace(/\r?\n$/, '');

const moment = (instant: string): string => instant.slice(0, 19).replace('T', ' ');

const COLUMNS: readonly Column<CaseSummary>[] = [
  { head: 'number', value: ({ number }) => number },
  { head: 'title', value: ({ title }) => title },
  { head: 'status', value: ({ status }) => status },
  { head: 'exhibits', value: ({ exhibits }) => exhibits, right: true },
  { head: 'annotations', value: ({ annotations }) => annotations, right: true },
  { head: 'changed (UTC)', value: ({ changedAt }) => moment(changedAt) },
  { head: 'id', value: ({ id }) => id },
];

const EXHIBITS: readonly Column<Exhibit>[] = [
  { head: 'number', value: ({ number }) => number },
  { head: 'session', value: ({ session }) => session },
  { head: 'from', value: ({ range }) => (range === null ? null : seconds(range.fromUs)), right: true },
  { head: 'to', value: ({ range }) => (range === null ? null : seconds(range.toUs)), right: true },
  { head: 'title', value: ({ title }) => title },
  { head: 'added by', value: ({ addedBy }) => addedBy },
  { head: 'withdrawn', value: ({ withdrawn }) => withdrawn?.reason ?? null },
];

async function printCase(context: Context, call: Call, shown: CaseDetail): Promise<void> {
  const { versions, exhibitList, notes, ...summary } = shown;
  const whole = { ...summary, exhibits: exhibitList, exhibitCount: summary.exhibits, notes, versions };
  if (context.format(call) !== 'table') {
    await context.printList(call, exhibitList, EXHIBITS, whole);
    return;
  }
  const line = (name: string, value: string): string => (value === '' ? '' : `${name.padEnd(14)}${visible(value)}\n`);
  await context.write(
    [
      line('number', summary.number),
      line('title', summary.title),
      line('id', summary.id),
      line('status', summary.status),
      line('authority', summary.authority),
      line('purpose', summary.purpose),
      line('custodian', summary.custodian),
      line('members', summary.members.join(', ')),
      line('annotations', String(summary.annotations)),
      summary.openedFrom === null
        ? ''
        : line(
            'opened from',
            `${summary.openedFrom.bundle}: ${summary.openedFrom.verdict}, signed by ${summary.openedFrom.signer}`,
          ),
      '\nExhibits\n',
    ].join(''),
  );
  await context.printList(call, exhibitList, EXHIBITS);
  const say = (at: string, who: string, what: string): string => `  ${moment(at)}  ${visible(who)}  ${visible(what)}\n`;
  await context.write(
    [
      notes.length === 0 ? '' : '\nNotes\n',
      ...notes.map(({ at, author, text }) => say(at, author, text)),
      '\nVersions\n',
      ...versions.map(({ version, at, author, status, reason }) => say(at, author, `${String(version)}, ${status}: ${reason}`)),
    ].join(''),
  );
}

const fieldsOf = (call: Call): Record<string, string | string[]> =>
  given<string | string[]>({
    number: call.text('number'),
    title: call.text('title'),
    authority: call.text('authority'),
    purpose: call.text('purpose'),
    custodian: call.text('custodian'),
    members: call.texts('member').length === 0 ? undefined : [...call.texts('member')],
  });

const FIELDS: readonly Option[] = [
  { name: 'authority', value: 'TEXT', help: 'what allows the case: an order, a mandate' },
  { name: 'purpose', value: 'TEXT', help: 'what it is to find out' },
  { name: 'custodian', value: 'NAME', help: 'who answers for the evidence' },
  { name: 'member', value: 'NAME', repeat: true, help: 'who works on it; may be repeated' },
];

async function createCase(context: Context, call: Call): Promise<void> {
  const { number, title, ...rest } = fieldsOf(call) as { number?: string; title?: string };
  if (number === undefined || title === undefined)
    throw usage(`--${number === undefined ? 'number' : 'title'} is missing`, ['cases', 'create']);
  const api = await context.api(call);
  await printCase(context, call, await api.call('cases.create', { number, title, ...rest }));
}

async function addExhibits(context: Context, call: Call): Promise<void> {
  const [ref, ...sessions] = call.operands;
  const [from, to, title] = [call.text('from'), call.text('to'), call.text('title')];
  if ((from === undefined) !== (to === undefined)) throw usage('a range takes both --from and --to', ['cases', 'add']);
  const range = from === undefined ? undefined : { from: parseMoment(from), to: parseMoment(to!) };
  const api = await context.api(call);
  const added = await api.call('cases.addExhibits', {
    case: ref!,
    sessions,
    ...(range === undefined ? {} : { range }),
    ...(title === undefined ? {} : { title }),
  });
  await context.printList(call, added, EXHIBITS);
}

async function addNote(context: Context, call: Call): Promise<void> {
  const [ref, ...words] = call.operands;
  const file = call.text('file');
  if ((file === undefined) === (words.length === 0)) throw usage('give the text, or --file', ['cases', 'note']);
  const api = await context.api(call);
  const note = await api.call('cases.note', { case: ref!, text: file === undefined ? words.join(' ') : textFile(file) });
  await context.printList(call, [note], [{ head: 'id', value: ({ id }) => id }], note);
}

/** `cases close` and `cases reopen`. */
function turning(act: 'close' | 'reopen', summary: string): Command<Context> {
  const path = ['cases', act];
  return {
    path,
    operands: ['CASE'],
    options: [REASON],
    summary,
    examples: [`exhibit cases ${act} 2026-014 --reason ${act === 'close' ? "'signed off'" : "'more recordings came'"}`],
    run: async (context, call) => {
      // Said in the case's history rather than made up.
      const reason = act === 'close' && call.text('reason') === undefined ? 'no reason given' : reasonOf(call, path);
      const input = { case: call.operands[0]!, reason };
      const api = await context.api(call);
      await printCase(context, call, await api.call(`cases.${act}`, input));
    },
  };
}

export const CASE_COMMANDS: readonly Command<Context>[] = [
  {
    path: ['cases', 'create'],
    operands: [],
    options: [
      { name: 'number', value: 'N', help: 'number of the case; no other case has or had it' },
      { name: 'title', value: 'T', help: 'what it is called' },
      ...FIELDS,
    ],
    summary: 'Make a case',
    examples: ["exhibit cases create --number 2026-014 --title 'Deleted customers' --purpose 'internal audit'"],
    run: createCase,
  },
  {
    path: ['cases', 'list'],
    operands: [],
    options: [],
    summary: 'List the cases, the newest first',
    examples: ['exhibit cases list', 'exhibit cases list -o json'],
    run: async (context, call) => {
      const api = await context.api(call);
      await context.printList(call, await api.call('cases.list', null), COLUMNS);
    },
  },
  {
    path: ['cases', 'show'],
    operands: ['CASE'],
    options: [],
    summary: 'Show one case: its exhibits, notes and versions',
    examples: ['exhibit cases show 2026-014', 'exhibit cases show 2026-014 -o json'],
    run: async (context, call) => {
      const api = await context.api(call);
      await printCase(context, call, await api.call('cases.show', { case: call.operands[0]! }));
    },
  },
  {
    path: ['cases', 'change'],
    operands: ['CASE'],
    options: [
      { name: 'number', value: 'N', help: 'another number' },
      { name: 'title', value: 'T', help: 'another title' },
      ...FIELDS,
      REASON,
    ],
    summary: 'Change what is said of a case, as one more version',
    examples: ["exhibit cases change 2026-014 --authority 'order 7/26' --reason 'the order came'"],
    run: async (context, call) => {
      const input = { case: call.operands[0]!, fields: fieldsOf(call), reason: reasonOf(call, ['cases', 'change']) };
      const api = await context.api(call);
      await printCase(context, call, await api.call('cases.change', input));
    },
  },
  {
    path: ['cases', 'add'],
    operands: ['CASE', 'ID...'],
    options: [
      { name: 'from', value: 'TIME', help: 'only from this moment of the one recording' },
      { name: 'to', value: 'TIME', help: 'only up to this moment' },
      { name: 'title', value: 'T', help: 'what the exhibit is called; else as its session is' },
    ],
    summary: 'Add recordings, or a range of one, to a case as exhibits',
    examples: ['exhibit cases add 2026-014 4k9mz2 7qwx01', 'exhibit cases add 2026-014 4k9mz2 --from 00:03:10 --to 00:05:40'],
    run: addExhibits,
  },
  {
    path: ['cases', 'withdraw'],
    operands: ['CASE', 'EXHIBIT'],
    options: [REASON],
    summary: 'Take an exhibit out of a case; its number stays taken',
    examples: ["exhibit cases withdraw 2026-014 EX-003 --reason 'another matter'"],
    run: async (context, call) => {
      const [ref, exhibit] = call.operands;
      const reason = reasonOf(call, ['cases', 'withdraw']);
      const api = await context.api(call);
      const gone = await api.call('cases.withdrawExhibit', { case: ref!, exhibit: exhibit!, reason });
      await context.printList(call, [gone], EXHIBITS, gone);
    },
  },
  {
    path: ['cases', 'note'],
    operands: ['CASE', '[TEXT...]'],
    options: [{ name: 'file', short: 'f', value: 'F', help: 'the text is in this file (Markdown); - is standard input' }],
    summary: 'Add a note to a case',
    examples: ["exhibit cases note 2026-014 'Ask who was on call that night.'", 'exhibit cases note 2026-014 --file notes.md'],
    run: addNote,
  },
  turning('close', 'Close a case: it takes no change until it is opened again'),
  turning('reopen', 'Open a closed case again'),
];

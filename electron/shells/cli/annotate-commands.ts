// exhibit annotate …, redact …, coverage and sessions review: what people say of recordings, what is to be withheld of them, and
// how much of them was watched.

import {
  SEVERITIES,
  type Annotation,
  type Coverage,
  type Redaction,
  type RedactionRule,
} from '../../../shared/api/case-shapes.ts';
import type { Input, Output } from '../../../shared/api/contract.ts';
import { ExhibitError } from '../../../shared/api/errors.ts';
import { formatClock, micros } from '../../../shared/recording/time.ts';
import { usage, type Call, type Command, type Option } from './arguments.ts';
import { given, REASON, reasonOf, textFile } from './case-commands.ts';
import type { Context } from './context.ts';
import { parseMoment } from './moment.ts';
import { seconds, type Column } from './output.ts';
import { visible } from '../../../shared/recording/safe-text.ts';

const CASE: Option = { name: 'case', value: 'CASE', help: 'only of this case' };
const SESSION: Option = { name: 'session', value: 'ID', help: 'only of this session' };

const BODY: readonly Option[] = [
  { name: 'title', value: 'T', help: 'what it says in one line' },
  { name: 'note', value: 'TEXT', help: 'more, in Markdown' },
  { name: 'note-file', value: 'F', help: 'the note is in this file; - is standard input' },
  { name: 'tag', value: 'TAG', repeat: true, help: 'a tag; may be repeated' },
  { name: 'severity', value: 'S', choices: SEVERITIES, help: 'how grave it is; info where nothing is said' },
  { name: 'link', value: 'ID', repeat: true, help: 'another annotation that it belongs to; may be repeated' },
];

const TIMES = 'seconds (12.5), clock (00:01:23.4), sequence number (#42), or RFC 3339 moment';
const REGION: Option = { name: 'region', value: 'R', help: 'part of the screen: ROW,COL,ROWSxCOLS, counted from 0' };

type Body = Input<'annotations.change'>['change'];

function bodyOf(call: Call, path: readonly string[]): Body {
  const [note, file] = [call.text('note'), call.text('note-file')];
  if (note !== undefined && file !== undefined) throw usage('give --note or --note-file, not both', path);
  const many = (name: string): string[] | undefined => (call.texts(name).length === 0 ? undefined : [...call.texts(name)]);
  return given<unknown>({
    title: call.text('title'),
    note: file === undefined ? note : textFile(file),
    tags: many('tag'),
    severity: call.text('severity'),
    links: many('link'),
  });
}

function regionOf(call: Call, path: readonly string[]): { row: number; col: number; rows: number; cols: number } | undefined {
  const text = call.text('region');
  if (text === undefined) return undefined;
  const match = /^(\d{1,5}),(\d{1,5}),(\d{1,5})x(\d{1,5})$/.exec(text);
  const [row, col, rows, cols] = (match ?? []).slice(1).map(Number);
  if (row === undefined || rows === 0 || cols === 0) throw usage('--region is ROW,COL,ROWSxCOLS, for example 3,0,1x40', path);
  return { row, col: col!, rows: rows!, cols: cols! };
}

const COLUMNS: readonly Column<Annotation>[] = [
  { head: 'session', value: ({ anchor }) => anchor.session },
  { head: 'from', value: ({ anchor }) => seconds(anchor.fromUs), right: true },
  { head: 'to', value: ({ anchor }) => seconds(anchor.toUs), right: true },
  { head: 'severity', value: ({ severity }) => severity },
  { head: 'title', value: ({ title, retracted }) => (retracted ? `${title} (retracted)` : title) },
  { head: 'tags', value: ({ tags }) => tags.join(', ') },
  { head: 'author', value: ({ author }) => author },
  { head: 'signed by', value: ({ from }) => from },
  { head: 'id', value: ({ id }) => id },
];

const print = (context: Context, call: Call, annotation: Annotation): Promise<void> =>
  context.printList(call, [annotation], COLUMNS, annotation);

async function addAnnotation(context: Context, call: Call): Promise<void> {
  const path = ['annotate', 'add'];
  const [at, to, text, region] = [call.text('at'), call.text('to'), call.text('text'), regionOf(call, path)];
  if (at === undefined) throw usage('--at is missing', path);
  const { title, ...rest } = bodyOf(call, path);
  if (title === undefined) throw usage('--title is missing', path);
  const ref = call.text('case');
  const input = {
    session: call.operands[0]!,
    from: parseMoment(at),
    ...(ref === undefined ? {} : { case: ref }),
    ...(to === undefined ? {} : { to: parseMoment(to) }),
    ...(text === undefined ? {} : { text }),
    ...(region === undefined ? {} : { region }),
    body: { title, ...rest },
  };
  const api = await context.api(call);
  await print(context, call, await api.call('annotations.add', input));
}

function filterOf(call: Call): Input<'annotations.check'>['filter'] {
  return given<unknown>({
    case: call.text('case'),
    session: call.text('session'),
    tag: call.texts('tag')[0],
    severity: call.text('severity'),
    text: call.text('text'),
    retracted: call.flag('retracted'),
  });
}

async function listAnnotations(context: Context, call: Call): Promise<void> {
  const api = await context.api(call);
  const found: Annotation[] = [];
  let cursor: string | null = null;
  do {
    const page: Output<'annotations.list'> = await api.call('annotations.list', { ...filterOf(call), cursor, limit: 1000 });
    found.push(...page.annotations);
    cursor = page.next;
  } while (cursor !== null);
  await context.printList(call, found, COLUMNS);
}

async function checkAnnotations(context: Context, call: Call): Promise<void> {
  const against = call.text('against');
  const api = await context.api(call);
  const checks = await api.call('annotations.check', {
    filter: filterOf(call),
    ...(against === undefined ? {} : { against }),
  });
  await context.printList(call, checks, [
    { head: 'id', value: ({ id }) => id },
    { head: 'session', value: ({ session }) => session },
    { head: 'verdict', value: ({ verdict }) => verdict },
    { head: 'at', value: ({ place }) => (place === null ? null : seconds(place.fromUs)), right: true },
    { head: 'reason', value: ({ reason }) => reason },
  ]);
  const lost = checks.filter(({ verdict }) => verdict === 'not-this-recording').length;
  if (lost > 0)
    throw new ExhibitError(
      'altered',
      'check annotations',
      `${String(lost)} of ${String(checks.length)} are not of this recording`,
    );
}

const ANNOTATE: readonly Command<Context>[] = [
  {
    path: ['annotate', 'add'],
    operands: ['ID'],
    options: [
      { name: 'at', value: 'TIME', help: `the moment, or where the range begins: ${TIMES}` },
      { name: 'to', value: 'TIME', help: 'where the range ends' },
      REGION,
      { name: 'text', value: 'TEXT', help: 'the text that it speaks of' },
      ...BODY,
      { name: 'case', value: 'CASE', help: 'the case that it belongs to' },
    ],
    summary: 'Annotate a moment, a range, a part of the screen, or a piece of text',
    examples: [
      "exhibit annotate add 4k9mz2 --at 97.5 --title 'Table dropped' --severity high --tag drop --case 2026-014",
      "exhibit annotate add 4k9mz2 --at 00:01:20 --to 00:01:40 --title 'Nobody at the keys'",
    ],
    run: addAnnotation,
  },
  {
    path: ['annotate', 'list'],
    operands: [],
    options: [
      CASE,
      SESSION,
      { name: 'tag', value: 'TAG', repeat: true, help: 'only with this tag' },
      { name: 'severity', value: 'S', choices: SEVERITIES, help: 'only of this severity' },
      { name: 'text', value: 'WORDS', help: 'only where title, note, tags or text hold all these words' },
      { name: 'retracted', help: 'with those that were retracted' },
    ],
    summary: 'List annotations by session and time',
    examples: ['exhibit annotate list --case 2026-014', 'exhibit annotate list --tag drop -o json'],
    run: listAnnotations,
  },
  {
    path: ['annotate', 'change'],
    operands: ['ID'],
    options: [...BODY, REASON],
    summary: 'Change an annotation, as one more version',
    examples: ["exhibit annotate change 1f0c… --severity critical --reason 'it reached production'"],
    run: async (context, call) => {
      const path = ['annotate', 'change'];
      const input = { id: call.operands[0]!, change: bodyOf(call, path), reason: reasonOf(call, path) };
      const api = await context.api(call);
      await print(context, call, await api.call('annotations.change', input));
    },
  },
  {
    path: ['annotate', 'retract'],
    operands: ['ID'],
    options: [REASON],
    summary: 'Retract an annotation; it stays, and is said to be retracted',
    examples: ["exhibit annotate retract 1f0c… --reason 'noted twice'"],
    run: async (context, call) => {
      const input = { id: call.operands[0]!, reason: reasonOf(call, ['annotate', 'retract']) };
      const api = await context.api(call);
      await print(context, call, await api.call('annotations.retract', input));
    },
  },
  {
    path: ['annotate', 'check'],
    operands: [],
    options: [CASE, SESSION, { name: 'against', value: 'ID', help: 'compare with this copy of the recording' }],
    summary: 'Check that annotations are where they say; exit 3 where one is not of this recording',
    examples: ['exhibit annotate check --case 2026-014', 'exhibit annotate check --session 4k9mz2 --against 7qwx01'],
    run: checkAnnotations,
  },
];

/** Offset of a moment that needs no recording to be known. */
function offsetOf(call: Call, name: string, path: readonly string[]): number {
  const text = call.text(name);
  const moment = text === undefined ? null : parseMoment(text);
  if (moment?.kind === 'offset' && moment.atUs >= 0) return moment.atUs;
  throw usage(`--${name} takes seconds (12.5) or a clock (00:01:23.4) from the start`, path);
}

function ruleOf(call: Call): RedactionRule {
  const path = ['redact', 'add'];
  const region = regionOf(call, path);
  const [text, textAt, pattern, stream] = ['text', 'text-file', 'pattern', 'stream'].map((name) => call.text(name));
  const rules: RedactionRule[] = [];
  const literal = textAt === undefined ? text : textFile(textAt);
  const matchCase = !(call.flag('ignore-case') ?? false);
  if (literal !== undefined) rules.push({ kind: 'text', text: literal, matchCase });
  if (pattern !== undefined) rules.push({ kind: 'pattern', pattern, flags: matchCase ? '' : 'i' });
  if (call.flag('secrets') === true) rules.push({ kind: 'secrets' });
  if (stream !== undefined) rules.push({ kind: 'stream', stream: stream as 'stdin' });
  if (region !== undefined || call.text('from') !== undefined || call.text('to') !== undefined) {
    const span = { fromUs: offsetOf(call, 'from', path), toUs: offsetOf(call, 'to', path) };
    rules.push(region === undefined ? { kind: 'range', ...span } : { kind: 'region', ...span, region });
  }
  if (rules.length !== 1 || (text !== undefined && textAt !== undefined))
    throw usage('give one rule: --text, --text-file, --pattern, --secrets, --stream, or --from and --to', path);
  return rules[0]!;
}

/** What a rule withholds, in a line. */
function ruleText(rule: RedactionRule): string {
  switch (rule.kind) {
    case 'text':
      return JSON.stringify(rule.text) + (rule.matchCase ? '' : ' in any case');
    case 'pattern':
      return `/${rule.pattern}/${rule.flags}`;
    case 'secrets':
      return 'secrets';
    case 'stream':
      return rule.stream;
    case 'range':
    case 'region': {
      const span = `${formatClock(micros(rule.fromUs))} to ${formatClock(micros(rule.toUs))}`;
      if (rule.kind === 'range') return span;
      const { row, col, rows, cols } = rule.region;
      return `${span}, region ${String(row)},${String(col)},${String(rows)}x${String(cols)}`;
    }
  }
}

const REDACTIONS: readonly Column<Redaction>[] = [
  { head: 'number', value: ({ number }) => number },
  { head: 'session', value: ({ session }) => session ?? 'all' },
  { head: 'kind', value: ({ rule }) => rule.kind },
  { head: 'rule', value: ({ rule }) => ruleText(rule) },
  { head: 'reason', value: ({ reason }) => reason },
  { head: 'author', value: ({ author }) => author },
  { head: 'withdrawn', value: ({ withdrawn }) => withdrawn?.reason ?? null },
];

const REDACT: readonly Command<Context>[] = [
  {
    path: ['redact', 'add'],
    operands: ['CASE'],
    options: [
      { name: 'session', value: 'ID', help: 'only in this session; else in every exhibit of the case' },
      { name: 'text', value: 'TEXT', help: 'withhold this text' },
      { name: 'text-file', value: 'F', help: 'withhold the text in this file; - is standard input' },
      { name: 'pattern', value: 'RE', help: 'withhold what this expression matches' },
      { name: 'ignore-case', help: 'text and pattern: in any letter case' },
      { name: 'secrets', help: 'withhold what looks like a secret' },
      { name: 'stream', value: 'S', choices: ['stdin', 'stdout', 'stderr'], help: 'withhold a stream of a session' },
      { name: 'from', value: 'TIME', help: 'withhold a range of a session: where it begins' },
      { name: 'to', value: 'TIME', help: 'and where it ends' },
      { ...REGION, help: `${REGION.help}; in the range` },
      REASON,
    ],
    summary: 'Add a rule on what a redacted bundle of a case withholds; the recordings stay as they are',
    examples: [
      "exhibit redact add 2026-014 --text-file password.txt --reason 'a password in use'",
      "exhibit redact add 2026-014 --session 4k9mz2 --from 00:03:10 --to 00:03:40 --reason 'private'",
    ],
    run: async (context, call) => {
      const session = call.text('session');
      const input = { case: call.operands[0]!, rule: ruleOf(call), reason: reasonOf(call, ['redact', 'add']) };
      const api = await context.api(call);
      const made = await api.call('redactions.add', { ...input, ...(session === undefined ? {} : { session }) });
      await context.printList(call, [made], REDACTIONS, made);
    },
  },
  {
    path: ['redact', 'list'],
    operands: ['CASE'],
    options: [],
    summary: 'List the redaction rules of a case',
    examples: ['exhibit redact list 2026-014'],
    run: async (context, call) => {
      const api = await context.api(call);
      await context.printList(call, await api.call('redactions.list', { case: call.operands[0]! }), REDACTIONS);
    },
  },
  {
    path: ['redact', 'withdraw'],
    operands: ['CASE', 'RULE'],
    options: [REASON],
    summary: 'Take a redaction rule back',
    examples: ["exhibit redact withdraw 2026-014 R-0002 --reason 'the password was changed'"],
    run: async (context, call) => {
      const [ref, redaction] = call.operands;
      const reason = reasonOf(call, ['redact', 'withdraw']);
      const api = await context.api(call);
      const gone = await api.call('redactions.withdraw', { case: ref!, redaction: redaction!, reason });
      await context.printList(call, [gone], REDACTIONS, gone);
    },
  },
];

type CoverageRow = Coverage['reviewers'][number] & Pick<Coverage, 'session' | 'durationUs'>;

const percent = (part: number, whole: number): string =>
  whole === 0 ? '100 %' : `${String(Math.floor((part / whole) * 1000) / 10)} %`;

const COVERAGE: readonly Column<CoverageRow>[] = [
  { head: 'session', value: ({ session }) => session },
  { head: 'reviewer', value: ({ reviewer }) => reviewer },
  { head: 'seen', value: ({ seenUs, durationUs }) => percent(seenUs, durationUs), right: true },
  { head: 'not seen', value: ({ seenUs, durationUs }) => seconds(durationUs - seenUs), right: true },
  {
    head: 'ranges not seen',
    value: ({ unseen }) => unseen.map(({ fromUs, toUs }) => `${String(seconds(fromUs))}-${String(seconds(toUs))}`).join(' '),
  },
  { head: 'fastest', value: ({ seen }) => (seen.length === 0 ? null : Math.max(...seen.map(({ speed }) => speed))), right: true },
  { head: 'reviewed', value: ({ reviewed }) => reviewed?.at ?? null },
];

async function printCoverage(context: Context, call: Call, shown: readonly Coverage[]): Promise<void> {
  const rows = shown.flatMap(({ session, durationUs, reviewers }) => reviewers.map((one) => ({ session, durationUs, ...one })));
  // In the names of scripts, `seen` are the ranges.
  const whole = shown.map((one) => ({
    ...one,
    reviewers: one.reviewers.map(({ seenUs, ...rest }) => ({ ...rest, seenTotalUs: seenUs })),
  }));
  await context.printList(call, rows, COVERAGE, whole);
  if (context.format(call) !== 'table') return;
  for (const { session } of shown.filter(({ reviewers }) => reviewers.length === 0))
    context.note(`exhibit: ${visible(session)}: nobody watched it`);
}

export const ANNOTATE_COMMANDS: readonly Command<Context>[] = [
  ...ANNOTATE,
  ...REDACT,
  {
    path: ['coverage'],
    operands: ['CASE-or-ID'],
    options: [],
    summary: 'Show who watched how much of a session, or of each exhibit of a case, and at which speed',
    examples: ['exhibit coverage 2026-014', 'exhibit coverage 4k9mz2 -o json'],
    run: async (context, call) => {
      const ref = call.operands[0]!;
      const api = await context.api(call);
      const isCase = (await api.call('cases.list', null)).some(
        ({ id, number }) => id === ref || number.toLowerCase() === ref.toLowerCase(),
      );
      await printCoverage(context, call, await api.call('coverage.show', isCase ? { case: ref } : { session: ref }));
    },
  },
  {
    path: ['sessions', 'review'],
    operands: ['ID'],
    options: [
      { name: 'note', value: 'TEXT', help: 'what is to be said of the review' },
      { name: 'partly', help: 'mark it although not all of it was seen' },
      { name: 'withdraw', help: 'take your mark back' },
    ],
    summary: 'Mark a session as reviewed by you; refused where not all of it was seen',
    examples: ['exhibit sessions review 4k9mz2', "exhibit sessions review 4k9mz2 --partly --note 'the rest is idle'"],
    run: async (context, call) => {
      const api = await context.api(call);
      const shown = await api.call('coverage.mark', {
        session: call.operands[0]!,
        note: call.text('note') ?? '',
        reviewed: call.flag('withdraw') !== true,
        partly: call.flag('partly') ?? false,
      });
      await printCoverage(context, call, [shown]);
    },
  },
];

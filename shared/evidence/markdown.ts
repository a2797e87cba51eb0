// Notes that people write, as Markdown: text to a small tree that the window and the report draw alike. The tree has no links, no images
// and no markup of its own: an address stays the text that was written, and so does everything that is not named below. Work grows with the
// length of the text and nothing else, and nothing nests deeper than DEEPEST.
//
// Known: paragraphs, headings (#), lists (-, *, +, 1.), quotes (>), code between fences, rules; **strong**, *emphasis*, ~~struck~~, `code`,
// and a line's end as a line's end. https://spec.commonmark.org/0.31.2/ is where the marks come from; this is far less.

export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis' | 'struck'; readonly children: readonly Inline[] }
  | { readonly kind: 'break' };

export type Block =
  | { readonly kind: 'paragraph'; readonly children: readonly Inline[] }
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly children: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'quote'; readonly children: readonly Block[] }
  /** `start` is null for a list without numbers. */
  | { readonly kind: 'list'; readonly start: number | null; readonly items: readonly (readonly Block[])[] }
  | { readonly kind: 'rule' };

/** Lists and quotes inside of each other; beyond, their marks are text. */
const DEEPEST = 6;

const HEADING = /^ {0,3}(#{1,6})[ \t]+(.*)$/;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])( {1,4}|$)/;
const BLANK = /^[ \t]*$/;

/** Three or more of one of `-`, `*`, `_`, with blanks among them. */
function isRule(line: string): boolean {
  const marks = line.replaceAll(/[ \t]/g, '');
  return marks.length >= 3 && '-*_'.includes(marks[0]!) && marks === marks[0]!.repeat(marks.length);
}

const begins = (line: string): boolean =>
  HEADING.test(line) || FENCE.test(line) || QUOTE.test(line) || ITEM.test(line) || isRule(line);

/** Reads a note. Never fails: what is no mark is text. */
export function parseMarkdown(text: string): readonly Block[] {
  return blocksOf(text.replaceAll(/\r\n?/g, '\n').replaceAll('\t', '    ').split('\n'), 0);
}

const inlineText = (node: Inline): string => {
  switch (node.kind) {
    case 'text':
    case 'code':
      return node.text;
    case 'break':
      return '\n';
    case 'strong':
    case 'emphasis':
    case 'struck':
      return node.children.map(inlineText).join('');
  }
};

function blockText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
    case 'heading':
      return block.children.map(inlineText).join('');
    case 'code':
      return block.text;
    case 'quote':
      return plainText(block.children);
    case 'list':
      return block.items.map(plainText).join('\n');
    case 'rule':
      return '';
  }
}

/** What is read of a note, without its marks: a line a block. */
export function plainText(blocks: readonly Block[]): string {
  return blocks.map(blockText).join('\n');
}

function blocksOf(lines: readonly string[], depth: number): readonly Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length;) {
    const line = lines[at]!;
    if (BLANK.test(line)) {
      at += 1;
      continue;
    }
    const fence = FENCE.exec(line)?.[1];
    const heading = HEADING.exec(line);
    if (fence !== undefined) {
      let end = at + 1;
      while (end < lines.length && !closes(lines[end]!, fence)) end += 1;
      blocks.push({ kind: 'code', text: lines.slice(at + 1, end).join('\n') });
      at = end + 1;
    } else if (heading !== null) {
      const level = Math.min(3, heading[1]!.length) as 1 | 2 | 3;
      blocks.push({ kind: 'heading', level, children: inlinesOf(heading[2]!) });
      at += 1;
    } else if (isRule(line)) {
      blocks.push({ kind: 'rule' });
      at += 1;
    } else if (depth < DEEPEST && QUOTE.test(line)) {
      let end = at;
      while (end < lines.length && QUOTE.test(lines[end]!)) end += 1;
      const inner = lines.slice(at, end).map((quoted) => quoted.replace(QUOTE, ''));
      blocks.push({ kind: 'quote', children: blocksOf(inner, depth + 1) });
      at = end;
    } else if (depth < DEEPEST && ITEM.test(line)) {
      const { list, end } = listAt(lines, at, depth);
      blocks.push(list);
      at = end;
    } else {
      let end = at + 1;
      while (end < lines.length && !BLANK.test(lines[end]!) && !(depth < DEEPEST && begins(lines[end]!))) end += 1;
      const written = lines.slice(at, end).map((one) => one.trim());
      blocks.push({ kind: 'paragraph', children: inlinesOf(written.join('\n')) });
      at = end;
    }
  }
  return blocks;
}

function closes(line: string, fence: string): boolean {
  const marks = line.trim();
  return marks.length >= fence.length && marks === fence[0]!.repeat(marks.length);
}

const isNumbered = (mark: string): boolean => mark.length > 1;

function listAt(lines: readonly string[], from: number, depth: number): { readonly list: Block; readonly end: number } {
  const items: (readonly Block[])[] = [];
  const first = ITEM.exec(lines[from]!)![2]!;
  let at = from;
  while (at < lines.length) {
    const item = ITEM.exec(lines[at]!);
    if (item === null || isNumbered(item[2]!) !== isNumbered(first) || isRule(lines[at]!)) break;
    const indent = item[1]!.length + item[2]!.length + 1;
    const own = [lines[at]!.slice(item[0].length)];
    at += 1;
    for (; at < lines.length; at++) {
      const line = lines[at]!;
      const deep = /^ */.exec(line)![0].length;
      // A line belongs to an item when it stands under its text; a blank one when such a line follows.
      if (BLANK.test(line)) own.push('');
      else if (deep >= Math.min(indent, 2) && deep > item[1]!.length) own.push(line.slice(Math.min(indent, deep)));
      else if (!begins(line) && own.at(-1) !== '') own.push(line);
      else break;
    }
    items.push(blocksOf(own, depth + 1));
  }
  return { list: { kind: 'list', start: isNumbered(first) ? Number.parseInt(first, 10) : null, items }, end: at };
}

const MARKS = { '**': 'strong', __: 'strong', '*': 'emphasis', _: 'emphasis', '~~': 'struck' } as const;
type Mark = keyof typeof MARKS;

/** An open mark, and what has been read since. */
interface Open {
  readonly mark: Mark | null;
  readonly children: Inline[];
}

/** A mark, a run of back-quotes, an escaped sign, or a line's end. */
const TOKEN = /\\[!-/:-@[-`{-~]|`+|\*{1,2}|_{1,2}|~~|\n/g;
const WORD = /[\p{L}\p{N}]/u;

/** Starts of the runs of back-quotes, by their length, each list ascending. */
function codeRuns(text: string): ReadonlyMap<number, number[]> {
  const runs = new Map<number, number[]>();
  for (const { 0: run, index } of text.matchAll(/`+/g)) {
    const starts = runs.get(run.length);
    if (starts === undefined) runs.set(run.length, [index]);
    else starts.push(index);
  }
  for (const starts of runs.values()) starts.reverse();
  return runs;
}

/** The next run of that length behind `at`, or -1. Asked with ascending places only. */
function nextRun(runs: ReadonlyMap<number, number[]>, length: number, at: number): number {
  const starts = runs.get(length) ?? [];
  while (starts.length > 0 && starts.at(-1)! <= at) starts.pop();
  return starts.at(-1) ?? -1;
}

function add(children: Inline[], inline: Inline): void {
  const last = children.at(-1);
  if (inline.kind === 'text' && last?.kind === 'text') children[children.length - 1] = { ...last, text: last.text + inline.text };
  else if (inline.kind !== 'text' || inline.text !== '') children.push(inline);
}

/** Closes all that was opened above `height`: a mark that has no end is text. */
function abandon(stack: Open[], height: number): void {
  while (stack.length > height) {
    const { mark, children } = stack.pop()!;
    const below = stack.at(-1)!.children;
    add(below, { kind: 'text', text: mark! });
    for (const child of children) add(below, child);
  }
}

function inlinesOf(text: string): readonly Inline[] {
  const runs = codeRuns(text);
  const stack: Open[] = [{ mark: null, children: [] }];
  let at = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (index < at) continue;
    const here = stack.at(-1)!.children;
    add(here, { kind: 'text', text: text.slice(at, index) });
    at = index + token.length;
    if (token === '\n') add(here, { kind: 'break' });
    else if (token.startsWith('\\')) add(here, { kind: 'text', text: token.slice(1) });
    else if (token.startsWith('`')) {
      const end = nextRun(runs, token.length, index);
      if (end === -1) add(here, { kind: 'text', text: token });
      else {
        add(here, { kind: 'code', text: text.slice(at, end).replaceAll('\n', ' ') });
        at = end + token.length;
      }
    } else mark(stack, token as Mark, text[index - 1] ?? ' ', text[at] ?? ' ');
  }
  add(stack.at(-1)!.children, { kind: 'text', text: text.slice(at) });
  abandon(stack, 1);
  return stack[0]!.children;
}

/** Opens, closes, or is text: each mark is open at most once, so that the stack stays as short as the list of marks. */
function mark(stack: Open[], sign: Mark, before: string, after: string): void {
  const inWord = sign.startsWith('_');
  const opens = after.trim() !== '' && !(inWord && WORD.test(before));
  const closing = before.trim() !== '' && !(inWord && WORD.test(after));
  const open = stack.findIndex((one) => one.mark === sign);
  if (open !== -1 && closing && (open < stack.length - 1 || stack[open]!.children.length > 0)) {
    abandon(stack, open + 1);
    const { children } = stack.pop()!;
    stack.at(-1)!.children.push({ kind: MARKS[sign], children });
  } else if (open === -1 && opens) stack.push({ mark: sign, children: [] });
  else add(stack.at(-1)!.children, { kind: 'text', text: sign });
}

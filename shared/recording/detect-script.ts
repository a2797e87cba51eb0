// Which timing file of script(1) belongs to which logs. In this order: the names that the timing itself gives (compared with
// the names of the given files, never opened), the same name up to its ending, and what is left when there is only one of
// each. Which log is the input: what the timing says, then the ending.

import type { Discrepancy } from './discrepancy.ts';
import type { Group, RefusedFile, SortedFile } from './grouping.ts';
import { scriptDecoder, type ScriptParts } from './script.ts';

interface Timing extends SortedFile {
  readonly content: Extract<SortedFile['content'], { kind: 'script-timing' }>;
}

const isTiming = (file: SortedFile): file is Timing => file.content.kind === 'script-timing';
/** Timing files, and what is one where a log lies beside it. */
function timingsOf(files: readonly SortedFile[]): Timing[] {
  const sure = files.filter(isTiming);
  if (!files.some((file) => isLog(file))) return sure;
  const perhaps = files.flatMap((file): Timing[] => {
    const { content } = file;
    return content.kind === 'none' && content.timing?.kind === 'script-timing' ? [{ ...file, content: content.timing }] : [];
  });
  const logs = new Set(files.filter((file) => isLog(file)).map(({ name }) => stem(name)));
  const only = sure.length === 0 && perhaps.length === 1 && logs.size === 1;
  return [...sure, ...perhaps.filter(({ name }) => only || logs.has(stem(name)))];
}

const isLog = (file: SortedFile): boolean => file.content.kind === 'script-log';

const stem = (name: string): string => name.replace(/\.[^.]*$/, '');
const ending = (name: string): string => /\.([^.]*)$/.exec(name)?.[1]?.toLowerCase() ?? name.toLowerCase();
const lastName = (path: string | undefined): string | undefined => path?.split(/[/\\]/).at(-1);

/** Endings of logs that need no first line to be taken for one beside their timing file. */
const LOG_ENDINGS = new Set(['typescript', 'script', 'out', 'output', 'in', 'input', 'io', 'log', 'ts']);
const INPUT_ENDINGS = new Set(['in', 'input', 'stdin']);

/** Files by a key, in their order. `Map.groupBy` is not in Node 20, where verify.mjs runs this. */
function grouped(files: Iterable<SortedFile>, keyOf: (file: SortedFile) => string): Map<string, SortedFile[]> {
  const groups = new Map<string, SortedFile[]>();
  for (const file of files) {
    const key = keyOf(file);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [file]);
    else group.push(file);
  }
  return groups;
}

export function scriptGroups(files: readonly SortedFile[]): { groups: readonly Group[]; refused: readonly RefusedFile[] } {
  const timings = timingsOf(files);
  const logs = new Set(files.filter((file) => isLog(file)));
  const beside = new Map<Timing, readonly SortedFile[]>();
  const take = (timing: Timing, found: readonly SortedFile[]): void => {
    if (found.length === 0) return;
    beside.set(timing, found);
    for (const log of found) logs.delete(log);
  };
  const byName = grouped(logs, ({ name }) => name);
  for (const timing of timings) {
    const { headers } = timing.content;
    const named = new Set([lastName(headers.get('OUTPUT_LOG')), lastName(headers.get('INPUT_LOG'))]);
    take(
      timing,
      [...named].flatMap((name) => byName.get(name ?? '') ?? []).filter((log) => logs.has(log)),
    );
  }
  const headless = files.filter(
    (file) =>
      file.content.kind === 'none' && !timings.some(({ index }) => index === file.index) && LOG_ENDINGS.has(ending(file.name)),
  );
  const byStem = grouped([...logs, ...headless], ({ name }) => stem(name));
  for (const timing of timings.filter((file) => !beside.has(file))) {
    take(timing, byStem.get(stem(timing.name)) ?? []);
    byStem.delete(stem(timing.name));
  }
  const alone = timings.filter((file) => !beside.has(file));
  if (alone.length === 1 && logs.size > 0 && logs.size <= (alone[0]!.content.advanced ? 2 : 1)) take(alone[0]!, [...logs]);
  else if (alone.length === 1 && headless.length === 1 && alone[0]!.content.headers.size === 0) take(alone[0]!, headless);

  const groups: Group[] = [];
  const refused: RefusedFile[] = [];
  for (const timing of timings) {
    const roles = assign(timing, beside.get(timing) ?? []);
    if (typeof roles === 'string') {
      const refusal = { kind: 'inconsistent-parts' as const, message: roles, place: { file: timing.name } };
      for (const { index } of [timing, ...(beside.get(timing) ?? [])]) refused.push({ file: index, refusal });
    } else {
      groups.push(group([timing, ...roles.logs], { timing: 0, output: roles.output, input: roles.input }, []));
    }
  }
  for (const log of logs) {
    const input = INPUT_ENDINGS.has(ending(log.name));
    groups.push(group([log], { timing: null, output: input ? null : 0, input: input ? 0 : null }, []));
  }
  return { groups, refused };
}

function group(files: readonly SortedFile[], parts: Omit<ScriptParts, 'names'>, discrepancies: readonly Discrepancy[]): Group {
  const names = files.map(({ name }) => name);
  return {
    format: 'script',
    files: files.map(({ index }) => index),
    decoder: () => scriptDecoder({ names, ...parts }),
    discrepancies,
  };
}

/** The logs in part order with their part numbers (the timing is part 0), or why they cannot be told apart. */
function assign(
  { content: { advanced, headers } }: Timing,
  logs: readonly SortedFile[],
): { readonly logs: readonly SortedFile[]; readonly output: number | null; readonly input: number | null } | string {
  if (!advanced && logs.length === 0) return 'this is a timing file of script whose log is missing; give both together';
  if (logs.length > (advanced ? 2 : 1)) {
    return 'more logs stand beside this timing file than it can have; give those that belong to it alone';
  }
  const [first, second] = logs;
  if (first === undefined) return { logs, output: null, input: null };
  const [outputName, inputName] = [headers.get('OUTPUT_LOG'), headers.get('INPUT_LOG')];
  const isInput = (log: SortedFile): boolean =>
    lastName(inputName) === log.name || (lastName(outputName) !== log.name && INPUT_ENDINGS.has(ending(log.name)));
  if (second === undefined) {
    if (!advanced) return { logs, output: 1, input: null };
    if (outputName !== undefined && outputName === inputName) return { logs, output: 1, input: 1 };
    const onlyInput = outputName === undefined ? inputName !== undefined : isInput(first);
    return { logs, output: onlyInput ? null : 1, input: onlyInput ? 1 : null };
  }
  if (isInput(first) === isInput(second)) {
    return 'which of the two logs is output and which is input cannot be told; let their names end in .out and .in';
  }
  return { logs: isInput(first) ? [second, first] : [first, second], output: 1, input: 2 };
}

// Finds secrets in recorded text: the built-in watchlist, and what redaction proposes to withhold. A finding is a place in the text and
// the form that it has; whether it is a secret in use, nobody can know from the text alone. docs/watchlists.md

import { compileExpression, type Expression, type Range } from './expression.ts';
import { fold } from './fold.ts';
import { allOf, anyOf, holds } from './narrow.ts';
import { COMMAND_PATTERNS } from './secret-commands.ts';
import { PASSWORD_PATTERNS } from './secret-passwords.ts';
import { TOKEN_PATTERNS, type SecretForm, type SecretPattern } from './secret-patterns.ts';

/** UTF-16 offsets in the text that was given, end exclusive: the secret alone, without what it was known by. */
export interface SecretFinding extends Range {
  readonly pattern: SecretPattern;
}

/** All forms; their order is that of the list. */
export const SECRET_PATTERNS: readonly SecretPattern[] = [...TOKEN_PATTERNS, ...COMMAND_PATTERNS, ...PASSWORD_PATTERNS];

/** Grows when patterns are added or changed: what was found by an older list is looked for anew. */
export const SECRETS_VERSION = 2;

/** What follows the name of a command as far as the shell takes it for part of that: quotes and escapes hide what would end it. */
const ARGUMENTS = `(?:\\.exe)?["']?(?:\\s(?:"(?:[^"\\\\]|\\\\.)*"|'[^']*'|\\\\.|&[^&\\s]|[^|;&])*)`;

function compiled(id: string, source: string, flags: string): Expression {
  const answer = compileExpression(source, flags, source.includes('(?P<secret>') ? 'secret' : null);
  if (answer.kind === 'wrong') throw new RangeError(`${id}: ${answer.why}`);
  return answer.expression;
}

/** Secrets of one form. What bounds a secret may bound the next one: the search goes on at the end of the secret, not of the match. */
function formExpression({ id, flags, check }: SecretPattern, form: SecretForm): Expression {
  const expression = compiled(id, form.source, flags);
  const isSecret = form.check ?? check;
  function* matches(line: string, from: number): Iterable<Range> {
    for (let at = from; ;) {
      const [range] = expression.matches(line, at);
      if (range === undefined) return;
      if (isSecret?.(line.slice(range.start, range.end)) ?? true) yield range;
      at = range.end;
    }
  }
  if (form.commands === undefined) return { ...expression, matches };
  const commands = compiled(id, `(?:^|[^0-9A-Za-z_-])(?P<secret>(?:${form.commands})${ARGUMENTS})`, '');
  return {
    ...expression,
    narrow: allOf([commands.narrow, expression.narrow]),
    spelled: allOf([commands.spelled, expression.spelled]),
    *matches(line, from) {
      for (const command of commands.matches(line, from)) {
        for (const { start, end } of matches(line.slice(command.start, command.end), 0))
          yield { start: command.start + start, end: command.start + end };
      }
    },
  };
}

/** A pattern as an expression whose matches are the secrets alone, look-alikes left out. */
export function secretExpression(pattern: SecretPattern): Expression {
  const forms = typeof pattern.source === 'string' ? [{ source: pattern.source }] : pattern.source;
  const expressions = forms.map((form) => formExpression(pattern, form));
  return {
    narrow: anyOf(expressions.map(({ narrow }) => narrow)),
    spelled: anyOf(expressions.map(({ spelled }) => spelled)),
    looksBehindItsEnd: expressions.some(({ looksBehindItsEnd }) => looksBehindItsEnd),
    mayBeIn: (text) => expressions.some((expression) => expression.mayBeIn(text)),
    matches: (line, from) =>
      expressions
        .flatMap((expression) => [...expression.matches(line, from)])
        .toSorted((a, b) => a.start - b.start || a.end - b.end),
  };
}

interface Ready {
  readonly pattern: SecretPattern;
  readonly expression: Expression;
}

/** Compiled when first needed: it takes a while. */
let ready: readonly Ready[] | null = null;

const KEY_BEGIN = /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----/;
const KEY_END = /-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----/;
const KEY_LINE = /^[\s>|"'\\]*(?:(?:[0-9A-Za-z+/=]{1,200}|[A-Za-z-]{1,30}: .{0,200})[\s"'\\]*)?$/;

/** Lines that the body of a private key may have. */
const KEY_LINES = 400;

/** The line in which a private key ends that begins in `first`: its END line, else the last that can be part of one. */
function keyEnd(lines: readonly string[], first: number): number {
  if (KEY_END.test(lines[first]!)) return first;
  let last = first;
  for (let at = first + 1; at < lines.length && at - first <= KEY_LINES; at++) {
    if (KEY_END.test(lines[at]!)) return at;
    if (!KEY_LINE.test(lines[at]!)) break;
    if (lines[at]!.trim() !== '') last = at;
  }
  return last;
}

/**
 * Every secret in a text of one or many lines, in the order of their places, the longer one first where two begin together; two may
 * overlap. Offsets are those of the text as it is. The body of a private key belongs to its finding.
 */
export function findSecrets(text: string): readonly SecretFinding[] {
  ready ??= SECRET_PATTERNS.map((pattern) => ({ pattern, expression: secretExpression(pattern) }));
  const lines = text.split('\n');
  const findings: SecretFinding[] = [];
  const starts: number[] = [];
  for (let i = 0, at = 0; i < lines.length; at += lines[i]!.length + 1, i++) starts.push(at);
  for (const [i, line] of lines.entries()) {
    const folded = fold(line);
    for (const { pattern, expression } of ready) {
      if (!holds(folded, expression.narrow)) continue;
      for (const { start, end } of expression.matches(line, 0)) {
        const last = pattern.id === 'private-key' && KEY_BEGIN.test(line.slice(start)) ? keyEnd(lines, i) : i;
        findings.push({
          pattern,
          start: starts[i]! + start,
          end:
            last === i
              ? starts[i]! + (KEY_END.test(line) ? line.trimEnd().length : end)
              : starts[last]! + lines[last]!.trimEnd().length,
        });
      }
    }
  }
  return findings.toSorted((a, b) => a.start - b.start || b.end - a.end);
}

export type { SecretPattern };

// The grammar of the command line: what is wrong is said in one sentence, with what may be meant.

import { describe, expect, it } from 'vitest';
import { nearest, parseCall, type Call, type Command } from '../../../../../electron/shells/cli/arguments.ts';

const command: Command<null> = {
  path: ['sessions', 'list'],
  operands: [],
  options: [
    { name: 'limit', value: 'N', help: '' },
    { name: 'started-from', value: 'TIME', help: '' },
    { name: 'started-to', value: 'TIME', help: '' },
    { name: 'descending', help: '' },
  ],
  summary: '',
  examples: [],
  run: () => Promise.resolve(),
};
const parse = (...words: string[]): Call => parseCall(command, [{ name: 'help', short: 'h', help: '' }], words);

describe('wrong options', () => {
  it.each([
    [['--limi', '3'], 'there is no option --limi; --limit may be meant'],
    [['--descend'], 'there is no option --descend; --descending may be meant'],
    [['--descendingg'], 'there is no option --descendingg; --descending may be meant'],
    [['--frobnicate'], 'there is no option --frobnicate'],
    [['-x'], 'there is no option -x'],
    [['--limit', '-1'], '--limit takes a value; one that begins with a dash is written --limit=-…'],
    [['--limit'], '--limit takes a value'],
    [['--descending=maybe'], '--descending takes true or false, not "maybe"'],
    [['-h=maybe'], '-h takes true or false, not "maybe"'],
  ])('%j', (words, why) => {
    expect(() => parse(...words)).toThrow(
      expect.objectContaining({ kind: 'usage', why, todo: 'see `exhibit sessions list --help`' }) as Error,
    );
  });
});

it('flags take true and false, by their letter too', () => {
  expect(parse('-h=false').flag('help')).toBe(false);
  expect(parse('-h=true').flag('help')).toBe(true);
  expect(parse('--descending=false').flag('descending')).toBe(false);
  expect(parse().flag('descending')).toBeUndefined();
});

it('a date is a day in UTC, from its first to its last microsecond', () => {
  const call = parse('--started-from', '2026-11-18', '--started-to', '2026-11-18');
  expect(call.instant('started-from', 'first')).toBe('2026-11-18T00:00:00Z');
  expect(call.instant('started-to', 'last')).toBe('2026-11-18T23:59:59.999999Z');
  expect(parse('--started-from', '2026-11-18T01:00:00+01:00').instant('started-from', 'first')).toBe('2026-11-18T01:00:00+01:00');
  for (const wrong of ['2026-02-30', 'yesterday', '2026-11'])
    expect(() => parse('--started-from', wrong).instant('started-from', 'first')).toThrow(/takes a date or a moment/);
});

it('a mistyped name is near to one, or to none', () => {
  const names = ['sessions', 'search', 'sources', 'sync'];
  expect(nearest('sesions', names)).toBe('sessions');
  expect(nearest('serach', names)).toBe('search');
  expect(nearest('sess', names)).toBe('sessions');
  expect(nearest('frobnicate', names)).toBeUndefined();
});

// What can be exported, what keeps it from being exported, and the request that follows.

import { describe, expect, test } from 'vitest';
import {
  FIRST_CHOICE,
  FORMATS,
  TEXT_OPTIONS,
  choiceProblem,
  chosenExport,
  firstChoiceFor,
} from '../../../../renderer/sessions/export-options.ts';
import { TEXT_LOG_DEFAULTS, exportRequest as shape } from '../../../../shared/api/shapes.ts';

describe('a choice', () => {
  test('offers every format and every option of the text log', () => {
    expect(FORMATS.map(({ format }) => format).sort()).toEqual([...shape.shape.format.options].sort());
    expect(TEXT_OPTIONS.map(({ name }) => name).sort()).toEqual(Object.keys(TEXT_LOG_DEFAULTS).sort());
  });

  test('begins as one that can be exported, without input', () => {
    expect(choiceProblem(FIRST_CHOICE)).toBe('');
    expect(chosenExport(FIRST_CHOICE)).toEqual({ format: 'text', text: TEXT_LOG_DEFAULTS });
    expect(FIRST_CHOICE.text.includeStdin).toBe(false);
  });

  test.each([
    [{ fromSeq: '1x' }, 'A sequence number is written in digits.'],
    [{ fromSeq: '1'.repeat(21) }, 'A sequence number is written in digits.'],
    [{ maxEvents: '-1' }, 'The most events is a number below a thousand million.'],
    [{ maxEvents: '1000000000' }, 'The most events is a number below a thousand million.'],
    [
      { text: { ...TEXT_LOG_DEFAULTS, includeStdout: false, includeStderr: false } },
      'Include at least one of input, output and error.',
    ],
    [{ fromSeq: '18446744073709551615', maxEvents: '999999999' }, ''],
    [{ text: { ...TEXT_LOG_DEFAULTS, includeStdin: true, includeStdout: false, includeStderr: false } }, ''],
    [{ format: 'json' as const, text: { ...TEXT_LOG_DEFAULTS, includeStdout: false, includeStderr: false } }, ''],
  ])('%j has the problem %j', (change, problem) => {
    expect(choiceProblem({ ...FIRST_CHOICE, ...change })).toBe(problem);
  });
});

describe('a request', () => {
  test('keeps sequence numbers as text and events as a number', () => {
    const request = chosenExport({ ...FIRST_CHOICE, format: 'json', fromSeq: '18446744073709551615', maxEvents: '500' });
    expect(request).toEqual({ format: 'json', fromSeq: '18446744073709551615', maxEvents: 500 });
  });

  test.each(FORMATS)('as $format is one that the core takes, with text options for text alone', ({ format }) => {
    const request = { id: 's-1', ...chosenExport({ ...FIRST_CHOICE, format, fromSeq: '7' }) };
    expect(shape.strict().safeParse(request).error).toBeUndefined();
    expect('text' in request).toBe(format === 'text');
  });
});

test('a choice begins with JSON where every session is locked: only what is stored can be had', () => {
  const open = { lock: { state: 'open', code: null, reason: '', todo: '' } } as const;
  const locked = { lock: { state: 'locked', code: 'no_key_available', reason: 'no key', todo: '' } } as const;
  expect(firstChoiceFor([locked, locked]).format).toBe('json');
  expect(firstChoiceFor([locked, open]).format).toBe('text');
  expect(firstChoiceFor([open])).toEqual(FIRST_CHOICE);
});

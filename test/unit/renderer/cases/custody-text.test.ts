// The custody log in words.

import { expect, test } from 'vitest';
import { entryText as read } from '../../../../renderer/cases/custody-text.ts';

const entryText = (details: string): { what: string | null; facts: (readonly [string, string])[] } | null => {
  const text = read(details);
  return text === null ? null : { what: text.what, facts: text.facts.map(({ name, value }) => [name, value] as const) };
};

test('an act names itself, and its fields are words', () => {
  expect(entryText('{"what":"case made","title":"Copied data","fileName":"a.zip"}')).toEqual({
    what: 'case made',
    facts: [
      ['title', 'Copied data'],
      ['file name', 'a.zip'],
    ],
  });
});

test('ranges are told by their clocks, and numbers are grouped', () => {
  expect(
    entryText('{"ranges":[{"from_us":0,"to_us":172000000,"speed":"1"},{"from_us":5,"to_us":6}],"records":10000}')!.facts,
  ).toEqual([
    ['ranges', '00:00.000 to 02:52.000, speed: 1; 00:00.000 to 00:00.000'],
    ['records', '10,000'],
  ]);
});

test('what says nothing is left out: an empty filter, an empty list, nothing', () => {
  expect(entryText('{"filter":{},"sources":[],"reason":"","case":null,"deep":{"one":{}},"all":false}')!.facts).toEqual([
    ['all', 'no'],
  ]);
});

test('what is no object is not read', () => {
  expect(entryText('plain')).toBeNull();
  expect(entryText('[1]')).toBeNull();
});

test('a list keeps its items apart, to be folded where it is long', () => {
  const { facts } = read('{"parts":[{"name":"log","size":400},{"name":"timing","size":1200}]}')!;
  expect(facts).toEqual([
    {
      name: 'parts',
      value: 'name: log, size: 400; name: timing, size: 1,200',
      items: ['name: log, size: 400', 'name: timing, size: 1,200'],
    },
  ]);
});

// @vitest-environment jsdom
// Annotations in words and as they look: notes are never markup, retracted ones say so, every version stays.

import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AnnotationCard } from '../../../../renderer/ui/annotation.tsx';
import { firstTitle, fitsFilter, NO_FILTER, tagsInUse, tagsOf, targetText } from '../../../../renderer/ui/annotation-text.ts';
import { NoteText } from '../../../../renderer/ui/note-text.tsx';
import { parseMarkdown } from '../../../../shared/evidence/markdown.ts';
import { fakeCaseData } from '../../../support/fake-case-data.ts';
import { fakeRecording } from '../../../support/fake-recordings.ts';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

let box: HTMLElement;
let root: Root;
beforeEach(() => {
  box = document.createElement('div');
  root = createRoot(box);
});
afterEach(() => {
  act(() => root.unmount());
});
const render = (node: React.ReactNode): void => act(() => root.render(node));

const { annotations } = fakeCaseData(Array.from({ length: 4 }, (_, i) => fakeRecording(i).session));

describe('a note', () => {
  test('is drawn with elements of its own kinds', () => {
    render(<NoteText blocks={parseMarkdown('# Head\n\n**strong** and `code`\n\n- one\n- two\n\n> said\n\n```\na\n b\n```')} />);
    expect(box.querySelector('.heading')!.textContent).toBe('Head');
    expect([...box.querySelectorAll('li')].map((one) => one.textContent)).toEqual(['one', 'two']);
    expect(box.querySelector('strong')!.textContent).toBe('strong');
    expect(box.querySelector('blockquote')!.textContent).toBe('said');
    expect(box.querySelector('pre')!.textContent).toBe('a\n b');
  });

  test('has no links, no pictures and no markup, whatever it says, and shows what would turn its direction', () => {
    render(
      <NoteText blocks={parseMarkdown('<img src=x onerror=alert(1)> [a](javascript:alert(1)) ![p](http://x/y)\u202Etxt')} />,
    );
    expect(box.querySelector('img, a, script, iframe, [src], [href], [onerror]')).toBeNull();
    expect(box.textContent).toContain('<img src=x onerror=alert(1)>');
    expect(box.textContent).toContain('U+202E');
  });
});

test('a card shows every version with its author and its reason, and says that one was retracted', () => {
  const retracted = annotations.find((one) => one.retracted)!;
  render(
    <AnnotationCard
      annotation={retracted}
      where="here"
      rendered={(note) => note}
      links={[]}
      onLink={() => undefined}
      actions={null}
    />,
  );
  expect(box.textContent).toContain('Retracted: Said twice');
  expect(box.querySelectorAll('.versions > ol > li')).toHaveLength(2);
});

describe('in words', () => {
  const target = { fromUs: 83_400_000, toUs: 83_400_000, region: null, text: null };

  test('each kind says when, and how long or how much', () => {
    expect(targetText({ ...target, kind: 'moment' })).toBe('01:23.400');
    expect(targetText({ ...target, kind: 'range', toUs: 147_000_000 })).toBe('01:23.400 for 1 min 3 s');
    expect(targetText({ ...target, kind: 'region', region: { row: 0, col: 0, rows: 3, cols: 20 } })).toBe(
      '01:23.400, 3 × 20 cells',
    );
  });

  test('one without a title is named by its place, or by its text', () => {
    expect(firstTitle({ ...target, kind: 'moment' })).toBe('Mark at 01:23.400');
    expect(firstTitle({ ...target, kind: 'text', text: '  rm -rf /\nmore' })).toBe('rm -rf /');
    expect(firstTitle({ ...target, kind: 'text', text: '  ' })).toBe('Text at 01:23.400');
  });

  test('tags are split at commas, each once', () => {
    expect(tagsOf(' a, b,a,, c d ')).toEqual(['a', 'b', 'c d']);
    expect(tagsInUse(annotations)).toContain('anti-forensics');
  });
});

test('the filter takes words of title, note, tags and author, a least severity, and a tag', () => {
  const found = (some: Partial<typeof NO_FILTER>): readonly string[] =>
    annotations.filter((one) => fitsFilter(one, { ...NO_FILTER, ...some })).map(({ id }) => id);
  expect(found({})).toHaveLength(annotations.length);
  expect(found({ text: 'CURL filebridge' })).toEqual(['a3']);
  expect(found({ severity: 'critical' })).toEqual(['a2', 'a3']);
  expect(found({ severity: 'high' })).toEqual(['a2', 'a3', 'a5', 'a6']);
  expect(found({ tag: 'personal-data' })).toEqual(['a2', 'a3']);
});

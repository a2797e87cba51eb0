// @vitest-environment jsdom
// What a file of annotations brought, as the window tells it: nothing of the report is left out.

import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Merged, madeHere } from '../../../../renderer/cases/annotation-files.tsx';
import { fakeCaseData } from '../../../support/fake-case-data.ts';
import { fakeRecording } from '../../../support/fake-recordings.ts';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

let box: HTMLElement;
let root: Root;
beforeEach(() => {
  box = document.createElement('div');
  root = createRoot(box);
});
afterEach(() => act(() => root.unmount()));

const { annotations } = fakeCaseData(Array.from({ length: 4 }, (_, i) => fakeRecording(i).session));
const [first] = annotations;
const report = {
  case: 'c1',
  signer: 'Dora\u202eLindqvist',
  fingerprint: 'SHA256:7pQvX0mJ2nZr4sYd8tWb1cKf6hLg3aEo9uIv5jNxRkM',
  added: [first!.id],
  known: ['k1'],
  conflicts: [{ id: 'x', here: 'Copied at night', there: 'Not copied' }],
  refused: [{ id: 'b9', reason: 'its recording does not stand in this case' }],
};

test('what was added, known, in conflict and refused is all told, with titles where they are known', () => {
  act(() => root.render(<Merged report={report} annotations={annotations} />));
  const text = box.textContent;
  expect(text).toContain('1 added, 1 known already, 1 conflict, 1 refused');
  expect(text).toContain(first!.title);
  for (const part of ['k1', 'Here: Copied at night', 'In the file: Not copied', 'b9: its recording', report.fingerprint])
    expect(text).toContain(part);
  expect(box.querySelector('.notice.caution')).not.toBeNull();
  expect(text).not.toContain('\u202e');
});

test('what brought no quarrel is good news, and lists nothing that is not there', () => {
  act(() => root.render(<Merged report={{ ...report, conflicts: [], refused: [] }} annotations={annotations} />));
  expect(box.querySelector('.notice.caution')).toBeNull();
  expect([...box.querySelectorAll('h3')].map(({ textContent }) => textContent)).toEqual(['Added', 'Known already']);
});

test('only what was annotated here is sent', () => {
  expect(
    madeHere([
      { ...first!, from: report.fingerprint },
      { ...first!, from: null },
    ]),
  ).toBe(1);
});

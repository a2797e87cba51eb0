// @vitest-environment jsdom
// What a verifier is asked for beside a bundle: a fingerprint only while a signer is not known, a certificate only for a time stamp that no
// authority attests yet.

import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Told, type ToldByAnotherWay } from '../../../../renderer/cases/told.tsx';
import type { BundleReport } from '../../../../shared/evidence/bundle/report.ts';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

let box: HTMLElement;
let root: Root;
beforeEach(() => {
  box = document.createElement('div');
  root = createRoot(box);
});
afterEach(() => act(() => root.unmount()));

const NOTHING: ToldByAnotherWay = { fingerprint: '', remember: false, name: '', authority: null };

function report(trusted: boolean, stamp: 'none' | 'CLAIMED' | 'ATTESTED'): BundleReport {
  const time = stamp === 'ATTESTED' ? 'ATTESTED' : 'CLAIMED';
  const signer = { file: 'signatures/01-producer.json', role: 'producer', name: 'Dora', fingerprint: 'SHA256:x' };
  return {
    verdict: trusted ? 'TRUSTED' : 'INTACT, SIGNER NOT TRUSTED',
    time,
    statement: null,
    supersedes: null,
    supersededBy: null,
    signers: [
      {
        ...signer,
        trusted,
        time,
        signedAt: '2026-11-21T10:00:00Z',
        stampedAt: time === 'ATTESTED' ? '2026-11-21T10:00:05Z' : null,
        contradiction: null,
      },
    ],
    failures: [],
    recordings: [],
    steps: [{ step: 'Time stamps', outcome: stamp === 'none' ? 'not checked' : 'passed', detail: '' }],
  };
}

const asked = (of: BundleReport, value = NOTHING, onAgain: (value: ToldByAnotherWay) => void = () => undefined): string[] => {
  act(() => root.render(<Told report={of} value={value} onValue={() => undefined} onAgain={onAgain} />));
  return [...box.querySelectorAll('button:not([hidden])')].map(({ textContent }) => textContent);
};

test('only what is not settled yet is asked for', () => {
  const fingerprint = 'Verify again with it';
  const certificate = 'Choose a certificate …';
  expect(asked(report(false, 'none'))).toEqual([fingerprint]);
  expect(asked(report(false, 'CLAIMED'))).toEqual([fingerprint, certificate]);
  expect(asked(report(true, 'CLAIMED'))).toEqual([certificate]);
  expect(asked(report(true, 'ATTESTED'))).toEqual([]);
  expect(asked(report(true, 'none'))).toEqual([]);
});

test('a certificate is taken with what else was told, and one that certifies nothing is named', () => {
  const again = vi.fn();
  const value = { ...NOTHING, fingerprint: 'SHA256:x' };
  asked(report(true, 'CLAIMED'), value, again);
  const field = box.querySelector('input[type="file"]')!;
  const authority = new File(['-----BEGIN CERTIFICATE-----'], 'authority\u202e.pem');
  Object.defineProperty(field, 'files', { value: [authority] });
  act(() => void field.dispatchEvent(new Event('change', { bubbles: true })));
  expect(again.mock.calls).toEqual([[{ ...value, authority }]]);
  asked(report(true, 'CLAIMED'), { ...value, authority });
  expect(box.textContent).toMatch(/Nothing in authority.*certifies the time stamp/);
  expect(box.textContent).not.toContain('\u202e');
});

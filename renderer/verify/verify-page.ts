// verify.html: the verifier of bundles as one page that needs no network and no installation. A file is chosen or dropped; what is found
// is shown in the words of the command line. All that comes from the bundle is set as text, never as markup.

import headless from '@xterm/headless';
import { deriveAgain, deriveRecording } from '../../shared/derive/derive.ts';
import { failureText, keyOfAnother, signerText, stepText, verdictSentence } from '../../shared/evidence/bundle/report-text.ts';
import type { BundleReport } from '../../shared/evidence/bundle/report.ts';
import { verifyZip } from '../../shared/evidence/bundle/verify-bundle.ts';
import { pemCertificates } from '../../shared/evidence/time-stamp-signature.ts';
import { harmlessJson, visible } from '../../shared/recording/safe-text.ts';
import { terminalMaker } from '../../shared/terminal/create-terminal.ts';
import { BROWSER_EFFECTS, fileReader } from './browser-effects.ts';

const createTerminal = terminalMaker(headless.Terminal);

function part<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${id}`);
  return found;
}

const fileInput = part('file', HTMLInputElement);
const trustInput = part('trust', HTMLTextAreaElement);
const tsaInput = part('tsa', HTMLInputElement);
const zone = part('zone', HTMLElement);
const progress = part('progress', HTMLProgressElement);
const status = part('status', HTMLElement);
const result = part('result', HTMLElement);

function element(name: string, text: string, className = ''): HTMLElement {
  const made = document.createElement(name);
  made.textContent = visible(text);
  if (className !== '') made.className = className;
  return made;
}

function list(title: string, items: readonly { readonly text: string; readonly tone: string }[]): readonly HTMLElement[] {
  if (items.length === 0) return [];
  const ul = document.createElement('ul');
  ul.append(...items.map(({ text, tone }) => element('li', text, tone)));
  return [element('h3', title), ul];
}

const TONES: Readonly<Record<BundleReport['verdict'], string>> = {
  TRUSTED: 'good',
  'INTACT, SIGNER NOT TRUSTED': 'open',
  'INTACT, UNSIGNED': 'bad',
  INCOMPLETE: 'bad',
  ALTERED: 'bad',
  UNREADABLE: 'bad',
};
const STEP_TONES = { passed: 'good', failed: 'bad', 'not checked': 'open' } as const;

function show(report: BundleReport): void {
  const heading = element('h2', report.verdict, TONES[report.verdict]);
  heading.tabIndex = -1;
  const json = document.createElement('details');
  const pre = document.createElement('pre');
  pre.id = 'json';
  pre.textContent = harmlessJson(JSON.stringify(report, null, 2));
  json.append(element('summary', 'The report as JSON'), pre);
  result.replaceChildren(
    heading,
    element('p', verdictSentence(report)),
    ...(report.statement === null ? [] : [element('p', `Its own statement is ${report.statement}.`)]),
    ...list(
      'Failures',
      report.failures.map((failure) => ({ text: failureText(failure), tone: 'bad' })),
    ),
    ...list(
      'Signed',
      report.signers.map((signer) => ({
        text: signerText(signer, report),
        tone: signer.trusted && keyOfAnother(signer, report) === null && signer.contradiction === null ? 'good' : 'open',
      })),
    ),
    ...list(
      'Recordings',
      report.recordings.map(({ id, root, records, withheld, verified }) => ({
        text: `${id}: ${verified ? 'holds' : 'FAILED'}, ${String(records)} records, ${String(withheld)} withheld, root ${root}`,
        tone: verified ? 'good' : 'bad',
      })),
    ),
    ...list(
      'What was looked at',
      report.steps.map((step) => ({ text: stepText(step), tone: STEP_TONES[step.outcome] })),
    ),
    json,
  );
  status.textContent = `${report.verdict}. ${verdictSentence(report)}`;
  heading.focus();
}

/** Counts verifications: one that was overtaken by another says nothing more. */
let turn = 0;

async function verify(file: File): Promise<void> {
  const mine = ++turn;
  const isCancelled = (): boolean => mine !== turn;
  result.replaceChildren();
  progress.hidden = false;
  progress.value = 0;
  status.textContent = `Verifying ${visible(file.name)} …`;
  try {
    const certificates = await Promise.all(Array.from(tsaInput.files ?? [], async (pem) => pemCertificates(await pem.text())));
    const report = await verifyZip(file.size, fileReader(file), BROWSER_EFFECTS, {
      trusted: new Set(trustInput.value.split(/\s+/).filter((word) => word !== '')),
      authorities: certificates.flat(),
      isCancelled,
      derive: deriveAgain(deriveRecording({ createTerminal })),
      progress: (done, total) => {
        progress.value = total === 0 ? 1 : done / total;
      },
    });
    if (!isCancelled()) show(report);
  } catch (error) {
    if (isCancelled()) return;
    const text = `${file.name} could not be read: ${(error as Error).message}`;
    result.replaceChildren(element('h2', text, 'bad'));
    status.textContent = visible(text);
  } finally {
    if (!isCancelled()) progress.hidden = true;
  }
}

const again = (): void => {
  const file = fileInput.files?.[0];
  if (file !== undefined) void verify(file);
};
fileInput.addEventListener('change', again);
trustInput.addEventListener('change', again);
tsaInput.addEventListener('change', again);
zone.addEventListener('dragover', (event) => {
  event.preventDefault();
  zone.classList.add('over');
});
zone.addEventListener('dragleave', () => zone.classList.remove('over'));
zone.addEventListener('drop', (event) => {
  event.preventDefault();
  zone.classList.remove('over');
  if (event.dataTransfer === null || event.dataTransfer.files.length === 0) return;
  fileInput.files = event.dataTransfer.files;
  again();
});

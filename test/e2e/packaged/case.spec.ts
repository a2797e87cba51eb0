// The first minutes of a newcomer with the built program and the real core, in every shell, by keyboard alone: make a library, open the
// sample case, watch it, find a word, take it out.

import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import type { Api } from '../../../shared/api/contract.ts';
import { goTo, opened } from '../../support/page-scenes-common.ts';
import { expect, shellTest } from '../fixtures.ts';

shellTest.use({ core: 'real' });

const PASSPHRASE = 'correct horse battery staple';

/** Rows of the terminal in the page, blanks at their ends removed. */
const rows = async (page: Page): Promise<string[]> =>
  (await page.locator('.xterm-rows > div').allInnerTexts()).map((row) => row.replaceAll('\u00a0', ' ').trimEnd());

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The characters of the terminal that a box in the page lies over, by the size of its cells. */
async function textUnder(page: Page, box: Box): Promise<string> {
  const screen = (await page.locator('.xterm-screen').first().boundingBox())!;
  const all = await page.locator('.xterm-rows > div').count();
  const row = Math.round((box.y - screen.y) / (screen.height / all));
  const cell = await page
    .locator('.xterm-rows > div')
    .nth(row)
    .evaluate((element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      return range.getBoundingClientRect().width / Math.max(1, element.textContent.length);
    });
  const start = Math.round((box.x - screen.x) / cell);
  return (await rows(page))[row]!.slice(start, start + Math.round(box.width / cell));
}

async function openSample(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Open the sample case' }).waitFor();
  await page.getByRole('button', { name: 'Open the sample case' }).press('Enter');
  await page.getByText('4 sessions imported').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('grid', { name: 'Sessions' }).waitFor();
}

shellTest.beforeEach(async ({ window: { page, api } }) => {
  await api.call('vault.create', { protection: 'passphrase', passphrase: PASSPHRASE });
  await openSample(page);
});

shellTest(
  'what the window shows at a moment is what the command line would print',
  async ({ window: { page, api, picture } }) => {
    await opened(page, 'OPS-4127');
    const { sessions } = await api.call('sessions.list', { filter: { text: 'OPS-4127' } });
    for (const moment of ['12.5', '01:57', '250', '#2000', 'end']) {
      await goTo(page, moment);
      const at =
        moment === 'end'
          ? ({ kind: 'end' } as const)
          : moment.startsWith('#')
            ? ({ kind: 'seq', seq: moment.slice(1) } as const)
            : ({ kind: 'offset', atUs: moment === '01:57' ? 117_000_000 : Number(moment) * 1_000_000 } as const);
      const { screen } = await api.call('sessions.screen', { id: sessions[0]!.id, at });
      await expect.poll(() => rows(page), { message: moment }).toEqual(screen);
    }
    await picture('real-player');
  },
);

shellTest('playback runs, stops, and is written into the custody log', async ({ window: { page, api } }) => {
  await opened(page, 'nightly-backup');
  await page.keyboard.press('Home');
  await page.keyboard.press('Space');
  await expect.poll(async () => (await rows(page)).join('\n')).toContain('pg_dump');
  await page.keyboard.press('Space');
  await page.keyboard.press('Escape');
  await page.getByRole('grid', { name: 'Sessions' }).waitFor();
  await expect.poll(async () => (await api.call('custody.list', { action: 'view' })).total).toBeGreaterThan(0);
});

shellTest('a hit of the search opens the recording at its moment', async ({ window: { page, picture } }) => {
  await page.keyboard.press('s');
  await page.keyboard.type('"priya halvorsen"');
  await page.keyboard.press('Enter');
  await page.getByRole('listbox', { name: 'Hits' }).waitFor();
  await picture('real-search');
  await page.getByRole('listbox', { name: 'Hits' }).press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.locator('.xterm-rows').waitFor();
  await expect.poll(async () => (await rows(page)).join('\n').toLowerCase()).toContain('priya halvorsen');
  // The hit is marked on the terminal, over its own cells: what stands under the mark is what was looked for.
  const mark = page.locator('.cell-marks .meant');
  await mark.waitFor();
  await expect.poll(async () => textUnder(page, (await mark.boundingBox())!)).toMatch(/^priya halvorsen$/i);
});

shellTest('an export leaves as the command line would write it', async ({ window: { page, api, download } }) => {
  const { sessions } = await api.call('sessions.list', { filter: { text: 'nightly-backup' } });
  const { ticket } = await api.call('export.open', { id: sessions[0]!.id, format: 'text' });
  const { bytes } = await api.call('export.read', { ticket });
  await opened(page, 'nightly-backup');
  await page.getByRole('button', { name: 'Export' }).first().press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  await dialog.getByRole('radio', { name: /^Text/ }).check();
  const path = await download(() => dialog.getByRole('button', { name: 'Export', exact: true }).press('Enter'));
  expect(readFileSync(path, 'utf8')).toBe(Buffer.from(bytes!).toString('utf8'));
});

/** Drops a file on the window, as a user does. */
async function drop(page: Page, name: string, content: string): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([fileName, text]) => {
      const data = new DataTransfer();
      data.items.add(new File([text!], fileName!));
      return data;
    },
    [name, content],
  );
  for (const type of ['dragenter', 'dragover', 'drop'])
    await page.locator('#root').dispatchEvent(type, { dataTransfer: transfer });
  await page.getByText('1 session imported').waitFor();
}

shellTest('files dropped on the window are imported', async ({ window: { page, api } }) => {
  const header = JSON.stringify({ version: 2, width: 80, height: 24, title: 'dropped' });
  await drop(page, 'dropped.cast', `${header}\n[1, "o", "from the page"]\n`);
  const { sessions } = await api.call('sessions.list', { filter: { text: 'dropped' } });
  expect(sessions).toHaveLength(1);
  const { screen } = await api.call('sessions.screen', { id: sessions[0]!.id, at: { kind: 'end' } });
  expect(screen[0]).toBe('from the page');
});

/** Drops a recording of this title, opens it once it is indexed, and gives its id. */
async function droppedAndOpened(page: Page, api: Api, cast: string, title: string): Promise<string> {
  await drop(page, 'dropped.cast', cast);
  await page.keyboard.press('Escape');
  const { sessions } = await api.call('sessions.list', { filter: { text: title } });
  const { id } = sessions[0]!;
  await expect.poll(async () => (await api.call('sessions.show', { id })).index).toBe('done');
  await opened(page, title);
  return id;
}

shellTest('a seek over keyframes, forth and back, shows what stands there', async ({ window: { page, api } }) => {
  const header = JSON.stringify({ version: 2, width: 80, height: 24, title: 'long and plain' });
  const lines = Array.from({ length: 9000 }, (_, i) => JSON.stringify([i / 10, 'o', `${String(i)} ${'x'.repeat(70)}\r\n`]));
  const id = await droppedAndOpened(page, api, `${header}\n${lines.join('\n')}\n`, 'long and plain');
  for (const moment of ['663.55', '100', '899', '350.05', '0', 'end']) {
    await goTo(page, moment);
    const at = moment === 'end' ? ({ kind: 'end' } as const) : ({ kind: 'offset', atUs: Number(moment) * 1_000_000 } as const);
    const { screen } = await api.call('sessions.screen', { id, at });
    await expect.poll(() => rows(page), { message: moment }).toEqual(screen);
  }
});

shellTest('a seek among many sizes of the terminal shows what stands there', async ({ window: { page, api } }) => {
  const header = JSON.stringify({ version: 2, width: 120, height: 36, title: 'drawn wide and narrow' });
  // The window is drawn wide and narrow, one step after the other; rows have long left the screen; now and then a program takes all of it.
  const lines = Array.from({ length: 3000 }, (_, i) => {
    const [cols, rows] = [80 + ((i * 7) % 60), 24 + ((i * 5) % 26)];
    if (i % 100 < 12) return JSON.stringify([i / 10, 'r', `${String(cols)}x${String(rows)}`]);
    const text = `\u001b[3${String(i % 8)}m${String(i)} ${'x│漢'.repeat(9)}\r\n`;
    const program = i % 100 === 50 ? `\u001b[?1049h${text}\u001b[?1049l` : '';
    return JSON.stringify([i / 10, 'o', `${program}${text.repeat(3)}`]);
  });
  const id = await droppedAndOpened(page, api, `${header}\n${lines.join('\n')}\n`, 'drawn wide and narrow');
  const shows = async (moment: number): Promise<readonly string[]> => {
    await goTo(page, moment.toFixed(2));
    const { screen } = await api.call('sessions.screen', { id, at: { kind: 'offset', atUs: Math.round(moment * 1e6) } });
    await expect.poll(() => rows(page), { message: String(moment) }).toEqual(screen);
    return screen;
  };
  for (let i = 1; i <= 24; i++) await shows((i * 116.7) % 300);
  // Whoever has scrolled back and then seeks sees the screen again.
  const screen = await shows(255);
  await page.keyboard.press('Shift+PageUp');
  await expect.poll(() => rows(page)).not.toEqual(screen);
  await shows(268);
  await shows(210);
});

shellTest(
  'a bundle is verified, countersigned and saved, and what was saved verifies',
  async ({ window: { page, api, app, download } }) => {
    shellTest.skip(app !== null, 'the choice of files is the system’s own there');
    const { sessions } = await api.call('sessions.list', { filter: { text: 'nightly-backup' } });
    const { id } = await api.call('cases.create', { number: 'B-1', title: 'Backup' });
    await api.call('cases.addExhibits', { case: id, sessions: [sessions[0]!.id] });
    const asked = { case: id, plaintext: true, redacted: false, intent: '', supersedes: null };
    const { job } = await api.call('bundle.make', { ...asked, signer: 'Ana Lyst', signedAt: '2026-11-21T10:00:00Z' });
    await api.call('jobs.wait', { job });
    const { ticket, fileName } = await api.call('bundle.made', { job });
    const pieces: Uint8Array[] = [];
    for (;;) {
      const { bytes } = await api.call('export.read', { ticket: ticket! });
      if (bytes === null) break;
      pieces.push(bytes);
    }

    const verify = async (button: string, buffer: Buffer): Promise<void> => {
      const chooser = page.waitForEvent('filechooser');
      await page.getByRole('button', { name: button }).press('Enter');
      await (await chooser).setFiles({ name: fileName, mimeType: 'application/zip', buffer });
      // The key of this library signed it.
      await expect(page.getByRole('dialog').getByRole('status')).toContainText('TRUSTED');
    };
    await page.keyboard.press('Escape');
    await page.keyboard.press('Alt+4');
    await page.getByRole('button', { name: 'Verify a bundle …' }).press('Enter');
    await verify('Choose a file …', Buffer.concat(pieces));
    await page.getByRole('button', { name: 'Countersign …' }).press('Enter');
    await page.getByRole('textbox', { name: 'Signer' }).fill('Ravi Osei');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toContainText('a reviewer is somebody else');
    await page.getByRole('radio', { name: 'Recipient' }).check();
    await page.getByRole('textbox', { name: 'Signer' }).press('Enter');
    const made = page.getByRole('dialog', { name: 'The bundle is countersigned' });
    const path = await download(() => made.getByRole('button', { name: 'Save the bundle …' }).press('Enter'));
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Verify a bundle …' }).press('Enter');
    await verify('Choose a file …', readFileSync(path));
    await expect(page.getByRole('dialog')).toContainText('Ravi Osei, recipient');
    await expect(page.getByRole('dialog').getByRole('status')).toContainText(
      "02-recipient is signed with the producer's own key",
    );
    const { entries } = await api.call('custody.list', { action: 'sign' });
    expect(JSON.parse(entries[0]!.details)).toMatchObject({ role: 'recipient', signer: 'Ravi Osei' });

    await page.getByRole('button', { name: 'Time stamp …' }).press('Enter');
    const request = await download(() => page.getByRole('button', { name: 'Save the request …' }).press('Enter'));
    expect(readFileSync(request)[0]).toBe(0x30);
  },
);

shellTest('a locked library shows nothing but its door', async ({ window: { page, api } }) => {
  await api.call('vault.lock', null);
  await page.getByRole('textbox', { name: 'Passphrase' }).fill(PASSPHRASE);
  await expect(page.getByText('OPS-4127')).toHaveCount(0);
  await page.keyboard.press('Enter');
  await page.getByText('OPS-4127').first().waitFor();
});

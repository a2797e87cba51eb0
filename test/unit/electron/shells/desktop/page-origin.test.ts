import type { IpcMainInvokeEvent, WebContents } from 'electron';
import { expect, test } from 'vitest';
import { isExport, isOurPage, isOurs, isStart } from '../../../../../electron/shells/desktop/page-origin.ts';

test.each(['app://exhibit/', 'app://exhibit', 'app://exhibit/assets/x.js', 'app://exhibit/#/sessions', 'APP://exhibit/'])(
  '%s is ours',
  (address) => {
    expect(isOurs(address)).toBe(true);
  },
);

test.each([
  'app://exhibit.evil/',
  'app://evil/exhibit/',
  'app://exhibit@evil/',
  'app://evil@exhibit/',
  'app://exhibit:80/',
  'app:exhibit/',
  'https://exhibit/',
  'file:///app://exhibit/',
  'data:text/html,app://exhibit/',
  'about:blank',
  '',
  'app://',
])('%s is not ours', (address) => {
  expect(isOurs(address)).toBe(false);
});

test('only the page itself is a start, only /export/ an export', () => {
  expect(isStart('app://exhibit/')).toBe(true);
  expect(isStart('app://exhibit/?reload#/x')).toBe(true);
  expect(isStart('app://exhibit/export/t/x')).toBe(false);
  expect(isStart('app://evil/')).toBe(false);
  expect(isExport('app://exhibit/export/t/x')).toBe(true);
  expect(isExport('app://exhibit/exported')).toBe(false);
  expect(isExport('app://evil/export/t/x')).toBe(false);
});

const page = {} as WebContents;
const message = (sender: WebContents, frame: { url: string; parent: object | null } | null) =>
  ({ sender, senderFrame: frame }) as unknown as IpcMainInvokeEvent;

test('a message of the main frame of our page is served', () => {
  expect(isOurPage(message(page, { url: 'app://exhibit/', parent: null }), page)).toBe(true);
});

test.each([
  ['another page', message({} as WebContents, { url: 'app://exhibit/', parent: null })],
  ['a frame inside of our page', message(page, { url: 'app://exhibit/', parent: {} })],
  ['a foreign address in our window', message(page, { url: 'https://evil.example/', parent: null })],
  ['a frame that is gone', message(page, null)],
])('a message of %s is refused', (_title, event) => {
  expect(isOurPage(event, page)).toBe(false);
});

import { expect, test } from 'vitest';
import { findBrowser, isSnap } from '../../../../../electron/shells/loopback/browser.ts';

const found = (platform: NodeJS.Platform, env: Record<string, string>, ...installed: string[]): string | null =>
  findBrowser({ platform, env, isProgram: (path) => installed.includes(path) });

test('the first browser on the path is taken, Chromium before others', () => {
  const env = { PATH: '/usr/local/bin:/usr/bin' };
  expect(found('linux', env, '/usr/bin/google-chrome', '/usr/bin/chromium')).toBe('/usr/bin/chromium');
  expect(found('linux', env, '/usr/bin/microsoft-edge')).toBe('/usr/bin/microsoft-edge');
});

test('EXHIBIT_BROWSER is taken as it is, or not at all', () => {
  const env = { PATH: '/usr/bin', EXHIBIT_BROWSER: '/opt/browser' };
  expect(found('linux', env, '/usr/bin/chromium', '/opt/browser')).toBe('/opt/browser');
  expect(found('linux', env, '/usr/bin/chromium')).toBeNull();
  expect(found('linux', { PATH: '/usr/bin', EXHIBIT_BROWSER: 'chromium' }, 'chromium', '/usr/bin/chromium')).toBeNull();
});

test('on macOS and Windows the browsers’ own places are searched', () => {
  const chrome = '/Users/ana/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  expect(found('darwin', { HOME: '/Users/ana' }, chrome)).toBe(chrome);
  const edge = 'C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe';
  expect(found('win32', { 'PROGRAMFILES(X86)': 'C:/Program Files (x86)' }, edge)).toBe(edge);
});

test('without a browser there is none', () => {
  expect(found('linux', { PATH: '/usr/bin' })).toBeNull();
  expect(found('linux', {})).toBeNull();
});

test('a browser of Ubuntu’s snap is known by its name', () => {
  expect(isSnap('/usr/bin/chromium-browser')).toBe(true);
  expect(isSnap('/usr/bin/env')).toBe(false);
});

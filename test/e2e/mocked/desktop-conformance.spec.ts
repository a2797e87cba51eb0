// What the stand-in for Electron must do like the real binary, where our program depends on it. Runs on both; a difference found here is a
// fault of the stand-in (test/support/electron-standin).

import { expect, shellTest } from '../fixtures.ts';

shellTest('the main process knows itself as Electron’s, unpackaged', async ({ window: { app } }) => {
  const known = await app!.evaluate(({ app: program }) => ({
    type: (process as unknown as { type: string }).type,
    version: process.versions['electron'],
    packaged: program.isPackaged,
    ready: program.isReady(),
    name: program.getName(),
  }));
  expect(known).toEqual({ type: 'browser', version: '45.4.1', packaged: false, ready: true, name: 'Exhibit' });
});

shellTest('what the preload shows is frozen, and lives in another world', async ({ window: { page } }) => {
  const seen = await page.evaluate(() => {
    const { exhibit } = globalThis as unknown as { exhibit: Record<string, unknown> };
    (globalThis as unknown as Record<string, unknown>)['fromPage'] = true;
    try {
      exhibit['invoke'] = null;
    } catch {
      // Frozen, in strict code.
    }
    return { frozen: Object.isFrozen(exhibit), kind: typeof exhibit['invoke'], keys: Object.keys(exhibit) };
  });
  expect(seen).toEqual({ frozen: true, kind: 'function', keys: ['invoke', 'on'] });
});

shellTest('data crosses to the main process and back as structured cloning has it', async ({ window: { page, app } }) => {
  await app!.evaluate(({ ipcMain }) => {
    ipcMain.removeHandler('call');
    ipcMain.handle('call', (_event, name: unknown, input: unknown) => ({ name, input }));
  });
  const back = await page.evaluate(async () => {
    const { exhibit } = globalThis as unknown as { exhibit: { invoke(name: string, input: unknown): Promise<{ input: never }> } };
    const input = {
      text: 'ü\u0000',
      number: -1.5,
      none: null,
      list: [1, [2]],
      bytes: new Uint8Array([0, 127, 255]),
      missing: undefined,
    };
    const { input: output } = await exhibit.invoke('x', input);
    const { bytes, ...rest } = output as typeof input;
    return { rest, bytes: [...bytes], tag: Object.prototype.toString.call(bytes), missing: 'missing' in output };
  });
  expect(back).toEqual({
    rest: { text: 'ü\u0000', number: -1.5, none: null, list: [1, [2]], missing: undefined },
    bytes: [0, 127, 255],
    tag: '[object Uint8Array]',
    missing: true,
  });
});

shellTest('a function does not cross', async ({ window: { page } }) => {
  const refused = await page.evaluate(() => {
    const { exhibit } = globalThis as unknown as { exhibit: { invoke(name: string, input: unknown): Promise<unknown> } };
    return exhibit.invoke('app.info', { f: () => 1 }).then(
      () => 'taken',
      (error: Error) => error.message,
    );
  });
  expect(refused).toContain('could not be cloned');
});

shellTest('a handler that throws rejects the page’s promise with its message', async ({ window: { page } }) => {
  const message = await page.evaluate(() => {
    const { exhibit } = globalThis as unknown as { exhibit: { invoke(name: unknown, input: unknown): Promise<unknown> } };
    return exhibit.invoke(7, null).then(
      () => 'taken',
      (error: Error) => error.message,
    );
  });
  expect(message).toBe("Error invoking remote method 'call': Error: refused");
});

shellTest('events reach the page until it ends its subscription', async ({ window: { api } }) => {
  const heard: unknown[] = [];
  const stop = api.on('library', (value) => heard.push(value));
  const emit = (session: string): Promise<null> =>
    api.call('settings.set', { key: 'fake.emit', value: JSON.stringify({ name: 'library', value: { sessions: [session] } }) });
  await emit('s-0001');
  await expect.poll(() => heard).toEqual([{ sessions: ['s-0001'] }]);
  stop();
  await emit('s-0002');
  expect(heard).toHaveLength(1);
});

shellTest('the page’s requests are answered by the session’s own protocol, with its headers', async ({ window: { page } }) => {
  const loaded = await page.evaluate(() =>
    performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname.replace(/-[\w-]+\./, '-HASH.')),
  );
  expect(loaded).toContain('/assets/index-HASH.js');
});

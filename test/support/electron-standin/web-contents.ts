// `webContents`: a page in Chromium with its preload, its messages, and the app's say over where it goes and what it asks for.

import type { Event, WebContents as ElectronWebContents, WebPreferences } from 'electron';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { chromium, whenLaunched, type DevTools } from './chromium.ts';
import { makeCodec } from './codec.ts';
import { invoke, ipcMain } from './ipc.ts';
import { act, preventable, program } from './program.ts';
import { fromWeb, toWeb } from './protocol.ts';
import { pages, session, type StandinSession } from './session.ts';
import { mainWorld, preloadWorld, type FromPreload, type ToPreloadWorld } from './worlds.ts';

interface RequestPaused {
  readonly requestId: string;
  readonly frameId: string;
  readonly resourceType: string;
  readonly request: { readonly url: string; readonly method: string; readonly headers: Record<string, string> };
}

type OpenHandler = Parameters<ElectronWebContents['setWindowOpenHandler']>[0];

const WORLD = 'standin-preload';
const CHANNEL = `standin-${String(process.pid)}`;

const codec = makeCodec();
const all = new Map<number, PageContents>();

/** The window that holds a page: what the page needs of it. */
export interface Holder {
  readonly bounds: { readonly width: number; readonly height: number };
  readyToShow(): void;
  close(): void;
  destroy(): void;
}

export class PageContents
  extends EventEmitter
  implements Pick<ElectronWebContents, 'id' | 'send' | 'getURL' | 'isDestroyed' | 'reload' | 'close' | 'setWindowOpenHandler'>
{
  readonly id = all.size + 1;
  readonly session: StandinSession;
  readonly holder: Holder;
  /** Resolves when the page exists in Chromium. */
  readonly opened: Promise<void>;
  target = '';
  frame = '';
  title = '';
  readonly #preferences: WebPreferences;
  #devtools: DevTools | null = null;
  #context: number | null = null;
  #url = 'about:blank';
  #destroyed = false;
  /** The address that the app itself loads or reloads: no `will-navigate` for that. */
  #expected = '';
  #openHandler: OpenHandler = () => ({ action: 'allow' });

  constructor(holder: Holder, preferences: WebPreferences) {
    super();
    const { sandbox = true, contextIsolation = true, nodeIntegration = false } = preferences;
    if ((!sandbox && !program.sandboxed) || !contextIsolation || nodeIntegration) {
      throw new Error('stand-in: only sandboxed, isolated pages without Node are known here');
    }
    this.holder = holder;
    this.#preferences = preferences;
    this.session = (preferences.session as unknown as StandinSession | undefined) ?? session.defaultSession;
    all.set(this.id, this);
    this.opened = this.#open();
    this.opened.catch((error: unknown) => {
      if (!program.ended) process.stderr.write(`[stand-in] ${String(error)}\n`);
    });
  }

  get mainFrame(): { readonly url: string; readonly parent: null } {
    return { url: this.getURL(), parent: null };
  }

  get #page(): DevTools {
    if (this.#devtools === null) throw new Error('the page does not exist yet');
    return this.#devtools;
  }

  async #open(): Promise<void> {
    const { devtools } = chromium();
    const { targetId } = await devtools.send('Target.createTarget', {
      url: 'about:blank',
      newWindow: true,
      ...this.holder.bounds,
    });
    const { sessionId } = await devtools.send('Target.attachToTarget', { targetId, flatten: true });
    const page = chromium().session(sessionId);
    this.target = targetId;
    this.#devtools = page;
    this.#listen(page);
    await Promise.all([
      page.send('Page.enable'),
      page.send('Runtime.enable'),
      page.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] }),
      page.send('Runtime.addBinding', { name: 'standinSend', executionContextName: WORLD }),
      page.send('Page.addScriptToEvaluateOnNewDocument', { source: `(${mainWorld.toString()})(${JSON.stringify(CHANNEL)})` }),
    ]);
    this.frame = (await page.send('Page.getFrameTree')).frameTree.frame.id;
    if (this.#preferences.preload !== undefined) await this.#addPreload(page, this.#preferences.preload);
  }

  async #addPreload(page: DevTools, file: string): Promise<void> {
    let source = '';
    try {
      source = readFileSync(file, 'utf8');
    } catch (error) {
      this.emit('preload-error', {}, file, error);
      process.stderr.write(`[stand-in] ${String(error)}\n`);
    }
    const info = { type: 'renderer', sandboxed: true, contextIsolated: true, platform: process.platform, env: {} };
    const args = [JSON.stringify(CHANNEL), makeCodec.toString(), JSON.stringify(info), JSON.stringify(source)];
    await page.send('Page.addScriptToEvaluateOnNewDocument', {
      worldName: WORLD,
      source: `if (window === window.top) (${preloadWorld.toString()})(${args.join(', ')})`,
    });
  }

  #listen(page: DevTools): void {
    page.on('Runtime.executionContextCreated', ({ context }) => {
      const { frameId } = context.auxData as { frameId?: string };
      if (context.name === WORLD && frameId === this.frame) this.#context = context.id;
    });
    page.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
      if (name === 'standinSend') void this.#receive(codec.decode(payload) as FromPreload, executionContextId);
    });
    page.on('Fetch.requestPaused', (paused) => {
      this.#request(page, paused).catch((error: unknown) => {
        if (!this.#destroyed) process.stderr.write(`[stand-in] ${String(error)}\n`);
      });
    });
    page.on('Page.frameNavigated', ({ frame }) => {
      if (frame.parentId !== undefined) return;
      this.#url = frame.url;
      this.emit('did-navigate', {}, this.getURL());
    });
    page.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
      if (frameId === this.frame) this.#url = url;
    });
    page.on('Page.loadEventFired', () => {
      this.emit('did-finish-load');
      this.holder.readyToShow();
    });
    page.on('Inspector.targetCrashed', () => this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 }));
    page.on('Page.windowOpen', ({ url, windowName }) => {
      const details = { url: fromWeb(url), frameName: windowName, features: '', disposition: 'new-window' };
      if (this.#openHandler(details as never).action !== 'deny') throw new Error('stand-in: a second window is not known here');
    });
  }

  async #receive(message: FromPreload, context: number): Promise<void> {
    if (message.kind === 'preload-error') {
      this.emit('preload-error', {}, this.#preferences.preload, new Error(message.message));
      process.stderr.write(`[stand-in] preload: ${message.message}\n`);
      return;
    }
    const event = { sender: this, senderFrame: this.mainFrame, type: 'frame' };
    if (message.kind === 'send') {
      ipcMain.emit(message.channel, event, ...message.args);
      return;
    }
    const { id } = message;
    try {
      await this.#post({ kind: 'reply', id, value: await invoke(event, message.channel, message.args) }, context);
    } catch (error) {
      await this.#post({ kind: 'failure', id, message: (error as Error).message }, context);
    }
  }

  async #post(message: ToPreloadWorld, context: number): Promise<void> {
    const expression = `standinReceive(${JSON.stringify(codec.encode(message))})`;
    // The page may have gone on meanwhile: then nobody waits any more.
    await this.#devtools?.send('Runtime.evaluate', { contextId: context, expression }).catch(() => undefined);
  }

  #mayNavigate(address: string, isMainFrame: boolean): boolean {
    const names = isMainFrame ? ['will-navigate', 'will-frame-navigate'] : ['will-frame-navigate'];
    return names.every((name) => {
      const event = Object.assign(preventable(), { url: address, isMainFrame }) satisfies Partial<Event<{ url: string }>>;
      this.emit(name, event, address);
      return !event.defaultPrevented;
    });
  }

  async #request(page: DevTools, { requestId, request, resourceType, frameId }: RequestPaused): Promise<void> {
    const shown = fromWeb(request.url);
    const fail = (errorReason: 'Aborted' | 'BlockedByClient' | 'NameNotResolved' | 'Failed'): Promise<unknown> =>
      page.send('Fetch.failRequest', { requestId, errorReason });
    const isMainFrame = frameId === this.frame;
    // A link with `download` asks like a document, but is no navigation: it does not ask for upgrades.
    const navigates = resourceType === 'Document' && 'Upgrade-Insecure-Requests' in request.headers;
    const expected = isMainFrame && this.#expected === request.url;
    if (navigates && !expected && !this.#mayNavigate(shown, isMainFrame)) {
      await fail('Aborted');
      return;
    }
    if (!(await this.session.mayRequest(shown, request.method, resourceType.toLowerCase()))) {
      await fail('BlockedByClient');
      return;
    }
    const handler = this.session.protocol.handlerFor(shown);
    if (handler === undefined) {
      await (shown === request.url ? page.send('Fetch.continueRequest', { requestId }) : fail('NameNotResolved'));
      return;
    }
    try {
      const asked = new Request(request.url, { method: request.method, headers: request.headers });
      const response = await handler(Object.defineProperty(asked, 'url', { value: shown }));
      await page.send('Fetch.fulfillRequest', {
        requestId,
        responseCode: response.status,
        responseHeaders: [...response.headers].map(([name, value]) => ({ name, value })),
        body: Buffer.from(await response.arrayBuffer()).toString('base64'),
      });
    } catch {
      await fail('Failed');
    }
  }

  send(channel: string, ...args: unknown[]): void {
    if (!this.#destroyed && this.#context !== null) void this.#post({ kind: 'event', channel, args }, this.#context);
  }

  async loadURL(address: string): Promise<void> {
    await this.opened;
    this.#expected = new URL(toWeb(address)).href.split('#')[0]!;
    await this.session.applyPermissions(new URL(this.#expected).origin);
    const loaded = new Promise((resolve) => this.once('did-finish-load', resolve));
    const { errorText } = await this.#page.send('Page.navigate', { url: toWeb(address) });
    if (errorText !== undefined) throw new Error(`${errorText} loading '${address}'`);
    await loaded;
    this.#expected = '';
  }

  reload(): void {
    this.#expected = this.#url;
    void this.#page.send('Page.reload');
  }

  getURL(): string {
    return fromWeb(this.#url);
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler;
  }

  openDevTools(): void {
    act('openDevTools');
  }

  close(): void {
    this.holder.close();
  }

  /** Called by the window when it is gone. */
  destroyed(): void {
    this.#destroyed = true;
    all.delete(this.id);
    void this.opened
      .then(() => chromium().devtools.send('Target.closeTarget', { targetId: this.target }))
      // It may be why the window is gone.
      .catch(() => undefined);
    this.emit('destroyed');
  }
}

pages.sessionOf = (frame) => [...all.values()].find((page) => page.frame === frame)?.session ?? session.defaultSession;

/** What a page opened although its app denies every window: Chromium has it by then, so it is closed before it has loaded anything. */
async function closeOpened(targetId: string): Promise<void> {
  const { devtools } = chromium();
  const { sessionId } = await devtools.send('Target.attachToTarget', { targetId, flatten: true });
  // It may wait for a debugger, and its opener for it.
  await chromium().session(sessionId).send('Runtime.runIfWaitingForDebugger');
  await devtools.send('Target.closeTarget', { targetId });
}

whenLaunched.push(async ({ devtools }) => {
  await devtools.send('Target.setDiscoverTargets', { discover: true });
  devtools.on('Target.targetDestroyed', ({ targetId }) => webContents.fromDevToolsTargetId(targetId)?.holder.destroy());
  devtools.on('Target.targetCreated', ({ targetInfo }) => {
    if (targetInfo.openerId !== undefined) closeOpened(targetInfo.targetId).catch(() => undefined);
  });
});

export const webContents = {
  getAllWebContents: () => [...all.values()],
  fromId: (id: number) => all.get(id),
  fromDevToolsTargetId: (target: string) => [...all.values()].find((page) => page.target === target),
};

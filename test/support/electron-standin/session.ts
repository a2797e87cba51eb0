// `session`: what its pages may do, which requests they may make, what becomes of their downloads.

import type { DownloadItem, SaveDialogOptions, Session as ElectronSession } from 'electron';
import { EventEmitter } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, whenLaunched } from './chromium.ts';
import { act, preventable } from './program.ts';
import { SessionProtocol, fromWeb, protocol } from './protocol.ts';

type RequestHandler = Parameters<ElectronSession['setPermissionRequestHandler']>[0];
type CheckHandler = Parameters<ElectronSession['setPermissionCheckHandler']>[0];
type Permission = Parameters<NonNullable<CheckHandler>>[1];
type BeforeRequest = (details: never, decide: (answer: { cancel?: boolean }) => void) => void;

/** Permissions that Chromium can be told about, by Electron's name. */
const PERMISSIONS: Readonly<Partial<Record<Permission, string>>> = {
  'clipboard-sanitized-write': 'clipboard-write',
  'clipboard-read': 'clipboard-read',
  geolocation: 'geolocation',
  notifications: 'notifications',
  midi: 'midi',
};

type Checked =
  'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler' | 'setSpellCheckerEnabled';

class SessionEvents extends EventEmitter implements Pick<ElectronSession, Checked> {
  readonly protocol: SessionProtocol;
  #check: NonNullable<CheckHandler> = () => true;
  #before: BeforeRequest | null = null;
  readonly webRequest = {
    onBeforeRequest: (filter: unknown, listener?: unknown) => {
      this.#before = (listener ?? filter) as BeforeRequest;
    },
  };

  constructor(handlers: SessionProtocol) {
    super();
    this.protocol = handlers;
  }

  setPermissionRequestHandler(handler: RequestHandler): void {
    act('setPermissionRequestHandler', handler !== null);
  }

  setPermissionCheckHandler(handler: CheckHandler): void {
    this.#check = handler ?? (() => true);
  }

  setDevicePermissionHandler(handler: unknown): void {
    act('setDevicePermissionHandler', handler !== null);
  }

  setSpellCheckerEnabled(enabled: boolean): void {
    act('setSpellCheckerEnabled', enabled);
  }

  /** Whether a page may make this request. */
  mayRequest(url: string, method: string, resourceType: string): Promise<boolean> {
    if (this.#before === null) return Promise.resolve(true);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#before({ url, method, resourceType } as never, ({ cancel = false }) => resolve(!cancel));
    return promise;
  }

  /** Tells Chromium what the app's check handler answers for pages of `origin`. */
  async applyPermissions(origin: string): Promise<void> {
    for (const [name, chromiumName] of Object.entries(PERMISSIONS)) {
      const setting = this.#check(null, name as Permission, fromWeb(origin), {} as never) ? 'granted' : 'denied';
      await chromium().devtools.send('Browser.setPermission', { permission: { name: chromiumName }, setting, origin });
    }
  }
}

export type StandinSession = SessionEvents;

const partitions = new Map<string, SessionEvents>();

export const session = {
  defaultSession: new SessionEvents(protocol),
  fromPartition: (name: string): SessionEvents => {
    const known = partitions.get(name) ?? new SessionEvents(new SessionProtocol());
    partitions.set(name, known);
    return known;
  },
};

class Download
  extends EventEmitter
  implements
    Pick<DownloadItem, 'getURL' | 'getFilename' | 'setSavePath' | 'getSavePath' | 'setSaveDialogOptions' | 'getState' | 'cancel'>
{
  readonly #guid: string;
  readonly #url: string;
  readonly #fileName: string;
  #savePath = '';
  #state: ReturnType<DownloadItem['getState']> = 'progressing';

  constructor(guid: string, url: string, fileName: string) {
    super();
    this.#guid = guid;
    this.#url = url;
    this.#fileName = fileName;
  }

  getURL(): string {
    return this.#url;
  }

  getFilename(): string {
    return this.#fileName;
  }

  getState(): ReturnType<DownloadItem['getState']> {
    return this.#state;
  }

  getSavePath(): string {
    return this.#savePath;
  }

  setSavePath(path: string): void {
    this.#savePath = path;
  }

  setSaveDialogOptions(options: SaveDialogOptions): void {
    act('saveDialog', options);
  }

  cancel(): void {
    void chromium().devtools.send('Browser.cancelDownload', { guid: this.#guid });
  }

  /** Where the app named no place the real one asks the user; here nobody answers, which is a cancelled download. */
  end(state: 'completed' | 'cancelled'): void {
    const file = join(chromium().downloads, this.#guid);
    if (state === 'completed' && this.#savePath !== '') copyFileSync(file, this.#savePath);
    if (existsSync(file)) rmSync(file);
    this.#state = state === 'completed' && this.#savePath === '' ? 'cancelled' : state;
    this.emit('done', {}, this.#state);
  }
}

/** Finds the session of a page by its DevTools frame; set by web-contents.ts. */
export const pages = { sessionOf: (_frame: string): SessionEvents => session.defaultSession };

whenLaunched.push(async ({ devtools, downloads }) => {
  mkdirSync(downloads);
  await devtools.send('Browser.setDownloadBehavior', { behavior: 'allowAndName', downloadPath: downloads, eventsEnabled: true });
  const items = new Map<string, Download>();
  devtools.on('Browser.downloadWillBegin', ({ guid, url, suggestedFilename, frameId }) => {
    const item = new Download(guid, fromWeb(url), suggestedFilename);
    const event = preventable();
    pages.sessionOf(frameId).emit('will-download', event, item);
    if (event.defaultPrevented) item.cancel();
    else items.set(guid, item);
  });
  devtools.on('Browser.downloadProgress', ({ guid, state }) => {
    if (state === 'inProgress') return;
    items.get(guid)?.end(state === 'completed' ? 'completed' : 'cancelled');
    items.delete(guid);
  });
});

// The door of the desktop shell: one hardened window over whatever Api it is handed. It owns windows, menus, dialogs and the app://
// protocol, and knows nothing about recordings. A core or a page that ends unasked is shown to the user, never passed over.

import { app, BrowserWindow, dialog, session, type Session } from 'electron';
import type { Api } from '../../../shared/api/contract.ts';
import { serve } from '../../../shared/api/wire.ts';
import { openPage } from '../page/page.ts';
import { saveDownloads } from './downloads.ts';
import { hardenContents, hardenProgram, hardenSession, windowPreferences } from './hardening.ts';
import { addContextMenu, setMenu } from './menu.ts';
import { HOST, SCHEME, START } from './page-origin.ts';
import { pagePort } from './page-port.ts';

export interface DesktopCore {
  readonly api: Api;
  /** Resolves with the reason when the core ended although nobody asked it to. */
  readonly lost: Promise<string>;
  /** Resolves when the core has ended. */
  close(): Promise<void>;
}

export interface DesktopOptions {
  /** Folder of the built page. */
  readonly page: string;
  /** File of the built preload. */
  readonly preload: string;
  /** Called once, when the program is ready. */
  readonly startCore: () => DesktopCore;
}

/** The window's storage, in memory only: without `persist:` nothing of it reaches the disk. */
const PARTITION = 'exhibit';

function servePage(target: Session, folder: string, api: Api): void {
  const page = openPage({ folder, api, connect: "'none'" });
  target.protocol.handle(SCHEME, async (request) => {
    const { host, pathname } = new URL(request.url);
    return host === HOST ? page(request.method, pathname) : new Response(null, { status: 404 });
  });
}

/** A message with two ways on; resolves to true for the first. The window may be gone already. */
async function ask(window: BrowserWindow, message: string, detail: string, first: string): Promise<boolean> {
  const options = {
    type: 'error' as const,
    title: 'Exhibit',
    message,
    detail,
    buttons: [first, 'Quit'],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  };
  const { response } = await (window.isDestroyed() ? dialog.showMessageBox(options) : dialog.showMessageBox(window, options));
  return response === 0;
}

function openWindow(target: Session, preload: string): BrowserWindow {
  const window = new BrowserWindow({
    width: 1360,
    height: 900,
    minWidth: 640,
    minHeight: 480,
    title: 'Exhibit',
    show: false,
    webPreferences: windowPreferences(target, preload),
  });
  window.once('ready-to-show', () => window.show());
  addContextMenu(window.webContents);
  return window;
}

async function open({ page, preload, startCore }: DesktopOptions): Promise<void> {
  app.on('web-contents-created', (_event, contents) => hardenContents(contents));
  const target = session.fromPartition(PARTITION);
  hardenSession(target);
  saveDownloads(target);
  setMenu();

  const core = startCore();
  let closing = false;
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', (event) => {
    if (closing) return;
    // The core pins the custody head and locks the library: the program waits for it, then quits for good.
    closing = true;
    event.preventDefault();
    void core.close().finally(() => app.quit());
  });

  servePage(target, page, core.api);
  const window = openWindow(target, preload);
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  void core.lost.then(async (why) => {
    if (closing) return;
    const again = await ask(
      window,
      'The core of Exhibit has ended.',
      `${why}. Work under way was cut off; what was kept before that is in the library.`,
      'Start again',
    );
    if (again) app.relaunch();
    app.quit();
  });
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (closing || reason === 'clean-exit') return;
    void ask(
      window,
      'The window of Exhibit has ended.',
      `Its process is gone (${reason}). The library is not affected.`,
      'Show it again',
    ).then((again) => {
      if (again) window.webContents.reload();
      else app.quit();
    });
  });
  serve(core.api, pagePort(window));
  await window.loadURL(START);
}

/** Runs the desktop shell until its window is closed. To be called at once when the program starts. */
export function runDesktop(options: DesktopOptions): void {
  hardenProgram();
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  app
    .whenReady()
    .then(() => open(options))
    .catch((error: unknown) => {
      dialog.showErrorBox('Exhibit could not start', error instanceof Error ? error.message : String(error));
      app.exit(1);
    });
}

// What the window may not do, after Electron's security checklist (https://www.electronjs.org/docs/latest/tutorial/security): a page that
// shows hostile recordings gets no network, no navigation, no second window, no permission, no Node, no developer tools once packaged.
// Fuses (electron-builder.yml) close what is outside of the program's own reach.

import { app, protocol, type Session, type WebContents, type WebPreferences } from 'electron';
import { SCHEME, isOurs, isStart } from './page-origin.ts';

/** Switches of Chromium that would open the window to others. Refused in a packaged program; in a checkout, tests need them. */
const OPENING_SWITCHES = [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'disable-web-security',
  'load-extension',
  'js-flags',
  'proxy-server',
  'host-resolver-rules',
];

/** To be called before the program is ready. Throws when it was started with a switch that would open it. */
export function hardenProgram(): void {
  const opening = OPENING_SWITCHES.filter((name) => app.isPackaged && app.commandLine.hasSwitch(name));
  if (opening.length > 0) throw new Error(`Exhibit does not start with --${opening.join(', --')}`);
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } }]);
  // No name resolves for the page or for Chromium itself; the core does its own, and only to configured sources.
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  for (const name of ['disable-background-networking', 'disable-component-update', 'disable-domain-reliability', 'no-pings']) {
    app.commandLine.appendSwitch(name);
  }
  // No dump of a process that held recorded text is written.
  app.commandLine.appendSwitch('disable-breakpad');
  app.commandLine.appendSwitch('disable-crash-reporter');
}

/** Copying as text is the one permission that the page has. */
function mayUse(permission: string, origin: string): boolean {
  return permission === 'clipboard-sanitized-write' && isOurs(origin);
}

export function hardenSession(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, decide) => decide(mayUse(permission, contents.getURL())));
  session.setPermissionCheckHandler((_contents, permission, origin) => mayUse(permission, origin));
  session.setDevicePermissionHandler(() => false);
  // The spelling checker would download its dictionaries.
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest(({ url }, decide) => {
    const tools = !app.isPackaged && url.startsWith('devtools://');
    decide({ cancel: !isOurs(url) && !tools });
  });
}

export function hardenContents(contents: WebContents): void {
  const stay = (event: { readonly url: string; preventDefault(): void }): void => {
    if (!isStart(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** Said in full, so that no default has to be known. */
export function windowPreferences(session: Session, preload: string): WebPreferences {
  return {
    session,
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    plugins: false,
    webgl: false,
    spellcheck: false,
    navigateOnDragDrop: false,
    disableDialogs: true,
    v8CacheOptions: 'none',
    devTools: !app.isPackaged,
  };
}

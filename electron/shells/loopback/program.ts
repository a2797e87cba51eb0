// The window where Electron is not at hand, from start to end: serves an Api, shows the page in a browser, and is over when that window is
// closed. Without a browser or a display it says which address to open instead, and is over when it is told to stop.

import type { Api } from '../../../shared/api/contract.ts';
import { startLoopback } from './loopback.ts';
import { openWindow } from './window.ts';

export interface ProgramDeps {
  readonly api: Api;
  /** Folder of the built page. */
  readonly page: string;
  /** Unguessable, new at every start. */
  readonly token: string;
  /** The browser that shows the window, or why there is none. */
  readonly browser: { readonly path: string } | { readonly missing: string };
  /** Resolves when the program is told to stop. */
  readonly stopped: Promise<void>;
  /** Takes a line for the user. */
  readonly say: (line: string) => void;
}

export async function runProgram({ api, page, token, browser, stopped, say }: ProgramDeps): Promise<void> {
  const { promise: arrival, resolve: arrived } = Promise.withResolvers<void>();
  const shell = await startLoopback(api, { page, token, onPages: () => arrived() });

  const invite = async (why: string): Promise<void> => {
    say(`No window was opened: ${why}.`);
    say(`Open this address in a browser on this machine. It is the key to the library: do not pass it on.\n${shell.link}`);
    say('Press Ctrl-C to end.');
    await stopped;
  };

  const show = async (path: string): Promise<void> => {
    const window = openWindow(path, shell.link);
    let over = false;
    void arrival.then(() => {
      over = true;
      window.arrived();
    });
    void stopped.then(() => {
      over = true;
      window.close();
    });
    const lastWords = await window.closed;
    if (over) return;
    const reason = lastWords.split('\n').at(-1)!;
    await invite(`${path} ended before it showed anything${reason === '' ? '' : ` (${reason})`}`);
  };

  try {
    await ('path' in browser ? show(browser.path) : invite(browser.missing));
  } finally {
    await shell.close();
  }
}

// The one origin of the window: `app://exhibit`, served from the built page and from nothing else.

import type { IpcMainInvokeEvent, WebContents } from 'electron';

export const SCHEME = 'app';
export const HOST = 'exhibit';
export const START = `${SCHEME}://${HOST}/`;

/** Whether an address belongs to the window's page: compared by its parts, since `app://exhibit.evil/` begins alike. */
export function isOurs(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && url.protocol === `${SCHEME}:` && url.host === HOST && url.username === '' && url.port === '';
}

export function isExport(address: string): boolean {
  return isOurs(address) && new URL(address).pathname.startsWith('/export/');
}

/** Whether an address is the window's page itself, as a reload asks for it. */
export function isStart(address: string): boolean {
  return isOurs(address) && new URL(address).pathname === '/';
}

/** Whether a message comes from the main frame of `page` while that shows our page. A frame that is gone by now is nobody. */
export function isOurPage(
  { sender, senderFrame }: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>,
  page: WebContents,
): boolean {
  return sender === page && senderFrame !== null && senderFrame.parent === null && isOurs(senderFrame.url);
}

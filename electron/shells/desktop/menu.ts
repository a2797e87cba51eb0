// The application menu: roles only, so that every entry does what the platform's own does. What Exhibit itself can do is in the page,
// where both windows have it.

import { Menu, app, type MenuItemConstructorOptions, type WebContents } from 'electron';

const SEPARATOR: MenuItemConstructorOptions = { type: 'separator' };

function template(): MenuItemConstructorOptions[] {
  const development: MenuItemConstructorOptions[] = [SEPARATOR, { role: 'reload' }, { role: 'toggleDevTools' }];
  return [
    ...(process.platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    { label: '&File', submenu: [{ role: process.platform === 'darwin' ? 'close' : 'quit' }] },
    {
      label: '&Edit',
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        SEPARATOR,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: '&View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        SEPARATOR,
        { role: 'togglefullscreen' },
        ...(app.isPackaged ? [] : development),
      ],
    },
    { role: 'windowMenu' },
  ];
}

export function setMenu(): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(template()));
}

/** Copy and paste by the right mouse button, which a browser window has by itself. */
export function addContextMenu(contents: WebContents): void {
  contents.on('context-menu', (_event, { isEditable, selectionText }) => {
    const items: MenuItemConstructorOptions[] = [
      ...(isEditable ? [{ role: 'cut' } as const] : []),
      ...(isEditable || selectionText !== '' ? [{ role: 'copy' } as const] : []),
      ...(isEditable ? [{ role: 'paste' } as const] : []),
    ];
    if (items.length > 0) Menu.buildFromTemplate(items).popup();
  });
}

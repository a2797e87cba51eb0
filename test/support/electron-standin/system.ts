// Dialogs, menus, the shell: what a desktop would show is written down for tests to read (`acts`), and answered as if the user cancelled.

import type { Dialog, MenuItemConstructorOptions, MessageBoxOptions, Shell } from 'electron';
import { app } from './app.ts';
import { BrowserWindow } from './browser-window.ts';
import { act } from './program.ts';

export const dialog = {
  showOpenDialog: async (...args: unknown[]) => {
    act('openDialog', args.at(-1));
    return { canceled: true, filePaths: [] };
  },
  showSaveDialog: async (...args: unknown[]) => {
    act('saveDialog', args.at(-1));
    return { canceled: true, filePath: '' };
  },
  showMessageBox: async (...args: unknown[]) => {
    const options = args.at(-1) as MessageBoxOptions;
    act('messageBox', options);
    return { response: options.cancelId ?? 0, checkboxChecked: false };
  },
  showErrorBox: (title: string, content: string) => act('errorBox', { title, content }),
} satisfies Partial<Dialog>;

export const shell = {
  openExternal: async (address: string) => act('openExternal', address),
  openPath: async (path: string) => {
    act('openPath', path);
    return '';
  },
  showItemInFolder: (path: string) => act('showItemInFolder', path),
} satisfies Partial<Shell>;

class MenuItem {
  readonly label: string;
  readonly role: string;
  readonly submenu: Menu | null;
  readonly #options: MenuItemConstructorOptions;

  constructor(options: MenuItemConstructorOptions) {
    this.#options = options;
    this.label = options.label ?? '';
    this.role = options.role ?? '';
    this.submenu = Array.isArray(options.submenu) ? Menu.buildFromTemplate(options.submenu) : null;
  }

  click(): void {
    if (this.role === 'quit') app.quit();
    else if (this.role === 'close') BrowserWindow.getFocusedWindow()?.close();
    else if (this.role === '') (this.#options.click as (() => void) | undefined)?.();
    else act('role', this.role);
  }
}

let applicationMenu: Menu | null = null;

export class Menu {
  readonly items: readonly MenuItem[];

  constructor(items: readonly MenuItem[] = []) {
    this.items = items;
  }

  static buildFromTemplate(template: readonly MenuItemConstructorOptions[]): Menu {
    return new Menu(template.map((options) => new MenuItem(options)));
  }

  static setApplicationMenu(menu: Menu | null): void {
    applicationMenu = menu;
  }

  static getApplicationMenu(): Menu | null {
    return applicationMenu;
  }

  popup(): void {
    act(
      'popup',
      this.items.map(({ role, label }) => role || label),
    );
  }
}

// `BrowserWindow`: a page's frame. Nothing is drawn; what a window manager would do is only noted.

import type { BrowserWindow as ElectronWindow, BrowserWindowConstructorOptions } from 'electron';
import { EventEmitter } from 'node:events';
import { app, windows } from './app.ts';
import { act, preventable, program } from './program.ts';
import { PageContents, type Holder } from './web-contents.ts';

const all = new Map<number, BrowserWindow>();
let lastId = 0;

type Known =
  'id' | 'loadURL' | 'show' | 'hide' | 'isVisible' | 'focus' | 'isMinimized' | 'minimize' | 'restore' | 'close' | 'isDestroyed';

export class BrowserWindow extends EventEmitter implements Pick<ElectronWindow, Known>, Holder {
  readonly id = ++lastId;
  readonly options: BrowserWindowConstructorOptions;
  readonly webContents: PageContents;
  readonly bounds: { readonly width: number; readonly height: number };
  #visible: boolean;
  #minimized = false;
  #destroyed = false;

  constructor(options: BrowserWindowConstructorOptions = {}) {
    super();
    if (!program.ready) throw new Error('Cannot create BrowserWindow before app is ready');
    this.options = options;
    this.bounds = { width: options.width ?? 800, height: options.height ?? 600 };
    this.#visible = options.show ?? true;
    all.set(this.id, this);
    this.webContents = new PageContents(this, options.webPreferences ?? {});
    app.emit('web-contents-created', {}, this.webContents);
    app.emit('browser-window-created', {}, this);
  }

  static getAllWindows(): BrowserWindow[] {
    return [...all.values()];
  }

  static fromWebContents(contents: PageContents | undefined): BrowserWindow | null {
    return [...all.values()].find((window) => window.webContents === contents) ?? null;
  }

  static getFocusedWindow(): BrowserWindow | null {
    return [...all.values()].find((window) => window.#visible) ?? null;
  }

  loadURL(address: string): Promise<void> {
    return this.webContents.loadURL(address);
  }

  readyToShow(): void {
    this.emit('ready-to-show');
  }

  show(): void {
    this.#visible = true;
    this.emit('show');
  }

  hide(): void {
    this.#visible = false;
    this.emit('hide');
  }

  isVisible(): boolean {
    return this.#visible;
  }

  focus(): void {
    act('focus window', this.id);
  }

  isMinimized(): boolean {
    return this.#minimized;
  }

  minimize(): void {
    this.#minimized = true;
  }

  restore(): void {
    this.#minimized = false;
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  close(): void {
    if (this.#destroyed) return;
    const event = preventable();
    this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    all.delete(this.id);
    this.webContents.destroyed();
    this.emit('closed');
    if (all.size > 0 || program.quitting) return;
    if (app.listenerCount('window-all-closed') > 0) app.emit('window-all-closed');
    else app.quit();
  }
}

windows.closeAll = () => {
  for (const window of all.values()) window.close();
  return all.size === 0;
};

// The page's side of the stand-in: one script in the page's own world, one in the preload's isolated world, both before any script of the
// page. They talk by synchronous DOM events, whose details Chromium clones from world to world. Both functions are sent to the page as
// source text: they must use nothing from outside of themselves.

import type { Codec } from './codec.ts';

/** A value that crosses: data as it is, functions and objects that hold functions by reference. */
type Crossing =
  | { readonly kind: 'data'; readonly value: unknown }
  | { readonly kind: 'function'; readonly id: number }
  | { readonly kind: 'object'; readonly members: Readonly<Record<string, Crossing>> };

type ToPage =
  | { readonly kind: 'expose'; readonly name: string; readonly value: Crossing }
  | { readonly kind: 'returned'; readonly value: Crossing }
  | { readonly kind: 'promised' }
  | { readonly kind: 'thrown'; readonly message: string }
  | { readonly kind: 'settled'; readonly call: number; readonly value: Crossing }
  | { readonly kind: 'rejected'; readonly call: number; readonly message: string }
  | { readonly kind: 'callback'; readonly id: number; readonly args: readonly unknown[] };

interface ToPreload {
  readonly call: number;
  readonly id: number;
  readonly args: readonly Crossing[];
}

/** In the page's world: makes what the preload exposes, frozen, as contextBridge does. */
export function mainWorld(channel: string): void {
  const callbacks = new Map<number, (...args: unknown[]) => void>();
  const promises = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let last = 0;
  let answer: ToPage | null = null;

  const holdsFunction = (value: unknown): boolean =>
    typeof value === 'function' || (typeof value === 'object' && value !== null && Object.values(value).some(holdsFunction));
  const lower = (value: unknown): Crossing => {
    if (typeof value === 'function') {
      callbacks.set(++last, value as () => void);
      return { kind: 'function', id: last };
    }
    if (!holdsFunction(value)) return { kind: 'data', value };
    return {
      kind: 'object',
      members: Object.fromEntries(Object.entries(value as object).map(([name, member]) => [name, lower(member)])),
    };
  };
  const raise = (crossing: Crossing): unknown => {
    if (crossing.kind === 'data') return crossing.value;
    if (crossing.kind === 'function') return (...args: unknown[]) => call(crossing.id, args);
    return Object.freeze(Object.fromEntries(Object.entries(crossing.members).map(([name, member]) => [name, raise(member)])));
  };
  const call = (id: number, args: readonly unknown[]): unknown => {
    const detail: ToPreload = { call: ++last, id, args: args.map(lower) };
    answer = null;
    document.dispatchEvent(new CustomEvent(`${channel}-preload`, { detail }));
    const given = answer as ToPage | null;
    if (given?.kind === 'thrown') throw new Error(given.message);
    if (given?.kind === 'returned') return raise(given.value);
    return new Promise((resolve, reject) => promises.set(detail.call, { resolve, reject }));
  };

  document.addEventListener(`${channel}-page`, (event) => {
    const message = (event as CustomEvent<ToPage>).detail;
    event.stopImmediatePropagation();
    if (message.kind === 'expose') {
      Object.defineProperty(globalThis, message.name, { value: raise(message.value), enumerable: true });
    } else if (message.kind === 'callback') {
      callbacks.get(message.id)?.(...message.args);
    } else if (message.kind === 'settled') {
      promises.get(message.call)?.resolve(raise(message.value));
      promises.delete(message.call);
    } else if (message.kind === 'rejected') {
      promises.get(message.call)?.reject(new Error(message.message));
      promises.delete(message.call);
    } else {
      answer = message;
    }
  });
}

/** Messages of the preload's world to the main process, and back. */
export type FromPreload =
  | { readonly kind: 'invoke'; readonly id: number; readonly channel: string; readonly args: readonly unknown[] }
  | { readonly kind: 'send'; readonly channel: string; readonly args: readonly unknown[] }
  | { readonly kind: 'preload-error'; readonly message: string };

export type ToPreloadWorld =
  | { readonly kind: 'reply'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly message: string }
  | { readonly kind: 'event'; readonly channel: string; readonly args: readonly unknown[] };

/** In the preload's world: runs the preload's text with what a sandboxed preload may require, and nothing more. */
export function preloadWorld(channel: string, makeCodec: () => Codec, process: object, source: string): void {
  const codec = makeCodec();
  const world = globalThis as unknown as { standinSend: (text: string) => void; standinReceive: (text: string) => void };
  const functions = new Map<number, (...args: unknown[]) => unknown>();
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const listeners = new Map<string, ((...args: unknown[]) => void)[]>();
  let last = 0;

  const tell = (detail: ToPage): void => void document.dispatchEvent(new CustomEvent(`${channel}-page`, { detail }));
  const send = (message: FromPreload): void => world.standinSend(codec.encode(message));
  const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
  const isPlain = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  const holdsFunction = (value: unknown): boolean =>
    typeof value === 'function' || (isPlain(value) && Object.values(value).some(holdsFunction));

  const raise = (value: unknown): Crossing => {
    if (typeof value === 'function') {
      functions.set(++last, value as () => unknown);
      return { kind: 'function', id: last };
    }
    if (!isPlain(value) || !holdsFunction(value)) return { kind: 'data', value: structuredClone(value) };
    return {
      kind: 'object',
      members: Object.fromEntries(Object.entries(value).map(([name, member]) => [name, raise(member)])),
    };
  };
  const lower = (crossing: Crossing): unknown => {
    if (crossing.kind === 'data') return crossing.value;
    if (crossing.kind === 'object') {
      return Object.fromEntries(Object.entries(crossing.members).map(([name, member]) => [name, lower(member)]));
    }
    const { id } = crossing;
    return (...args: unknown[]) => tell({ kind: 'callback', id, args });
  };

  document.addEventListener(`${channel}-preload`, (event) => {
    const { call, id, args } = (event as CustomEvent<ToPreload>).detail;
    event.stopImmediatePropagation();
    try {
      const result = functions.get(id)!(...args.map(lower));
      if (!(result instanceof Promise)) {
        tell({ kind: 'returned', value: raise(result) });
        return;
      }
      tell({ kind: 'promised' });
      result.then(
        (value) => tell({ kind: 'settled', call, value: raise(value) }),
        (error: unknown) => tell({ kind: 'rejected', call, message: textOf(error) }),
      );
    } catch (error) {
      tell({ kind: 'thrown', message: textOf(error) });
    }
  });

  world.standinReceive = (text) => {
    const message = codec.decode(text) as ToPreloadWorld;
    if (message.kind === 'event') {
      for (const listener of listeners.get(message.channel) ?? []) listener({ sender: ipcRenderer }, ...message.args);
      return;
    }
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.kind === 'reply') call?.resolve(message.value);
    else call?.reject(new Error(message.message));
  };

  const ipcRenderer = {
    invoke: (name: string, ...args: unknown[]) =>
      new Promise((resolve, reject) => {
        const id = ++last;
        send({ kind: 'invoke', id, channel: name, args });
        waiting.set(id, { resolve, reject });
      }),
    send: (name: string, ...args: unknown[]) => send({ kind: 'send', channel: name, args }),
    on: (name: string, listener: () => void) => {
      listeners.set(name, [...(listeners.get(name) ?? []), listener]);
      return ipcRenderer;
    },
    off: (name: string, listener: () => void) => {
      listeners.set(
        name,
        (listeners.get(name) ?? []).filter((known) => known !== listener),
      );
      return ipcRenderer;
    },
  };
  const contextBridge = {
    exposeInMainWorld: (name: string, value: unknown) => tell({ kind: 'expose', name, value: raise(value) }),
  };
  const require = (name: string): object => {
    if (name === 'electron' || name === 'electron/renderer') return { contextBridge, ipcRenderer };
    throw new Error(`module not found: ${name}`);
  };

  try {
    const module = { exports: {} };
    // The page's policy does not reach this world: Chromium exempts isolated worlds of extensions and of DevTools.
    // oxlint-disable-next-line typescript/no-implied-eval -- a CommonJS preload is run like this
    new Function('require', 'module', 'exports', 'process', source)(require, module, module.exports, process);
  } catch (error) {
    send({ kind: 'preload-error', message: textOf(error) });
  }
}

// Shows the contract to the page, and nothing else: two functions on fixed channels. What they carry is checked by the main process
// (shells/desktop/page-port.ts) and by the page (renderer/api.ts). Runs sandboxed, in a world of its own.

import { contextBridge, ipcRenderer } from 'electron';
import type { Bridge } from '../shared/api/bridge.ts';

const bridge: Bridge = {
  invoke: (name, input) => ipcRenderer.invoke('call', name, input),
  on: (name, listener) => {
    const forward = (_event: unknown, event: unknown, value: unknown): void => {
      if (event === name) listener(value);
    };
    ipcRenderer.on('event', forward);
    return () => {
      ipcRenderer.off('event', forward);
    };
  },
};

contextBridge.exposeInMainWorld('exhibit', bridge);

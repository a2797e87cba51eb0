// What `import 'electron'` gives to a main process that runs on the stand-in.

export { app } from './app.ts';
export { BrowserWindow } from './browser-window.ts';
export { ipcMain } from './ipc.ts';
export { acts } from './program.ts';
export { protocol } from './protocol.ts';
export { session } from './session.ts';
export { Menu, dialog, shell } from './system.ts';
export { utilityProcess } from './utility-process.ts';
export { webContents } from './web-contents.ts';

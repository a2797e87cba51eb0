// The child's side of `utilityProcess`: gives the program its `process.parentPort`, then runs it. It ends with its parent.

import { EventEmitter } from 'node:events';
import { pathToFileURL } from 'node:url';

const [, , module, ...args] = process.argv;
process.argv = [process.argv[0]!, module!, ...args];
Object.defineProperty(process, 'type', { value: 'utility' });

const waiting: unknown[] = [];
const port = new EventEmitter();
process.on('message', (data) => {
  if (!port.emit('message', { data, ports: [] })) waiting.push(data);
});
// Messages wait for the first listener, as in Electron.
port.on('newListener', (name) => {
  if (name !== 'message' || port.listenerCount('message') > 0) return;
  queueMicrotask(() => {
    for (const data of waiting.splice(0)) port.emit('message', { data, ports: [] });
  });
});
process.on('disconnect', () => process.exit());

const parentPort = Object.assign(port, { postMessage: (message: unknown) => void process.send!(message) });
Object.defineProperty(process, 'parentPort', { value: parentPort });

await import(pathToFileURL(module!).href);

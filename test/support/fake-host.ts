// Stands in the place of electron/host.ts in tests: the fake core in a process of its own. The setting `fake.exit` ends it, as a crash does.

import type { Api, CallName, Input, Output } from '../../shared/api/contract.ts';
import { withOwnBytes } from '../../shared/api/own-bytes.ts';
import { serve } from '../../shared/api/wire.ts';
import { openFakeCore } from './fake-core.ts';

const { parentPort } = process;
const core = openFakeCore();

const api: Api = {
  on: core.on,
  call: <K extends CallName>(name: K, input: Input<K>): Promise<Output<K>> => {
    if (name === 'settings.set' && (input as Input<'settings.set'>).key === 'fake.exit') process.exit(7);
    return core.call(name, input);
  },
};

serve(api, {
  post: (message) => parentPort.postMessage(withOwnBytes(message)),
  onMessage: (listener) => void parentPort.on('message', ({ data }) => listener(data)),
  onClose: () => undefined,
});

parentPort.on('message', ({ data }) => {
  if (data === 'close') process.exit();
});

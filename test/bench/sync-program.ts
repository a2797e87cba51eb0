// Synchronises from an engine into a new library, with the settings that the core gives the process, and says how much memory that
// took at most, in bytes: folder, address, token.

import { setFlagsFromString } from 'node:v8';
import { syncInto } from './sync.ts';

const [folder, url, token] = process.argv.slice(2) as [string, string, string];
setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString('--max-semi-space-size=4');
setFlagsFromString('--heap-growing-percent=150');
await syncInto(folder, { url, token, close: () => undefined });
process.stdout.write(String(process.resourceUsage().maxRSS * 1024));

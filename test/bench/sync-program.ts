// Synchronises from an engine into a new library, with the settings that the core gives the process, and says how much memory that
// took at most, in bytes: folder, address, token.

import { keepHeapSmall } from '../../electron/core/heap.ts';
import { newLibrary, syncInto } from './sync.ts';

const [folder, url, token] = process.argv.slice(2) as [string, string, string];
keepHeapSmall(50);
const library = newLibrary(folder);
await syncInto(library, { url, token, close: () => undefined });
library.close();
process.stdout.write(String(process.resourceUsage().maxRSS * 1024));

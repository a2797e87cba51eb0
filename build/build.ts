// `node build/build.ts DIST STAMP`: builds the sources into DIST and leaves STAMP there (see build/run.mjs).

import { join } from 'node:path';
import { bundle } from './bundle.ts';
import { writeDist } from './write-dist.ts';

const [, , dist, stamp] = process.argv;
if (dist === undefined || stamp === undefined) throw new Error('usage: node build/build.ts DIST STAMP');
try {
  writeDist(dist, await bundle(join(import.meta.dirname, '..')), stamp);
} catch (error) {
  // What is wrong in a source is said in full by the message; where the bundler stood is of no use to anybody.
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}

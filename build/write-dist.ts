// Writes dist/. Each file is put in place by a rename, programs and assets before the
// page that names them, the stamp last: who runs at the same time finds the old build or the new one, never half a file. build/run.mjs
// sees to it that only one run writes at a time.

import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { BuiltFile } from './bundle.ts';

function put(path: string, content: BuiltFile['content']): void {
  mkdirSync(dirname(path), { recursive: true });
  const half = `${path}.${String(process.pid)}.tmp`;
  writeFileSync(half, content);
  renameSync(half, path);
}

/** Writes these files into `dist` and removes all others. */
export function writeDist(dist: string, files: readonly BuiltFile[], stamp: string): void {
  const late = (name: string): boolean => name.endsWith('.html');
  for (const { name, content } of files.toSorted((a, b) => Number(late(a.name)) - Number(late(b.name))))
    put(join(dist, name), content);
  const kept = new Set(files.map(({ name }) => name).concat('.stamp'));
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !kept.has(relative(dist, path).split(sep).join('/'))) rmSync(path, { force: true });
  }
  put(join(dist, '.stamp'), stamp);
}

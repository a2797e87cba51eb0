import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeDist } from '../../../build/write-dist.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('a build replaces the one before, and leaves nothing of it', () => {
  const dist = join(temporaryFolder(), 'dist');
  writeDist(
    dist,
    [
      { name: 'main.js', content: 'one' },
      { name: 'page/assets/old.js', content: 'old' },
    ],
    'first',
  );
  writeDist(
    dist,
    [
      { name: 'main.js', content: 'two' },
      { name: 'page/index.html', content: new Uint8Array([65]) },
    ],
    'second',
  );
  expect(readFileSync(join(dist, 'main.js'), 'utf8')).toBe('two');
  expect(readFileSync(join(dist, 'page/index.html'), 'utf8')).toBe('A');
  expect(readFileSync(join(dist, '.stamp'), 'utf8')).toBe('second');
  expect(existsSync(join(dist, 'page/assets/old.js'))).toBe(false);
  expect(readdirSync(dist, { recursive: true }).filter((name) => String(name).endsWith('.tmp'))).toEqual([]);
});

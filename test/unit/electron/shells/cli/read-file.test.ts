// Text files that the command line is given: what a byte order mark says is read, what is no text is refused at its place.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readText } from '../../../../../electron/shells/cli/read-file.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const TEXT = 'wörd 😀\r\nzweite\n';

function fileOf(bytes: Uint8Array): string {
  const path = join(temporaryFolder(), 'list.txt');
  writeFileSync(path, bytes);
  return path;
}

const bigEndian = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

it.each([
  ['UTF-8', Buffer.from(TEXT)],
  ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${TEXT}`)],
  ['UTF-16, little end first', Buffer.from(`\ufeff${TEXT}`, 'utf16le')],
  ['UTF-16, big end first', bigEndian(`\ufeff${TEXT}`)],
])('%s is read', (_, bytes) => {
  expect(readText(fileOf(bytes))).toBe(TEXT);
});

it.each([
  ['Latin-1', Buffer.from('one\ntwö\n', 'latin1'), /^line 2, column 3: /],
  ['UTF-16 without a mark', Buffer.from('password', 'utf16le'), /^line 1, column 2: /],
  ['UTF-16 with half a character', Buffer.from(`\ufeff${'line\n'.repeat(4000)}\ud800x`, 'utf16le'), /^line 3\d{3}, /],
])('%s is refused, with its place and what to do', (_, bytes, why) => {
  const path = fileOf(bytes);
  expect(() => readText(path)).toThrow(
    expect.objectContaining({
      kind: 'refused',
      what: `read ${path}`,
      why: expect.stringMatching(why) as string,
      todo: 'save it as UTF-8',
    }),
  );
});

it('a file with nothing in it is an empty text', () => {
  expect(readText(fileOf(Buffer.of()))).toBe('');
});

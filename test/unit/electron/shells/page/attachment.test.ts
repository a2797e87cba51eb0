import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attachment, safeFileName } from '../../../../../electron/shells/page/attachment.ts';

test.each([
  ['report.txt', 'report.txt'],
  ['../../etc/passwd', '_.._etc_passwd'],
  ['C:\\Windows\\x.cast', 'C__Windows_x.cast'],
  ['a"b<c>|d?e*f.txt', 'a_b_c__d_e_f.txt'],
  ['tab\tand\r\nline.txt', 'tab_and__line.txt'],
  ['...hidden', 'hidden'],
  ['ends in dots. . .', 'ends in dots'],
  ['NUL.txt', '_NUL.txt'],
  ['com1', '_com1'],
  ['console.txt', 'console.txt'],
  ['Sitzung Müller 会話.cast', 'Sitzung Müller 会話.cast'],
  ['', 'export'],
  ['/', '_'],
  ['. .', 'export'],
])('the file name %j becomes %j', (name, expected) => {
  expect(safeFileName(name)).toBe(expected);
});

test('marks that turn the direction of text cannot disguise an ending', () => {
  expect(safeFileName('invoice\u202Etxt.exe')).toBe('invoice_txt.exe');
});

test('a long name keeps its start and its ending', () => {
  const short = safeFileName(`${'a'.repeat(500)}.cast`);
  expect(short).toHaveLength(80);
  expect(short.endsWith('.cast')).toBe(true);
});

test('the header gives the name in ASCII and in full', () => {
  expect(attachment("Ana's – 100%.txt")).toBe(
    `attachment; filename="Ana's _ 100_.txt"; filename*=UTF-8''Ana%27s%20%E2%80%93%20100%25.txt`,
  );
});

test('whatever the name, the header stays one line with one name in quotes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      const header = attachment(name);
      expect(header).toMatch(/^attachment; filename="[ !#$&-:<-[\]-~]*"; filename\*=UTF-8''[A-Za-z0-9._~!%-]+$/);
      expect(safeFileName(name)).not.toMatch(/[/\\]|^\./);
    }),
  );
});

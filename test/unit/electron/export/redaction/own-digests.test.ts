// A short number stands in digests by chance: within those of the bundle's form it is no leak, everywhere else it is.

import { describe, expect, it } from 'vitest';
import { findWithheld, isWithinOwnDigest, withheldTextForms } from '../../../../../electron/export/redaction/redaction.ts';

const NUMBER = '7391';
const DIGEST = `ab${NUMBER}`.padEnd(64, 'c');
const SALT = NUMBER.padStart(32, '0');

/** Whether the last look finds a text in a file of this name. */
async function isFound(name: string, content: string, text = NUMBER): Promise<boolean> {
  const bytes = Buffer.from(content);
  const file = {
    name,
    size: bytes.length,
    crc: null,
    read: (from: number, to: number) => Promise.resolve(bytes.subarray(from, to)),
  };
  const hits = await findWithheld([bytes], withheldTextForms(text), 1, (hit) => isWithinOwnDigest(name, file, hit));
  return hits.length > 0;
}

const RECORDS = 'data/recordings/r-1/records.jsonl';
const entry = (details: object): string => `${JSON.stringify({ seq: 1, hash: '0'.repeat(64), text: JSON.stringify(details) })}\n`;

const harmless: Readonly<Record<string, readonly [string, string]>> = {
  'the salt of a record': [RECORDS, `{"index":1,"salt":"${SALT}","form":"raw","utf8":"x"}\n`],
  'a leaf': [RECORDS, `{"index":1,"leaf":"${DIGEST}","why":"R-0001"}\n`],
  'the root of a tree': ['data/recordings/r-1/tree.json', JSON.stringify({ count: 1, root: DIGEST }, null, 2)],
  'an entry of the custody log': ['data/custody.jsonl', entry({ prev: DIGEST, details: { digest: DIGEST }, salt: SALT })],
  'what an entry says of a recording that was acquired': [
    'data/custody.jsonl',
    entry({ prev: '0'.repeat(64), details: { described: DIGEST, bundle: { statement: DIGEST } } }),
  ],
  'the hash of such an entry': ['data/custody.jsonl', `{"seq":2,"hash":"${DIGEST}","why":"another matter"}\n`],
  'a manifest': ['manifest-sha512.txt', `${'a'.repeat(128)}  data/a\n${DIGEST}${DIGEST}  data/b\n`],
  'a digest in the report': ['data/report.html', `<code class="hash" title="${DIGEST}">${DIGEST.slice(0, 12)}</code>`],
};

const leaks: Readonly<Record<string, readonly [string, string]>> = {
  'the text of a record': [RECORDS, `{"index":1,"salt":"${'0'.repeat(32)}","form":"raw","utf8":"pin ${NUMBER}"}\n`],
  'a digest that was recorded': [RECORDS, `${JSON.stringify({ index: 1, utf8: `{"hash":"${DIGEST}"}` })}\n`],
  'the same deeper in JSON': [RECORDS, `${JSON.stringify({ index: 1, utf8: JSON.stringify({ text: `"hash":"${DIGEST}"` }) })}\n`],
  'base64 of a record': [RECORDS, `{"index":1,"form":"raw","base64":"AB${NUMBER}CD"}\n`],
  'a number': [RECORDS, `{"index":${NUMBER},"leaf":"${'0'.repeat(64)}","why":"R-0001"}\n`],
  'a member that is no digest': ['data/case.json', JSON.stringify({ title: DIGEST })],
  'a digest that is too short': ['data/case.json', JSON.stringify({ root: `ab${NUMBER}` })],
  'a digest in a text of the custody log': ['data/custody.jsonl', entry({ details: { title: `"hash":"${DIGEST}"` } })],
  'a path of a manifest': ['manifest-sha256.txt', `${'a'.repeat(64)}  data/${DIGEST}\n`],
  'a URL': ['data/report.html', `<a href="https://example.org/${DIGEST}">`],
  'markup that was recorded': ['data/report.html', `&lt;code class=&quot;hash&quot;&gt;${DIGEST}&lt;/code&gt;`],
  'an original': ['data/recordings/r-1/original/0-a.json', JSON.stringify({ hash: DIGEST })],
  'a playback': ['data/recordings/r-1/playback.cast', `[1, "o", "${DIGEST}"]\n`],
};

describe('a short number', () => {
  it.each(Object.keys(harmless))('is passed over in %s', async (name) => {
    expect(await isFound('other.txt', harmless[name]![1])).toBe(true);
    expect(await isFound(...harmless[name]!)).toBe(false);
  });

  it.each(Object.keys(leaks))('is found in %s', async (name) => {
    expect(await isFound(...leaks[name]!)).toBe(true);
  });

  it('is found behind one that is passed over', async () => {
    expect(await isFound(RECORDS, `${harmless['a leaf']![1]}${leaks['the text of a record']![1]}`)).toBe(true);
  });

  it('of sixteen digits and more stands nowhere by chance', async () => {
    const tree = (root: string): [string, string] => ['data/recordings/r-1/tree.json', JSON.stringify({ root })];
    for (const [length, found] of [
      [15, false],
      [16, true],
      [64, true],
    ] as const) {
      const text = DIGEST.slice(0, length);
      expect(await isFound(...tree(DIGEST), text), text).toBe(found);
    }
  });
});

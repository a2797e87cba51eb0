// Digests, salts and leaves that a bundle's own form has: among so many hexadecimal digits every short number stands somewhere by chance.
// Such a place is told by its member of a JSON document, its line of a manifest or its element of a page, never by what stands about it:
// inside of a string, quotes are escaped, and so is markup in a page. Specification: docs/redaction.md, "The last look".

import type { BagFile } from '../../../shared/evidence/bundle/bag.ts';
import type { WithheldHit } from './withheld-forms.ts';

/** From so many digits on, nothing stands in a digest by chance. */
const TELLING_DIGITS = 16;

/** Bytes on each side of a hit in which the whole member, line or element that it is in stands. */
const AROUND = 256;

const DIGEST = '[0-9a-f]{128}|[0-9a-f]{64}|[0-9a-f]{32}';
const MEMBER = 'described|digest|follows|hash|leaf|png|prev|proof|root|salt|screen|sha256|sha512|statement|supersedes|svg|txt';

const JSON_MEMBER = new RegExp(`(?<!\\\\)"(?:${MEMBER})": ?"(?:${DIGEST})"`, 'g');
/** The entries of the custody log are JSON in a member `text`. */
const ENTRY_MEMBER = new RegExp(`(?<!\\\\)\\\\"(?:${MEMBER})\\\\":\\\\"(?:${DIGEST})\\\\"`, 'g');
const MANIFEST_LINE = new RegExp(`(?<![^\\n])(?:${DIGEST})(?= {2})`, 'g');
const PAGE_ELEMENT = new RegExp(`<code class="hash"(?: title="(?:${DIGEST})")?>(?:${DIGEST}|[0-9a-f]{12})</code>`, 'g');

/** Where digests of the form stand in a file of a bundle; nowhere in what was acquired. */
function placesIn(name: string): readonly RegExp[] {
  if (name.includes('/original/')) return [];
  if (/^(?:tag)?manifest-sha(?:256|512)\.txt$/.test(name)) return [MANIFEST_LINE];
  if (name === 'data/custody.jsonl') return [JSON_MEMBER, ENTRY_MEMBER];
  if (/\.jsonl?$/.test(name)) return [JSON_MEMBER];
  return name.endsWith('.html') ? [PAGE_ELEMENT] : [];
}

/** Whether a hit is a few hexadecimal digits within a digest of the form, where they say nothing. */
export async function isWithinOwnDigest(name: string, { size, read }: BagFile, hit: WithheldHit): Promise<boolean> {
  const places = placesIn(name);
  if (places.length === 0 || hit.encoding !== 'raw' || hit.to - hit.from >= TELLING_DIGITS) return false;
  const begin = Math.max(0, hit.from - AROUND);
  const around = Buffer.from(await read(begin, Math.min(size, hit.to + AROUND))).toString('latin1');
  const [from, to] = [hit.from - begin, hit.to - begin];
  if (!/^[0-9a-f]+$/.test(around.slice(from, to))) return false;
  return places.some((place) =>
    [...around.matchAll(place)].some(({ index, 0: found }) => index <= from && to <= index + found.length),
  );
}

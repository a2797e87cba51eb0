// What tells a secret from its look-alikes, beyond its form: how much it varies, what it decodes to, whether it is only the place where a
// secret would stand. A check is asked of the secret alone, never of the line around it.

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Shannon entropy of the characters, in bits for each. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  const length = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return [...counts.values()].reduce((sum, count) => sum - (count / length) * Math.log2(count / length), 0);
}

export const varies =
  (bits: number) =>
  (text: string): boolean =>
    entropy(text) >= bits;

/** Text of base64 or base64url as one character a byte, or null where it is neither. */
export function decoded64(text: string): string | null {
  const bare = text
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replace(/={1,2}$/, '');
  if (!/^[A-Za-z0-9+/]+$/.test(bare) || bare.length % 4 === 1) return null;
  let bytes = '';
  let bits = 0;
  let held = 0;
  for (const character of bare) {
    held = (held << 6) | BASE64.indexOf(character);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += String.fromCharCode((held >> bits) & 0xff);
    held &= (1 << bits) - 1;
  }
  return bytes;
}

/** A JSON Web Token says in its first part how it is signed or sealed. RFC 7519, section 5. */
export function isWebToken(text: string): boolean {
  const head = decoded64(text.split('.')[0]!);
  return head !== null && head.startsWith('{') && head.endsWith('}') && /"alg"\s*:/.test(head);
}

/** User and password of HTTP Basic. RFC 7617, section 2. */
export const isBasicPair = (text: string): boolean => /^[^:]*:./.test(decoded64(text) ?? '');

/** Words that stand where help and documentation show a secret's place, or that say what kind of argument is meant. */
const PLACES = new Set(
  (
    'string strings text value values file filename path name pass passwd password passphrase pw pwd secret token key user username host url id int ' +
    'bool true false null none nil undefined default required optional example changed updated expired invalid incorrect empty unset given missing ' +
    'and are for from has have in is not of on or the this that to was were will with your you'
  ).split(' '),
);

const QUOTES = '"\'`';
const CLOSERS = ',;.:)]';

/** Without the quotes around it and the signs of the sentence or program that it ends. */
function bareText(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && QUOTES.includes(text[start]!)) start += 1;
  while (end > start && (QUOTES + CLOSERS).includes(text[end - 1]!)) end -= 1;
  return text.slice(start, end);
}

/** Whether a text is a secret rather than the place of one: no variable, no form to fill in, no word of its own description. */
export function isFilledIn(text: string): boolean {
  const bare = bareText(text);
  if (bare.length < 3 || PLACES.has(bare.toLowerCase())) return false;
  if (/^(?:[$<{%[(@]|\.{1,2}\/|~\/|\/[A-Za-z])/.test(bare) || /[>})\]]$/.test(bare)) return false;
  if (/^(?:your|my|the)[-_]|[-_]here$|^[A-Z]+(?:_[A-Z]+)*$|^(?:env|file|pass|fd):|[({]/.test(bare)) return false;
  return !/^(?:([x*.•#?_-])\1*|redacted|hidden|masked|changeme|replace[-_]?me)$/i.test(bare);
}

/** Whether a value beside a name in a file or a program may be a password: no name of a variable, no call, no number. */
export function isAssigned(text: string): boolean {
  const bare = bareText(text);
  return bare.length >= 6 && isFilledIn(text) && !/^\w+(?:\.\w+)+|^\w+[([]|^[\d.:,-]+$/.test(bare);
}

/** The same where blanks may stand between the two, as they do in prose and in code: the value looks like a password, too. */
export function isLikelyPassword(text: string): boolean {
  const bare = bareText(text);
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(bare)).length;
  return isAssigned(text) && kinds >= 2 && entropy(bare) >= 2.5 && !/^[a-z]+(?:[._-][a-z]+)*$/i.test(bare);
}

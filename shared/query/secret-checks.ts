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

/** Without these signs before and behind it. By hand: an expression would try each run of them from each of its places on. */
function within(text: string, before: string, behind: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && before.includes(text[start]!)) start += 1;
  while (end > start && behind.includes(text[end - 1]!)) end -= 1;
  return text.slice(start, end);
}

/** The words of a form's own description: what a place for a password is named with. */
const NAMES = new Set(
  (
    'string strings text value values file filename path name pass passwd password passphrase pw pwd secret token key user username host url id int ' +
    'type your my the here new old replace me redacted hidden masked'
  ).split(' '),
);

/** Whether a text only names what stands in its place: `your-password`, `DB_PASS`. */
function isPlace(text: string): boolean {
  if (/^(?:YOUR[A-Z_-]*|(?:your|my|the)[-_][a-z_-]+)$/.test(text)) return true;
  const words = within(text, '$<{%[(@', '>})%]@')
    .toLowerCase()
    .split(/[-_. ]+/);
  if (/^[$<{%@]*[A-Z\d]+(?:[_-][A-Z\d]+)*[>}%@]*$/.test(text)) return words.some((word) => NAMES.has(word));
  // A word like this is a poor password, and a common one.
  return text !== 'secret' && words.every((word) => NAMES.has(word));
}

/** Whether a text hides what stood there: a row of stars, with the last characters or without. */
const isMasked = (text: string): boolean => /^([xX*.•●#?_-])\1*$|([*•●])\2{3}|^([xX])\3{5}/.test(text);

/** A tag of YAML (`!vault`, `!secret`): what follows is the value, or names it. */
const YAML_TAG = /^!{1,2}[A-Za-z-]+$/;

/** Without the quotes around it and the signs of the sentence or program that it ends. */
export const bareText = (text: string): string => within(text, QUOTES, `${QUOTES},;.:)]`);

/** Whether a text is a secret rather than the place of one: no variable, no form to fill in, no word of its own description. */
export function isFilledIn(text: string): boolean {
  const bare = bareText(text);
  if (bare.length < 3 || PLACES.has(bare.toLowerCase()) || isMasked(bare) || /^"?`/.test(text)) return false;
  if (/^(?:[$<{%[(@]|\.{1,2}\/|~\/|\/[A-Za-z])/.test(bare) || /[>})\]]$/.test(bare) || YAML_TAG.test(text)) return false;
  if (/^(?:your|my|the)[-_]|[-_]here$|^[A-Z]+(?:_[A-Z]+)*$|^(?:env|file|pass|fd):|[({]/.test(bare)) return false;
  return !/^(?:redacted|hidden|masked|changeme|replace[-_]?me)$/i.test(bare);
}

/** Whether a password stands where each sign is itself, as between single quotes: anything but a mask and the place of one. */
export function isLiteral(text: string): boolean {
  if (text.length < 3 || isMasked(text) || isPlace(text)) return false;
  return !/^(?:<.*>|\[.*\]|\{\{.*\}\}|\$[A-Z_][A-Z\d_]*|\$\{.*\}|\$\(.*\))$/.test(text);
}

/** What stands in a pair of quotes, or null where there is none. */
const quoted = (text: string, quote: string): string | null =>
  text.length > 1 && text.startsWith(quote) && text.endsWith(quote) ? text.slice(1, -1) : null;

/** Whether a password is given where a command takes one: a shell takes signs in single quotes for themselves, and any word is one. */
export function isGiven(text: string): boolean {
  const single = quoted(text, "'");
  if (single !== null) return isLiteral(single);
  const double = quoted(text, '"');
  if (double !== null) return isLiteral(double) && !/^[$`]/.test(double);
  const bare = bareText(text);
  if (!isLiteral(bare) || YAML_TAG.test(bare)) return false;
  return !/^(?:[$<{%[(@]|\.{1,2}\/|~\/|\/[/A-Za-z]|(?:env|file|pass|fd):)|\(|[>\]]$/.test(bare);
}

/** The same for a variable or a long option, behind which prose and code stand as well. */
export function isSet(text: string): boolean {
  return isGiven(text) && !PLACES.has(bareText(text).toLowerCase());
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

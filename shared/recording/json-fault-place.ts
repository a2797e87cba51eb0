// Where a text ceases to be one JSON value: what JSON.parse does not tell. Only for texts that it refused. https://www.rfc-editor.org/rfc/rfc8259

const ESCAPES = '"\\/bfnrtu';
const BARE = /(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![\w.+-])/y;

/** Where the text of a string ends that begins at a quote, behind its closing quote; or, negative and less one, where it is wrong. */
function endOfText(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code < 0x20) return -at - 1;
    if (code !== 0x5c) continue;
    at += 1;
    if (!ESCAPES.includes(text.charAt(at) || ' ')) return -at - 1;
    if (text[at] === 'u' && !/^[0-9a-fA-F]{4}$/.test(text.slice(at + 1, at + 5))) return -at - 1;
  }
  return -text.length - 1;
}

/** The index of the first character that cannot stand where it stands; the text's length where it ends too soon. */
export function jsonFaultPlace(text: string): number {
  const open: ('{' | '[')[] = [];
  let next: 'value' | 'name' | 'colon' | 'comma' = 'value';
  /** A list or an object has just begun, and may end. */
  let first = false;
  for (let at = 0; at < text.length;) {
    const char = text[at]!;
    if (' \t\r\n'.includes(char)) {
      at += 1;
      continue;
    }
    const inside = open.at(-1);
    const closes = (char === '}' && inside === '{') || (char === ']' && inside === '[');
    if (closes && (next === 'comma' || first)) {
      open.pop();
      next = 'comma';
      first = false;
      at += 1;
    } else if (next === 'comma' || next === 'colon') {
      if (char !== (next === 'comma' ? ',' : ':') || inside === undefined) return at;
      next = next === 'comma' && inside === '{' ? 'name' : 'value';
      at += 1;
    } else if (char === '"') {
      const end = endOfText(text, at);
      if (end < 0) return -end - 1;
      next = next === 'name' ? 'colon' : 'comma';
      first = false;
      at = end;
    } else if (next === 'name') return at;
    else if (char === '{' || char === '[') {
      open.push(char);
      next = char === '{' ? 'name' : 'value';
      first = true;
      at += 1;
    } else {
      BARE.lastIndex = at;
      if (!BARE.test(text)) return at;
      at = BARE.lastIndex;
      next = 'comma';
      first = false;
    }
  }
  return text.length;
}

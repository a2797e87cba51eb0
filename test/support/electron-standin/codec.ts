// Values as text, much as structured cloning would carry them: between the stand-in's main process and the preload's world in the page.
// `makeCodec` is also sent to the page as source text: it must use nothing from outside of itself.

export interface Codec {
  encode(value: unknown): string;
  decode(text: string): unknown;
}

export function makeCodec(): Codec {
  const toBase64 = (bytes: Uint8Array): string => {
    let text = '';
    for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
    return btoa(text);
  };
  const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const refuse = (): never => {
    throw new Error('An object could not be cloned.');
  };
  /** Plain values stand for themselves, others are `{$: kind, v: value}`; a plain object with a member `$` is one of these too. */
  const wrap = (value: unknown): unknown => {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (value === undefined) return { $: 'undefined' };
    if (typeof value === 'number') return Number.isFinite(value) ? value : { $: 'number', v: String(value) };
    if (typeof value === 'bigint') return { $: 'bigint', v: String(value) };
    if (typeof value === 'function' || typeof value === 'symbol') return refuse();
    const tag = Object.prototype.toString.call(value).slice(8, -1);
    if (tag === 'Promise') return refuse();
    if (tag === 'Uint8Array') return { $: 'bytes', v: toBase64(value as Uint8Array) };
    if (tag === 'ArrayBuffer') return { $: 'buffer', v: toBase64(new Uint8Array(value as ArrayBuffer)) };
    if (tag === 'Date') return { $: 'date', v: (value as Date).getTime() };
    if (tag === 'Map') return { $: 'map', v: [...(value as Map<unknown, unknown>)].map((pair) => pair.map(wrap)) };
    if (tag === 'Error') return { $: 'error', v: (value as Error).message };
    if (Array.isArray(value)) return value.map(wrap);
    const entries = Object.entries(value).map(([name, member]) => [name, wrap(member)]);
    const plain = Object.fromEntries(entries) as Record<string, unknown>;
    return '$' in plain ? { $: 'object', v: plain } : plain;
  };
  const unwrapMembers = (value: object): object =>
    Object.fromEntries(Object.entries(value).map(([name, member]) => [name, unwrap(member)]));
  const unwrap = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(unwrap);
    const { $: kind, v } = value as { $?: string; v?: unknown };
    switch (kind) {
      case 'undefined':
        return undefined;
      case 'number':
        return Number(v);
      case 'bigint':
        return BigInt(v as string);
      case 'bytes':
        return fromBase64(v as string);
      case 'buffer':
        return fromBase64(v as string).buffer;
      case 'date':
        return new Date(v as number);
      case 'map':
        return new Map((v as [unknown, unknown][]).map(([key, member]) => [unwrap(key), unwrap(member)]));
      case 'error':
        return new Error(v as string);
      case 'object':
        return unwrapMembers(v as object);
      case undefined:
      default:
        return unwrapMembers(value);
    }
  };
  return { encode: (value) => JSON.stringify(wrap(value)), decode: (text) => unwrap(JSON.parse(text)) };
}

// Structured messages as web socket frames: JSON with the byte arrays lifted out, so that a keyframe or an event run travels
// as it is and not as base64. One frame is one message:
//   u32 BE length of the JSON text, the JSON text (UTF-8), then for each byte array: u32 BE length, bytes
// In the JSON a byte array stands as {"$bytes": n}; an object that has a member of that name never occurs in the contract.

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function isBytes(value: unknown): value is Uint8Array {
  return Object.prototype.toString.call(value) === '[object Uint8Array]';
}

/** A message with its byte arrays lifted out. Not by a replacer: a Node buffer is asked for its own JSON first, which is a number a byte. */
function lifted(value: unknown, blobs: Uint8Array[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isBytes(value)) return { $bytes: blobs.push(value) - 1 };
  if (Array.isArray(value)) return value.map((one) => lifted(one, blobs));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, lifted(one, blobs)]));
}

export function encodeFrame(message: unknown): Uint8Array<ArrayBuffer> {
  const blobs: Uint8Array[] = [];
  const text = JSON.stringify(lifted(message, blobs));
  const json = encoder.encode(text);
  const total = blobs.reduce((sum, blob) => sum + 4 + blob.length, 4 + json.length);
  const frame = new Uint8Array(total);
  const view = new DataView(frame.buffer);
  let at = 0;
  const put = (bytes: Uint8Array): void => {
    view.setUint32(at, bytes.length);
    frame.set(bytes, at + 4);
    at += 4 + bytes.length;
  };
  put(json);
  for (const blob of blobs) put(blob);
  return frame;
}

/** Throws a RangeError or SyntaxError when the bytes are no frame. Byte arrays are views of `frame`. */
export function decodeFrame(frame: Uint8Array): unknown {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  let at = 0;
  const take = (): Uint8Array => {
    const length = view.getUint32(at);
    if (at + 4 + length > frame.length) throw new RangeError('frame: cut');
    at += 4 + length;
    return frame.subarray(at - length, at);
  };
  const json = take();
  const blobs: Uint8Array[] = [];
  while (at < frame.length) blobs.push(take());
  return JSON.parse(decoder.decode(json), (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, '$bytes')) return value;
    const blob = blobs[(value as { $bytes: number }).$bytes];
    if (blob === undefined) throw new RangeError('frame: no such byte array');
    return blob;
  });
}

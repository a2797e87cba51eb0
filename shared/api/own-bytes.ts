// Structured cloning copies the whole buffer behind a byte array, not only the part that it shows. A page would then receive what
// lies beside its bytes in Node's pool (another recording's text, a key), and a small view of a chunk would cost the whole chunk.
// So a sender that clones gives every byte array a buffer of its own first.

function isBytes(value: unknown): value is Uint8Array {
  return Object.prototype.toString.call(value) === '[object Uint8Array]';
}

/** The same message with each byte array in a buffer of just its length. Messages are trees of plain data, as the contract has them. */
export function withOwnBytes(message: unknown): unknown {
  if (typeof message !== 'object' || message === null) return message;
  if (isBytes(message)) return message.byteLength === message.buffer.byteLength ? message : new Uint8Array(message);
  if (Array.isArray(message)) return message.map(withOwnBytes);
  return Object.fromEntries(Object.entries(message).map(([name, value]) => [name, withOwnBytes(value)]));
}

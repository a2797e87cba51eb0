// The wire form of Protocol Buffers, as much as is needed to read messages whose field numbers are known: no schema, no copy.
// https://protobuf.dev/programming-guides/encoding/

export interface WireField {
  readonly number: number;
  /** A varint as a number (not exact above 2^53), or the bytes of a length-delimited field as a view. Fixed-size fields are passed over. */
  readonly value: number | Uint8Array;
}

/** The fields of a message in their order. Throws a RangeError where the bytes are no message. */
export function* fields(bytes: Uint8Array): Generator<WireField> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 10; i++) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError('a number is cut');
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
    throw new RangeError('a number is too long');
  };
  const skip = (length: number): number => {
    if (length > bytes.length - at) throw new RangeError('a field is cut');
    at += length;
    return at;
  };
  while (at < bytes.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    if (number === 0) throw new RangeError('a field has no number');
    switch (key % 8) {
      case 0:
        yield { number, value: varint() };
        break;
      case 1:
        skip(8);
        break;
      case 2: {
        const length = varint();
        yield { number, value: bytes.subarray(at, skip(length)) };
        break;
      }
      case 5:
        skip(4);
        break;
      default:
        throw new RangeError('a field is of a form that is not used');
    }
  }
}

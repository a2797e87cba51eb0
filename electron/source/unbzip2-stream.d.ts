// unbzip2-stream 1.4.3 ships no types. These are the two files behind its stream.

declare module 'unbzip2-stream/lib/bit_iterator.js' {
  /** Reads bits out of the buffers that `next` gives. */
  interface BitReader {
    (bits: number | null): number;
    /** Bytes that were begun. */
    bytesRead: number;
  }
  export default function bitReader(next: () => Uint8Array): BitReader;
}

declare module 'unbzip2-stream/lib/bzip2.js' {
  type Bits = (bits: number | null) => number;
  /** Reads the header of a stream: its level, 1 to 9. */
  function header(bits: Bits): number;
  /** Unpacks one block, byte by byte. The new sum of the stream, or null at the stream's end. */
  function decompress(
    bits: Bits,
    byte: (byte: number) => void,
    buffer: Int32Array,
    size: number,
    sum: number | null,
  ): number | null;
  const bzip2: { readonly header: typeof header; readonly decompress: typeof decompress };
  export default bzip2;
}

// unbzip2-stream 1.4.3 ships no types: a synchronous through stream.
declare module 'unbzip2-stream' {
  interface Unbzip2 {
    write(bytes: Uint8Array): boolean;
    end(): void;
    on(event: 'data', listener: (bytes: Buffer) => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
    once(event: 'end', listener: () => void): this;
  }
  export default function unbzip2(): Unbzip2;
}

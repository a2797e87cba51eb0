// Writes a BagIt bag (RFC 8493) into a ZIP, file by file in ascending order of their names. Each file is hashed while it is written, so
// that its bytes are looked at once.

import { createHash } from 'node:crypto';
import { ExhibitError } from '../../../shared/api/errors.ts';
import { ZipWriter, type ZipTarget } from './zip-writer.ts';

export interface BagFileDigests {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  readonly sha512: string;
}

/** Content in pieces: text is written as UTF-8. */
export type Pieces = Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string>;

const TAG_MANIFEST = /^tagmanifest-/;
const SIGNATURES = 'signatures/';
const PAYLOAD = 'data/';

const line = (digest: string, path: string): string => `${digest}  ${path}\n`;

/** A manifest over these files, which are in ascending order: digest, two blanks, path (RFC 8493, 2.1.3). */
export function manifest(files: readonly BagFileDigests[], algorithm: 'sha256' | 'sha512'): string {
  return files.map((file) => line(file[algorithm], file.path)).join('');
}

export const isPayload = (path: string): boolean => path.startsWith(PAYLOAD);

/** What the tag manifests list: all but the payload, themselves, and the signatures over them. */
export const isTagFile = (path: string): boolean => !isPayload(path) && !TAG_MANIFEST.test(path) && !path.startsWith(SIGNATURES);

/** Pieces are put together up to this many bytes, for hashes and disk want few and large ones. */
const GATHER_BYTES = 256 * 1024;

export class BagWriter {
  readonly #target: ZipTarget;
  readonly #zip: ZipWriter;
  readonly #top: string;
  readonly #signal: AbortSignal;
  readonly #wrote: (bytes: number) => Promise<void>;
  readonly #files: BagFileDigests[] = [];
  /** Where the bytes of each file begin. */
  readonly #places = new Map<string, number>();
  #last = '';

  /** `wrote` hears of every piece, and may let other work have its turn. */
  constructor(target: ZipTarget, top: string, signal: AbortSignal, wrote: (bytes: number) => Promise<void>) {
    this.#target = target;
    this.#zip = new ZipWriter(target);
    this.#top = top;
    this.#signal = signal;
    this.#wrote = wrote;
  }

  /** Files written so far, in ascending order. */
  get files(): readonly BagFileDigests[] {
    return this.#files;
  }

  get position(): number {
    return this.#zip.position;
  }

  find(path: string): BagFileDigests {
    return this.#files.find((file) => file.path === path)!;
  }

  /** The text of a file that was written, in pieces that cut no character. */
  *text(path: string): Generator<string> {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    const from = this.#places.get(path)!;
    const { size } = this.find(path);
    for (let at = 0; at < size; at += GATHER_BYTES) {
      const bytes = this.#target.read(from + at, Math.min(GATHER_BYTES, size - at));
      yield decoder.decode(bytes, { stream: at + bytes.length < size });
    }
  }

  /** The same in pieces that end with a line, of which the last one has its end too. */
  *lines(path: string): Generator<string> {
    let held = '';
    for (const text of this.text(path)) {
      const end = text.lastIndexOf('\n') + 1;
      if (end > 0) yield held + text.slice(0, end);
      held = end > 0 ? text.slice(end) : held + text;
    }
    if (held !== '') yield held;
  }

  #inOrder(path: string): void {
    if (path <= this.#last) throw new Error(`${path} does not come after ${this.#last}`);
    this.#last = path;
  }

  /** Writes a file. Throws kind `cancelled`. */
  async file(path: string, content: Pieces | Uint8Array | string): Promise<BagFileDigests> {
    this.#inOrder(path);
    const sha256 = createHash('sha256');
    const sha512 = createHash('sha512');
    let size = 0;
    const put = async (bytes: Uint8Array): Promise<void> => {
      if (this.#signal.aborted) throw new ExhibitError('cancelled', 'bundle', 'it was cancelled', 'nothing of it was kept');
      sha256.update(bytes);
      sha512.update(bytes);
      this.#zip.write(bytes);
      size += bytes.length;
      await this.#wrote(bytes.length);
    };
    const pieces = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
    this.#zip.begin(`${this.#top}/${path}`);
    let held: string[] = [];
    let length = 0;
    const flush = async (): Promise<void> => {
      if (length === 0) return;
      const text = held.join('');
      held = [];
      length = 0;
      await put(Buffer.from(text));
    };
    for await (const piece of pieces) {
      if (typeof piece === 'string') {
        held.push(piece);
        length += piece.length;
        if (length >= GATHER_BYTES) await flush();
        continue;
      }
      await flush();
      await put(piece);
    }
    await flush();
    this.#places.set(path, this.#zip.end());
    const file = { path, size, sha256: sha256.digest('hex'), sha512: sha512.digest('hex') };
    this.#files.push(file);
    return file;
  }

  /** Leaves room for a file of known size. What is returned writes it. */
  reserve(path: string, size: number): (content: string) => void {
    this.#inOrder(path);
    const at = this.#files.length;
    const fill = this.#zip.reserve(`${this.#top}/${path}`, size);
    this.#files.push({ path, size, sha256: '', sha512: '' });
    return (content) => {
      const bytes = Buffer.from(content);
      fill(bytes);
      const digest = (algorithm: string): string => createHash(algorithm).update(bytes).digest('hex');
      this.#files[at] = { path, size, sha256: digest('sha256'), sha512: digest('sha512') };
    };
  }

  finish(): void {
    this.#zip.finish();
  }
}

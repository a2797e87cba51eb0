// Where the frames of zstd data end, without unpacking them: Node takes what stands behind the last one for one more, and does not
// say where that would begin. RFC 8878, section 3.1

const FRAME = 0xfd2fb528;
const FIRST_SKIPPABLE = 0x184d2a50;
const LAST_SKIPPABLE = 0x184d2a5f;

/** Bytes of the fields of a frame's header, by the bits of its first byte: identifier of a dictionary, size of the content. */
const DICTIONARY_BYTES = [0, 1, 2, 4];
const CONTENT_BYTES = [0, 2, 4, 8];
const RLE_BLOCK = 1;

const isSkippable = (magic: number): boolean => magic >= FIRST_SKIPPABLE && magic <= LAST_SKIPPABLE;

/** Whether bytes begin a frame, or frames to be skipped and then one, as far as they go. */
export function beginsZstd(head: Uint8Array): boolean {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  let at = 0;
  while (at + 8 <= head.length && isSkippable(view.getUint32(at, true))) at += 8 + view.getUint32(at + 4, true);
  return at + 4 > head.length ? at > 0 : view.getUint32(at, true) === FRAME;
}

/** Walks over frames as their bytes go by. */
export class ZstdFrames {
  /** Offset behind the last frame that was begun, if it is sound; 0 before there is one. */
  end = 0;
  readonly #walk = this.#frames();
  /** Offsets of the next byte that comes, and of the next one that is looked at. */
  #at = 0;
  #next = 0;

  constructor() {
    this.#walk.next();
  }

  push(bytes: Uint8Array): void {
    while (this.#next < this.#at + bytes.length) {
      const byte = bytes[this.#next - this.#at]!;
      this.#next += 1;
      this.#walk.next(byte);
    }
    this.#at += bytes.length;
  }

  *#frames(): Generator<undefined, void, number> {
    for (;;) {
      const magic = yield* number(4);
      if (isSkippable(magic)) {
        const size = yield* number(4);
        this.#next += size;
      } else if (magic === FRAME) yield* this.#blocks();
      else break;
      this.end = this.#next;
    }
    this.#next = Infinity;
  }

  *#blocks(): Generator<undefined, void, number> {
    const flags = yield* number(1);
    const isSingle = (flags & 0x20) !== 0;
    const content = flags >> 6 === 0 && isSingle ? 1 : CONTENT_BYTES[flags >> 6]!;
    this.#next += (isSingle ? 0 : 1) + DICTIONARY_BYTES[flags & 3]! + content;
    let block: number;
    do {
      block = yield* number(3);
      this.#next += ((block >> 1) & 3) === RLE_BLOCK ? 1 : block >> 3;
    } while ((block & 1) === 0);
    if ((flags & 4) !== 0) this.#next += 4;
  }
}

/** A number of so many bytes, the lowest first. */
function* number(size: number): Generator<undefined, number, number> {
  let value = 0;
  for (let i = 0; i < size; i++) value += (yield) * 2 ** (8 * i);
  return value;
}

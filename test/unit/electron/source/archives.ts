// Archives made for tests, byte by byte, so that they can lie. zip: APPNOTE.TXT 4.3. tar: POSIX.1-1988 ustar, and its older form.

import { crc32, deflateRawSync } from 'node:zlib';

export interface Entry {
  readonly name: string | Uint8Array;
  readonly bytes?: Uint8Array;
  /** zip: what the list of entries says instead of the truth. */
  readonly size?: number;
  readonly sum?: number;
  readonly flags?: number;
  readonly method?: number;
  /** zip: mode in the way of Unix. tar: letter of the type. */
  readonly mode?: number;
  readonly type?: string;
  readonly link?: string;
  /** tar: what names its form. */
  readonly magic?: string;
}

const none = new Uint8Array(0);

export function zip(entries: readonly Entry[]): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const { name, bytes = none, size = bytes.length, sum = crc32(bytes), flags = 0, method = 8, mode = 0o100644 } of entries) {
    const named = Buffer.from(name);
    const packed = method === 8 ? deflateRawSync(bytes) : Buffer.from(bytes);
    const fixed = Buffer.alloc(26);
    fixed.writeUInt16LE(20, 0);
    fixed.writeUInt16LE(0x800 | flags, 2);
    fixed.writeUInt16LE(method, 4);
    fixed.writeUInt32LE(sum, 10);
    fixed.writeUInt32LE(packed.length, 14);
    fixed.writeUInt32LE(size, 18);
    fixed.writeUInt16LE(named.length, 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((mode << 16) >>> 0, 6);
    rest.writeUInt32LE(at, 10);
    const piece = Buffer.concat([Buffer.from('PK\x03\x04'), fixed, named, packed]);
    local.push(piece);
    central.push(Buffer.from('PK\x01\x02\x14\x03', 'latin1'), fixed, rest, named);
    at += piece.length;
  }
  const list = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(Math.min(entries.length, 0xffff), 4);
  end.writeUInt16LE(Math.min(entries.length, 0xffff), 6);
  end.writeUInt32LE(list.length, 8);
  end.writeUInt32LE(at, 12);
  if (entries.length < 0xffff) return Buffer.concat([...local, list, Buffer.from('PK\x05\x06'), end]);
  const large = Buffer.alloc(52);
  large.writeBigUInt64LE(44n, 0);
  large.writeBigUInt64LE(BigInt(entries.length), 20);
  large.writeBigUInt64LE(BigInt(entries.length), 28);
  large.writeBigUInt64LE(BigInt(list.length), 36);
  large.writeBigUInt64LE(BigInt(at), 44);
  const locator = Buffer.alloc(16);
  locator.writeBigUInt64LE(BigInt(at + list.length), 4);
  locator.writeUInt32LE(1, 12);
  return Buffer.concat([
    ...local,
    list,
    Buffer.from('PK\x06\x06'),
    large,
    Buffer.from('PK\x06\x07'),
    locator,
    Buffer.from('PK\x05\x06'),
    end,
  ]);
}

function tarEntry({ name, bytes = none, size = bytes.length, type = '0', link = '', magic = 'ustar\x0000' }: Entry): Buffer[] {
  const header = Buffer.alloc(512);
  Buffer.from(name).copy(header, 0, 0, 100);
  header.write('0000644\x000000000\x000000000\x00', 100);
  header.write(`${size.toString(8).padStart(11, '0')}\x00`, 124);
  header.write('00000000000\x00        ', 136);
  header.write(type, 156);
  header.write(link, 157);
  header.write(magic, 257, 'latin1');
  header.write(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\x00 `,
    148,
  );
  return [header, Buffer.from(bytes), Buffer.alloc((512 - (bytes.length % 512)) % 512)];
}

export const tar = (entries: readonly Entry[]): Buffer => Buffer.concat([...entries.flatMap(tarEntry), Buffer.alloc(1024)]);

// Archives by what their first bytes are. zip: APPNOTE.TXT 4.3. tar: POSIX.1-1988 ustar, GNU, and the older form by its checksum.

export function isZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && ((head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6));
}

export function isTar(head: Uint8Array): boolean {
  if (head.length < 512) return false;
  const stored = Number.parseInt(Buffer.from(head.subarray(148, 156)).toString('latin1').trim(), 8);
  let sum = 0;
  for (let i = 0; i < 512; i++) sum += i >= 148 && i < 156 ? 0x20 : head[i]!;
  return stored === sum && head[0] !== 0;
}

// The Content-Disposition of a download (RFC 6266, RFC 8187). File names come from titles in recordings, which are hostile: they
// must not leave the folder that the user chose, turn their reading direction, or end the header.

/** What no file name may hold: separators, reserved characters of any platform, controls, marks that turn the direction of text. */
const FORBIDDEN = /[/\\:*?"<>|\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Names that Windows takes for devices, whatever their ending. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Longest name in characters: under the 255 bytes of common file systems even with three bytes a character, and room for ` (1)`. */
const LONGEST = 80;

export function safeFileName(name: string): string {
  const clean = name
    .toWellFormed()
    .replace(FORBIDDEN, '_')
    .replace(/^[. ]+|[. ]+$/g, '');
  const letters = Array.from(clean);
  const short = letters.length <= LONGEST ? clean : `${letters.slice(0, LONGEST - 20).join('')}${letters.slice(-20).join('')}`;
  if (short === '') return 'export';
  return DEVICE.test(short) ? `_${short}` : short;
}

export function attachment(name: string): string {
  const safe = safeFileName(name);
  const ascii = safe.replace(/[^\x20-\x7e]|%/g, '_');
  const encoded = encodeURIComponent(safe).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

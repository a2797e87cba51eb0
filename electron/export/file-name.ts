// Names of files that are offered for exports. An id may come from a source, and so may hold anything: a path, a device's name, characters
// that turn the reading direction. What stands here is harmless on every system; the name inside of the file is the true one.
// https://learn.microsoft.com/windows/win32/fileio/naming-a-file

const DEVICES = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;

const MAX_LENGTH = 100;

/** A name of letters, digits, `.`, `-` and `_` that is no device's and does not begin or end with a dot; never empty. */
export function harmlessName(text: string): string {
  const bare = text
    .replaceAll(/[^A-Za-z0-9._-]/g, '_')
    .slice(0, MAX_LENGTH)
    .replace(/^\.+/, '_')
    .replace(/\.+$/, '_');
  return bare === '' || DEVICES.test(bare) ? `_${bare}` : bare;
}

// Names from inside an archive: trusted for nothing but showing and sorting. What could lead outside is refused by its name.

const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu;

/** The name with control, zero-width and bidirectional control characters written as `\u{1b}`. */
export function harmlessName(name: string): string {
  return name.replaceAll(CONTROLS, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

const DEVICE = /^(?:con|prn|aux|nul|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])(?:\..*)?$/i;

/** Why an entry's name is refused, or null. */
export function unsafeName(name: string): string | null {
  if (name === '' || name.length > 4096) return 'it has no usable name';
  if (name.startsWith('/') || name.startsWith('\\') || /^[a-z]:/i.test(name)) return 'its name points to an absolute place';
  if (name.includes('\\')) return 'its name has backslashes';
  if (harmlessName(name) !== name) return 'its name has invisible characters';
  const steps = name.split('/').filter((step) => step !== '' && step !== '.');
  if (steps.includes('..')) return 'its name leads out of the archive';
  if (steps.some((step) => DEVICE.test(step))) return 'its name is that of a device';
  return null;
}

// Shortcuts as text (`Mod+K`, `Shift+ArrowLeft`, `?`), and whether a key press is one. `Mod` is Command on a Mac, else Control.
// A character is matched by what it prints, whatever modifier the keyboard layout needs for it: `?` needs no `Shift+`.

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

interface Combination {
  readonly key: string;
  readonly mod: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
}

const NAMES: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  PageUp: 'Page Up',
  PageDown: 'Page Down',
};

export const isMac = (): boolean => typeof navigator !== 'undefined' && navigator.platform.startsWith('Mac');

function parse(text: string): Combination {
  const parts = text.split('+');
  // `+` itself is a key, so that the last part of `Mod++` is empty.
  const key = parts.at(-1) === '' ? '+' : parts.at(-1)!;
  return {
    key: key === 'Space' ? ' ' : key,
    mod: parts.includes('Mod'),
    alt: parts.includes('Alt'),
    shift: parts.includes('Shift'),
  };
}

/** A key that prints, as opposed to a named one (`Enter`, `F3`). */
const prints = (key: string): boolean => Array.from(key).length === 1;

export function matches(text: string, press: KeyPress, mac: boolean): boolean {
  const wanted = parse(text);
  const mod = mac ? press.metaKey : press.ctrlKey;
  const other = mac ? press.ctrlKey : press.metaKey;
  if (other || mod !== wanted.mod || press.altKey !== wanted.alt) return false;
  if (!prints(wanted.key) || wanted.key === ' ') return press.key === wanted.key && press.shiftKey === wanted.shift;
  if (press.key.toLowerCase() !== wanted.key.toLowerCase()) return false;
  const letter = wanted.key.toLowerCase() !== wanted.key.toUpperCase();
  return !letter || press.shiftKey === wanted.shift;
}

/** Whether the shortcut is one printed character, which must not fire while somebody types. */
export function isTyped(text: string): boolean {
  const { key, mod, alt } = parse(text);
  return !mod && !alt && prints(key);
}

/** The keys to press, as people name them. */
export function keyNames(text: string, mac = isMac()): readonly string[] {
  const { key, mod, alt, shift } = parse(text);
  const name = key === ' ' ? 'Space' : (NAMES[key] ?? (prints(key) ? key.toUpperCase() : key));
  return [...(mod ? [mac ? '⌘' : 'Ctrl'] : []), ...(alt ? [mac ? '⌥' : 'Alt'] : []), ...(shift ? ['Shift'] : []), name];
}

export const spokenKeys = (text: string): string => keyNames(text).join('+');

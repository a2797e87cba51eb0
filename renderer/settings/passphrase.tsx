// Fields for a passphrase: never stored in the page beyond the form, and forgotten when the form closes.

import { useId, useState } from 'react';
import { IconButton } from '../ui/button.tsx';

/**
 * A rough lower bound for the work of guessing, in bits: letters by the kinds of characters used, repeats counted once. A hint, no
 * judgement: it knows no dictionary.
 */
export function strengthBits(passphrase: string): number {
  const kinds: readonly (readonly [RegExp, number])[] = [
    [/\p{Ll}/u, 26],
    [/\p{Lu}/u, 26],
    [/\p{N}/u, 10],
    [/[^\p{L}\p{N}]/u, 20],
  ];
  const alphabet = kinds.reduce((sum, [kind, size]) => sum + (kind.test(passphrase) ? size : 0), 0);
  let counted = 0;
  let before = '';
  for (const character of passphrase) {
    if (character !== before) counted += 1;
    before = character;
  }
  // Words are guessed as words: a letter inside of one adds little.
  const words = passphrase.split(/[^\p{L}]+/u).filter((word) => word.length > 2).length;
  const letters = Array.from(passphrase.matchAll(/\p{L}{3,}/gu)).reduce((sum, [word]) => sum + word.length, 0);
  const inWords = words * 11;
  return Math.floor(alphabet === 0 ? 0 : (counted - letters) * Math.log2(alphabet) + inWords);
}

/** From here on a passphrase withstands guessing for years, given the library's slow key derivation. */
const STRONG = 55;
const FAIR = 35;

export function strengthWord(bits: number): 'weak' | 'fair' | 'strong' {
  return bits >= STRONG ? 'strong' : bits >= FAIR ? 'fair' : 'weak';
}

export interface PassphraseFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly isNew?: boolean;
  readonly autoFocus?: boolean;
}

export function PassphraseField({ label, value, onValue, isNew, autoFocus }: PassphraseFieldProps): React.JSX.Element {
  const id = useId();
  const [shown, setShown] = useState(false);
  return (
    <div className="label">
      <label htmlFor={id}>{label}</label>
      <span className="field">
        <input
          id={id}
          type={shown ? 'text' : 'password'}
          autoComplete={isNew === true ? 'new-password' : 'current-password'}
          spellCheck={false}
          // The form has one purpose, and this is its first field.
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus={autoFocus ?? false}
          value={value}
          onChange={(event) => onValue(event.target.value)}
        />
        <IconButton
          icon={shown ? 'hidden' : 'visible'}
          label={shown ? 'Hide the passphrase' : 'Show the passphrase'}
          onClick={() => setShown(!shown)}
        />
      </span>
    </div>
  );
}

export interface NewPassphraseProps {
  readonly first: string;
  readonly second: string;
  readonly onFirst: (value: string) => void;
  readonly onSecond: (value: string) => void;
}

const WORDS = { weak: 'Weak: four or five unrelated words are better.', fair: 'Fair.', strong: 'Strong.' } as const;

/** Typed twice, with a hint at its strength. */
export function NewPassphrase({ first, second, onFirst, onSecond }: NewPassphraseProps): React.JSX.Element {
  const bits = strengthBits(first);
  const word = strengthWord(bits);
  return (
    <>
      <PassphraseField label="Passphrase" value={first} onValue={onFirst} isNew autoFocus />
      <div className={`strength ${first === '' ? '' : word}`}>
        <span className="track" aria-hidden="true">
          <span style={{ width: `${String(Math.min(100, (100 * bits) / STRONG))}%` }} />
        </span>
        <span role="status">{first === '' ? 'Nobody can recover it: keep it where you keep such things.' : WORDS[word]}</span>
      </div>
      <PassphraseField label="The same again" value={second} onValue={onSecond} isNew />
      {second !== '' && second !== first ? (
        <p className="bad" role="status">
          The two differ.
        </p>
      ) : null}
    </>
  );
}

// Text that comes from a recording or its source, which may be hostile: always text nodes, isolated in direction, with control
// characters, direction marks and lone surrogates shown instead of obeyed (Unicode Standard Annex 9, Technical Report 36).

/** Controls, format characters (direction marks among them), line and paragraph separators, lone surrogates. */
const ODD = /[\p{Cc}\p{Cf}\u2028\u2029\p{Cs}]/gu;

const NAMES: Readonly<Record<number, string>> = { 9: '⇥', 10: '⏎', 13: '␍', 27: '␛' };

const nameOf = (character: string): string => {
  const code = character.codePointAt(0)!;
  return (
    NAMES[code] ?? (code < 32 ? String.fromCodePoint(0x2400 + code) : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`)
  );
};

/** The same as plain text, for names and labels that hold no elements. */
export const plainRecorded = (text: string): string => text.replaceAll(ODD, (character) => `[${nameOf(character)}]`);

export interface RecordedProps {
  readonly text: string;
  /** Range in UTF-16 units that is marked: where a search matched. */
  readonly mark?: { readonly start: number; readonly length: number };
}

function pieces(text: string, key: string): React.ReactNode[] {
  const out: React.ReactNode[] = [];
  let from = 0;
  for (const { 0: character, index } of text.matchAll(ODD)) {
    if (index > from) out.push(text.slice(from, index));
    out.push(
      <span key={`${key}${String(index)}`} className="odd-character">
        {nameOf(character)}
      </span>,
    );
    from = index + character.length;
  }
  out.push(text.slice(from));
  return out;
}

/** One line of it, cut where there is no room for it: its end, whichever way it is written. The tooltip has the whole. */
export const RecordedLine = ({ text, className }: { readonly text: string; readonly className?: string }): React.JSX.Element => (
  <bdi className={`cut ${className ?? ''}`.trim()} title={plainRecorded(text)}>
    {pieces(text, '')}
  </bdi>
);

export function Recorded({ text, mark }: RecordedProps): React.JSX.Element {
  if (mark === undefined) return <bdi>{pieces(text, '')}</bdi>;
  const end = mark.start + mark.length;
  return (
    <bdi>
      {pieces(text.slice(0, mark.start), 'a')}
      <mark>{pieces(text.slice(mark.start, end), 'm')}</mark>
      {pieces(text.slice(end), 'z')}
    </bdi>
  );
}

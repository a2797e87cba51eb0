// The box in which a query is written: faults underlined at their place and said in words, fields and known values offered while
// typing. Down and up choose, Tab or Enter takes, Escape closes; Enter without a choice searches.

import { useEffect, useId, useRef, useState } from 'react';
import type { SearchAssistance } from '../../shared/api/search-shapes.ts';
import { useApi } from '../api.ts';
import { IconButton } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { faultPieces } from './query-text.ts';

export interface QueryBoxProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly boxRef: React.RefObject<HTMLInputElement | null>;
}

/** Milliseconds without a key after which help is asked for: as long as fast typing pauses. */
const PAUSE = 120;

const NO_HELP: SearchAssistance = { faults: [], completion: { start: 0, end: 0, choices: [] } };

interface Help {
  /** What it is for: help that comes late is for another text. */
  readonly text: string;
  readonly cursor: number;
  readonly answer: SearchAssistance;
}

export function QueryBox({ text, onText, boxRef }: QueryBoxProps): React.JSX.Element {
  const api = useApi();
  const id = useId();
  const [cursor, setCursor] = useState(text.length);
  const [help, setHelp] = useState<Help>({ text: '', cursor: 0, answer: NO_HELP });
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const mirror = useRef<HTMLDivElement>(null);

  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      api.call('search.assist', { query: text, cursor: Math.min(cursor, text.length) }).then(
        (answer) => {
          if (current) setHelp({ text, cursor, answer });
        },
        () => {
          // The library may be locked by now; the search itself says so.
        },
      );
    }, PAUSE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [api, text, cursor]);

  const fits = help.text === text;
  const { faults, completion } = fits ? help.answer : NO_HELP;
  const choices = open && fits && help.cursor === cursor ? completion.choices : [];
  const chosen = choices[active];
  const told = text.trim() === '' ? [] : faults;

  const take = (insert: string): void => {
    const after = completion.start + insert.length;
    onText(text.slice(0, completion.start) + insert + text.slice(completion.end));
    setCursor(after);
    setActive(-1);
    setOpen(insert.endsWith(':'));
    requestAnimationFrame(() => boxRef.current?.setSelectionRange(after, after));
  };
  const keys = (event: React.KeyboardEvent): void => {
    const { key } = event;
    if ((key === 'ArrowDown' || key === 'ArrowUp') && !open) setOpen(true);
    else if (key === 'ArrowDown' || key === 'ArrowUp') {
      const step = key === 'ArrowDown' ? 1 : -1;
      if (choices.length > 0) setActive((Math.max(active, step === 1 ? -1 : 0) + step + choices.length) % choices.length);
    } else if ((key === 'Tab' || key === 'Enter') && chosen !== undefined) take(chosen.insert);
    else if (key === 'Escape' && choices.length > 0) setOpen(false);
    else {
      if (key === 'Enter') setOpen(false);
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="query-box">
      <div className={`field large ${told.length > 0 ? 'wrong' : ''}`}>
        <Icon name="search" />
        <span className="written">
          <div ref={mirror} className="mirror" aria-hidden="true">
            {faultPieces(text, told).map((piece, i) =>
              piece.wrong ? (
                <span key={i} className="fault">
                  {piece.text}
                </span>
              ) : (
                piece.text
              ),
            )}
          </div>
          <input
            ref={boxRef}
            type="search"
            role="combobox"
            aria-label="Search for"
            aria-autocomplete="list"
            aria-expanded={choices.length > 0}
            aria-controls={`${id}-choices`}
            aria-activedescendant={chosen === undefined ? undefined : `${id}-${String(active)}`}
            aria-invalid={told.length > 0}
            aria-describedby={told.length > 0 ? `${id}-faults` : undefined}
            placeholder="Words, “phrases”, /expressions/ and fields, in any recording"
            maxLength={2000}
            autoComplete="off"
            spellCheck={false}
            value={text}
            onChange={(event) => {
              onText(event.target.value);
              setCursor(event.target.selectionStart ?? event.target.value.length);
              setActive(-1);
              setOpen(/\S$/.test(event.target.value.slice(0, event.target.selectionStart ?? 0)));
            }}
            onSelect={(event) => setCursor(event.currentTarget.selectionStart ?? 0)}
            onScroll={(event) => mirror.current?.scrollTo({ left: event.currentTarget.scrollLeft })}
            onKeyDown={keys}
            onBlur={() => setOpen(false)}
          />
        </span>
        {text === '' ? null : (
          <IconButton
            icon="close"
            label="Clear"
            onClick={() => {
              onText('');
              boxRef.current?.focus();
            }}
          />
        )}
      </div>
      <ul id={`${id}-choices`} className="choices" role="listbox" aria-label="What may stand here" hidden={choices.length === 0}>
        {choices.map(({ insert, label, note }, i) => (
          <li
            key={insert}
            id={`${id}-${String(i)}`}
            role="option"
            aria-selected={i === active}
            onMouseDown={(event) => {
              event.preventDefault();
              take(insert);
            }}
          >
            <span className="mono">{label}</span>
            <span className="faint">{note}</span>
          </li>
        ))}
      </ul>
      {told.length === 0 ? null : (
        <div id={`${id}-faults`} className="faults bad" role="status">
          {told.map(({ start, end, why, todo }) => (
            <p key={`${String(start)} ${String(end)} ${why}`}>{`${why}; ${todo}`}</p>
          ))}
        </div>
      )}
    </div>
  );
}

// The line that filters sessions, and a panel that fills it field by field. Typing never waits: the text is the part's own state, and
// what follows from it is asked for when typing pauses.

import { useId } from 'react';
import { Button, IconButton } from './button.tsx';
import { FILTER_NAMES, withField, type FieldName, type ParsedFilter } from './filter-text.ts';
import { Icon } from './icon.tsx';
import { Menu } from './menu.tsx';

export interface FilterFieldProps {
  readonly label: string;
  readonly placeholder: string;
  readonly text: string;
  readonly parsed: ParsedFilter;
  readonly onText: (text: string) => void;
  /** Values to offer, by field. */
  readonly known: Readonly<Partial<Record<FieldName, readonly string[]>>>;
  /** Said under the fields, where the offered values are not all there are. */
  readonly note: string;
  readonly zoneLabel: string;
  readonly inputRef?: React.Ref<HTMLInputElement>;
  /** The panel's button has been pressed: values may be needed. */
  readonly onOpen?: () => void;
  readonly onLeave?: () => void;
}

const LABELS: Readonly<Record<FieldName, string>> = {
  user: 'User',
  server: 'Server',
  source: 'Source',
  origin: 'Origin',
  group: 'Session group',
  status: 'Status',
  environment: 'Environment',
  format: 'Format',
  case: 'Case',
  tag: 'Tag of an annotation',
  from: 'Started from',
  to: 'Started to',
};

export function FilterField(props: FilterFieldProps): React.JSX.Element {
  const { label, placeholder, text, parsed, onText, inputRef, onLeave } = props;
  const hint = useId();
  const wrong = parsed.problems.length > 0;
  return (
    <div className="filter-field" role="search" aria-label={label}>
      <div className={`field ${wrong ? 'wrong' : ''}`}>
        <Icon name="filter" />
        <input
          ref={inputRef}
          type="search"
          aria-label={label}
          aria-describedby={wrong ? hint : undefined}
          aria-invalid={wrong}
          placeholder={placeholder}
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => onText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' && event.key !== 'ArrowDown' && event.key !== 'Enter') return;
            event.preventDefault();
            if (event.key === 'Escape' && text !== '') onText('');
            else onLeave?.();
          }}
        />
        {text === '' ? null : <IconButton icon="close" label="Clear the filter" onClick={() => onText('')} />}
      </div>
      <Menu label="Filter by field" text="Filter" icon="filter" className="filter-open">
        <FilterPanel {...props} />
      </Menu>
      {wrong ? (
        <p id={hint} className="problem" role="status">
          {parsed.problems.join('; ')}
        </p>
      ) : null}
    </div>
  );
}

function FilterPanel({ text, parsed, onText, known, note, zoneLabel, onOpen }: FilterFieldProps): React.JSX.Element {
  const id = useId();
  const valueOf = (name: FieldName): string => parsed.fields.find((field) => field.name === name)?.value ?? '';
  return (
    <div className="filter-panel" onFocus={onOpen}>
      {FILTER_NAMES.map((name) => (
        <label key={name} className="label">
          {LABELS[name]}
          <span className="field">
            <input
              list={`${id}-${name}`}
              value={valueOf(name)}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => onText(withField(text, name, event.target.value))}
            />
          </span>
          <datalist id={`${id}-${name}`}>
            {(known[name] ?? []).map((value) => (
              <option key={value} value={value} />
            ))}
          </datalist>
        </label>
      ))}
      {(['from', 'to'] as const).map((name) => (
        <label key={name} className="label">
          {`${LABELS[name]} (${zoneLabel})`}
          <span className="field">
            <input
              type="date"
              value={valueOf(name).slice(0, 10)}
              onChange={(event) => onText(withField(text, name, event.target.value))}
            />
          </span>
        </label>
      ))}
      {note === '' ? null : <p className="faint">{note}</p>}
      <div className="row-end">
        <Button disabled={parsed.fields.length === 0} onClick={() => onText(parsed.filter.text ?? '')}>
          Clear fields
        </Button>
      </div>
    </div>
  );
}

/** The fields in force, each with a way to remove it. */
export function FilterChips({
  text,
  parsed,
  onText,
}: Pick<FilterFieldProps, 'text' | 'parsed' | 'onText'>): React.JSX.Element | null {
  if (parsed.fields.length === 0) return null;
  return (
    <ul className="chips" aria-label="Fields in force">
      {parsed.fields.map(({ name, value }) => (
        <li key={name} className="chip">
          {`${LABELS[name]}: ${value}`}
          <button type="button" aria-label={`Remove ${LABELS[name]}`} onClick={() => onText(withField(text, name, null))}>
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}

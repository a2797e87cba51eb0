// Fields of a form: a label, what is typed or chosen, and a hint that belongs to it.

import { useId, useState } from 'react';

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly hint?: string;
  readonly placeholder?: string;
  readonly wrong?: boolean;
}

export interface TextFieldProps extends FieldProps {
  /** Values to offer. */
  readonly offered?: readonly string[];
  readonly inputRef?: React.Ref<HTMLInputElement>;
}

export function TextField(props: TextFieldProps): React.JSX.Element {
  const { label, value, onValue, hint, placeholder, wrong, offered, inputRef } = props;
  const id = useId();
  return (
    <div className="label">
      <label htmlFor={id}>{label}</label>
      <span className={`field ${wrong === true ? 'wrong' : ''}`}>
        <input
          ref={inputRef}
          id={id}
          list={offered === undefined ? undefined : `${id}-offered`}
          value={value}
          placeholder={placeholder}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          aria-invalid={wrong === true}
          aria-describedby={hint === undefined ? undefined : `${id}-hint`}
          onChange={(event) => onValue(event.target.value)}
        />
      </span>
      {offered === undefined ? null : (
        <datalist id={`${id}-offered`}>
          {offered.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
      <Hint id={id} text={hint} />
    </div>
  );
}

export interface TextAreaProps extends FieldProps {
  readonly rows?: number;
  readonly mono?: boolean;
  readonly onKeyDown?: (event: React.KeyboardEvent) => void;
}

export function TextArea(props: TextAreaProps): React.JSX.Element {
  const { label, value, onValue, hint, placeholder, wrong, rows = 3, mono, onKeyDown } = props;
  const id = useId();
  return (
    <div className="label">
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        className={`field ${mono === true ? 'mono' : ''} ${wrong === true ? 'wrong' : ''}`}
        rows={rows}
        value={value}
        placeholder={placeholder}
        aria-invalid={wrong === true}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => onValue(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <Hint id={id} text={hint} />
    </div>
  );
}

export interface ReasonFieldProps {
  readonly value: string;
  readonly onValue: (value: string) => void;
  /** Ctrl+Enter does what the reason is of. */
  readonly onSubmit: () => void;
  readonly placeholder?: string;
}

/** The reason of something that is kept for good. */
export function ReasonField({ onSubmit, ...props }: ReasonFieldProps): React.JSX.Element {
  const [tried, setTried] = useState(false);
  const missing = tried && props.value.trim() === '';
  return (
    <TextArea
      {...props}
      label="Reason"
      wrong={missing}
      hint={missing ? 'Nothing is done without a reason.' : 'Kept with who and when, and never changed. Ctrl+Enter does it.'}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        setTried(true);
        onSubmit();
      }}
    />
  );
}

export interface SelectFieldProps extends Omit<FieldProps, 'placeholder' | 'wrong'> {
  /** Values with what they are called. */
  readonly options: readonly (readonly [string, string])[];
}

export function SelectField({ label, value, onValue, hint, options }: SelectFieldProps): React.JSX.Element {
  const id = useId();
  return (
    <div className="label">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="field"
        value={value}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => onValue(event.target.value)}
      >
        {options.map(([name, text]) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </select>
      <Hint id={id} text={hint} />
    </div>
  );
}

function Hint({ id, text }: { readonly id: string; readonly text: string | undefined }): React.JSX.Element | null {
  return text === undefined ? null : (
    <span id={`${id}-hint`} className="faint">
      {text}
    </span>
  );
}

// The fields of an export dialog that sessions and groups share, and how an export leaves: as a download that the page only begins.

import type { TextLogOptions } from '../../shared/api/shapes.ts';
import { TEXT_OPTIONS } from './export-options.ts';

export interface FormatFieldsProps<F extends string> {
  readonly formats: readonly { readonly format: F; readonly label: string; readonly note: string }[];
  readonly format: F;
  readonly text: TextLogOptions;
  readonly onFormat: (format: F) => void;
  readonly onText: (text: TextLogOptions) => void;
}

export function FormatFields<F extends string>({
  formats,
  format: chosen,
  text,
  onFormat,
  onText,
}: FormatFieldsProps<F>): React.JSX.Element {
  return (
    <>
      <fieldset className="formats">
        <legend>Format</legend>
        {formats.map(({ format, label, note }) => (
          <label key={format} className="option">
            <input type="radio" name="format" checked={chosen === format} onChange={() => onFormat(format)} />
            <span>
              <span className="name">{label}</span>
              <span className="soft">{note}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {chosen === 'text' ? (
        <fieldset className="text-options">
          <legend>Text</legend>
          {TEXT_OPTIONS.map(({ name, label }) => (
            <label key={name} className="check">
              <input
                type="checkbox"
                checked={text[name]}
                onChange={(event) => onText({ ...text, [name]: event.target.checked })}
              />
              {label}
            </label>
          ))}
        </fieldset>
      ) : null}
    </>
  );
}

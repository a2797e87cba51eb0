// The fields of an export dialog that sessions and groups share, and how an export leaves: as a download that the page only begins.

import type { TextLogOptions } from '../../shared/api/shapes.ts';
import { FormatChoice, type FormatChoiceProps } from '../ui/export-parts.tsx';
import { TEXT_OPTIONS } from './export-options.ts';

export interface FormatFieldsProps<F extends string> extends FormatChoiceProps<F> {
  readonly text: TextLogOptions;
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
      <FormatChoice formats={formats} format={chosen} onFormat={onFormat} />
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

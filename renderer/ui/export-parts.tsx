// What dialogs that export share: the choice of a format, and the file that was handed to the downloads.

import { Icon } from './icon.tsx';
import { Recorded } from './recorded.tsx';

export interface FormatChoiceProps<F extends string> {
  readonly formats: readonly { readonly format: F; readonly label: string; readonly note: string }[];
  readonly format: F;
  readonly onFormat: (format: F) => void;
}

export function FormatChoice<F extends string>({ formats, format: chosen, onFormat }: FormatChoiceProps<F>): React.JSX.Element {
  return (
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
  );
}

export interface HandedFileProps {
  /** What was handed to the downloads, in words. */
  readonly text: string;
  readonly fileName: string;
  readonly warnings: readonly string[];
}

export function HandedFile({ text, fileName, warnings }: HandedFileProps): React.JSX.Element {
  return (
    <div className="outcomes">
      <p role="status">{text}</p>
      <NamedFile fileName={fileName} warnings={warnings} />
    </div>
  );
}

/** A file that was written, and what it lacks. */
export function NamedFile({ fileName, warnings }: Omit<HandedFileProps, 'text'>): React.JSX.Element {
  return (
    <>
      <p className="file">
        <Icon name="check" />
        <Recorded text={fileName} />
      </p>
      {warnings.map((warning) => (
        <p key={warning} className="warning">
          <Icon name="warning" />
          <Recorded text={warning} />
        </p>
      ))}
    </>
  );
}

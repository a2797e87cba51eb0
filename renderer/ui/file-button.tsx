// A button that lets files be chosen, one or several. The field that the browser has for that is out of sight: it looks otherwise in every system.

import { useRef } from 'react';
import { Button, type ButtonProps } from './button.tsx';

export interface FileButtonProps extends Omit<ButtonProps, 'onClick'> {
  /** Names the hidden field: `Bundle to verify`. */
  readonly what: string;
  /** Endings of names that are offered first: `.zip`. */
  readonly accept: string;
  /** Whether several can be chosen at once. */
  readonly multiple?: boolean;
  /** Called for each. */
  readonly onFile: (file: File) => void;
}

export function FileButton({ what, accept, multiple = false, onFile, ...button }: FileButtonProps): React.JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={field}
        type="file"
        accept={accept}
        multiple={multiple}
        hidden
        aria-label={what}
        onChange={(event) => {
          for (const file of event.target.files ?? []) onFile(file);
          // The same file can be chosen again.
          event.target.value = '';
        }}
      />
      <Button {...button} onClick={() => field.current?.click()} />
    </>
  );
}

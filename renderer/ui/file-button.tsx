// A button that lets one file be chosen. The field that the browser has for that is out of sight: it looks otherwise in every system.

import { useRef } from 'react';
import { Button, type ButtonProps } from './button.tsx';

export interface FileButtonProps extends Omit<ButtonProps, 'onClick'> {
  /** Names the hidden field: `Bundle to verify`. */
  readonly what: string;
  /** Endings of names that are offered first: `.zip`. */
  readonly accept: string;
  readonly onFile: (file: File) => void;
}

export function FileButton({ what, accept, onFile, ...button }: FileButtonProps): React.JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={field}
        type="file"
        accept={accept}
        hidden
        aria-label={what}
        onChange={(event) => {
          const file = event.target.files?.item(0);
          if (file != null) onFile(file);
          // The same file can be chosen again.
          event.target.value = '';
        }}
      />
      <Button {...button} onClick={() => field.current?.click()} />
    </>
  );
}

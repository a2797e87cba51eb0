// Copies a text to the clipboard, and says so.

import { Button } from './button.tsx';
import { useAnnouncer } from './toasts.tsx';

export interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for the button's name: `the fingerprint`. */
  readonly what: string;
  /** Shown in the button; without it, the button shows its icon only. */
  readonly label?: string;
}

export function CopyButton({ text, what, label }: CopyButtonProps): React.JSX.Element {
  const announcer = useAnnouncer();
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => announcer.toast({ tone: 'good', text: `Copied ${what}.` }),
      () => announcer.toast({ tone: 'bad', text: `The clipboard did not take ${what}: mark the text and copy it.` }),
    );
  };
  return (
    <Button
      look={label === undefined ? 'quiet' : 'plain'}
      icon="copy"
      className={label === undefined ? 'icon-only copy' : 'copy'}
      aria-label={label === undefined ? `Copy ${what}` : undefined}
      title={`Copy ${what}`}
      onClick={copy}
    >
      {label}
    </Button>
  );
}

/** A command for the shell, to be copied. */
export function Command({ text }: { readonly text: string }): React.JSX.Element {
  return (
    <span className="command">
      <code>{text}</code>
      <CopyButton text={text} what="the command" />
    </span>
  );
}

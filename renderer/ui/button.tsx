// Buttons. One that shows only an icon has its label and its shortcut as name and tooltip.

import type { ButtonHTMLAttributes } from 'react';
import { Icon, type IconName } from './icon.tsx';
import { spokenKeys } from './keys.ts';

type Native = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'type'>;

export interface ButtonProps extends Native {
  readonly icon?: IconName;
  readonly look?: 'primary' | 'quiet' | 'plain' | 'danger';
  readonly large?: boolean;
}

export function Button({ icon, look = 'plain', large, className, children, ...rest }: ButtonProps): React.JSX.Element {
  const classes = ['button', look === 'plain' ? '' : look, large === true ? 'large' : '', className ?? ''];
  return (
    <button type="button" className={classes.filter((name) => name !== '').join(' ')} {...rest}>
      {icon === undefined ? null : <Icon name={icon} />}
      {children}
    </button>
  );
}

export interface IconButtonProps extends Native {
  readonly icon: IconName;
  readonly label: string;
  /** The shortcut that does the same. */
  readonly keys?: string;
}

export function IconButton({ icon, label, keys, className, ...rest }: IconButtonProps): React.JSX.Element {
  return (
    <button
      type="button"
      className={`button quiet icon-only ${className ?? ''}`}
      aria-label={label}
      title={keys === undefined ? label : `${label} (${spokenKeys(keys)})`}
      {...rest}
    >
      <Icon name={icon} />
    </button>
  );
}

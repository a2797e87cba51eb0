// What has to be said in place: a failure with what to do, an empty list, a wait.

import type { FailureText } from './answer.ts';
import { Button } from './button.tsx';
import { Icon, type IconName } from './icon.tsx';
import { Recorded } from './recorded.tsx';

export interface NoticeProps {
  readonly tone: 'good' | 'caution' | 'bad' | 'plain';
  readonly children: React.ReactNode;
}

const ICONS: Readonly<Record<NoticeProps['tone'], IconName>> = {
  good: 'proven',
  caution: 'warning',
  bad: 'failed',
  plain: 'info',
};

export function Notice({ tone, children }: NoticeProps): React.JSX.Element {
  return (
    <div className={`notice ${tone}`}>
      <Icon name={ICONS[tone]} />
      <div>{children}</div>
    </div>
  );
}

/** A phrase of the core as a sentence. */
export const sentence = (text: string): string =>
  text === '' ? '' : `${text[0]!.toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;

/** What failed, why, and what to do about it. */
export function FailureNotice({
  failure,
  again,
}: {
  readonly failure: FailureText;
  readonly again?: () => void;
}): React.JSX.Element {
  return (
    <div role="alert">
      <Notice tone="bad">
        <p>
          <strong>
            <Recorded text={sentence(failure.what).slice(0, -1)} />
          </strong>
          {': '}
          <Recorded text={failure.why} />.
        </p>
        {failure.todo === '' ? null : <p className="soft">{sentence(failure.todo)}</p>}
        {again === undefined ? null : (
          <button type="button" className="link" onClick={again}>
            Try again
          </button>
        )}
      </Notice>
    </div>
  );
}

export interface EmptyProps {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: React.ReactNode;
  readonly actions?: React.ReactNode;
}

export function Empty({ icon, title, children, actions }: EmptyProps): React.JSX.Element {
  return (
    <div className="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children}
      {actions === undefined ? null : <div className="actions">{actions}</div>}
    </div>
  );
}

/** A share done, 0 to 1; null while unknown. */
export function Progress({ share, label }: { readonly share: number | null; readonly label: string }): React.JSX.Element {
  const percent = share === null ? null : Math.max(0, Math.min(100, Math.floor(share * 100)));
  return (
    <div
      className={`progress ${percent === null ? 'unknown' : ''}`}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent === null ? {} : { 'aria-valuenow': percent })}
    >
      <span style={percent === null ? undefined : { width: `${String(percent)}%` }} />
    </div>
  );
}

/** Grey lines of the length of what will stand there. */
export function Skeleton({ lines }: { readonly lines: number }): React.JSX.Element {
  return (
    <div aria-hidden="true" className="skeletons">
      {Array.from({ length: lines }, (_, i) => (
        <span key={i} className="skeleton" style={{ width: `${String(90 - ((i * 37) % 45))}%` }} />
      ))}
    </div>
  );
}

export function TryAgain({ again }: { readonly again: () => void }): React.JSX.Element {
  return (
    <Button icon="refresh" onClick={again}>
      Try again
    </Button>
  );
}

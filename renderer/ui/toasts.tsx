// News about long work: a note in the corner that never takes the focus, and the same words for screen readers. Failures stay until
// they are dismissed.

import { createContext, use, useCallback, useMemo, useRef, useState } from 'react';
import { IconButton } from './button.tsx';
import { failureOf } from './answer.ts';
import { Icon } from './icon.tsx';
import { plainRecorded } from './recorded.tsx';

export interface Toast {
  readonly tone: 'good' | 'bad' | 'plain';
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

export interface Announcer {
  toast(toast: Toast): void;
  /** A failure, in its own words. */
  fail(error: unknown): void;
  /** Words for screen readers only. */
  say(text: string): void;
}

const AnnouncerContext = createContext<Announcer>({ toast: () => undefined, fail: () => undefined, say: () => undefined });

export const useAnnouncer = (): Announcer => use(AnnouncerContext);

/** How long good news stays, in milliseconds. */
const STAYS = 6000;

/** The most notes that stand at a time. */
const MOST = 4;

export function Toasts({ children }: { readonly children: React.ReactNode }): React.JSX.Element {
  const [toasts, setToasts] = useState<readonly (Toast & { readonly id: number })[]>([]);
  const [said, setSaid] = useState('');
  const lastId = useRef(0);
  const drop = useCallback((id: number) => setToasts((all) => all.filter((one) => one.id !== id)), []);
  const announcer = useMemo<Announcer>(() => {
    const toast = (news: Toast): void => {
      const id = ++lastId.current;
      setToasts((all) => [...all, { ...news, id }].slice(-MOST));
      setSaid(news.text);
      if (news.tone !== 'bad' && news.action === undefined) setTimeout(() => drop(id), STAYS);
    };
    return {
      toast,
      fail: (error) => {
        const { what, why, todo } = failureOf(error);
        toast({ tone: 'bad', text: plainRecorded(`${what}: ${why}${todo === '' ? '' : `; ${todo}`}`) });
      },
      say: setSaid,
    };
  }, [drop]);
  return (
    <AnnouncerContext value={announcer}>
      {children}
      <div className="unseen" role="status" aria-live="polite">
        {said}
      </div>
      <div className="toasts" role="region" aria-label="Notes">
        {toasts.map(({ id, tone, text, action }) => (
          <div key={id} className={`notice ${tone}`}>
            <Icon name={tone === 'bad' ? 'failed' : tone === 'good' ? 'proven' : 'info'} />
            <div>
              <p>{text}</p>
              {action === undefined ? null : (
                <button
                  type="button"
                  className="link"
                  onClick={() => {
                    drop(id);
                    action.run();
                  }}
                >
                  {action.label}
                </button>
              )}
            </div>
            <IconButton icon="close" label="Dismiss" onClick={() => drop(id)} />
          </div>
        ))}
      </div>
    </AnnouncerContext>
  );
}

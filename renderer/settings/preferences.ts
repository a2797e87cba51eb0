// What the user has set, kept in the library's settings. A setting that cannot be read or stored keeps its value in this window.

import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Api } from '../../shared/api/contract.ts';
import type { Zone } from '../ui/format.ts';

export type Theme = 'system' | 'light' | 'dark';
export type Contrast = 'system' | 'more';

export interface Preferences {
  readonly all: Readonly<Record<string, string>>;
  readonly theme: Theme;
  readonly contrast: Contrast;
  readonly zone: Zone;
  readonly singleKeys: boolean;
  set(key: string, value: string): void;
}

const oneOf = <T extends string>(value: string | undefined, values: readonly T[]): T =>
  values.find((one) => one === value) ?? values[0]!;

export function usePreferences(api: Api, unlocked: boolean, onFailure: (error: unknown) => void): Preferences {
  const [all, setAll] = useState<Readonly<Record<string, string>>>({});
  useEffect(() => {
    if (!unlocked) return;
    api.call('settings.get', null).then((stored) => setAll((now) => ({ ...now, ...stored })), onFailure);
  }, [api, unlocked, onFailure]);
  const set = useCallback(
    (key: string, value: string) => {
      setAll((now) => ({ ...now, [key]: value }));
      api.call('settings.set', { key, value }).catch(onFailure);
    },
    [api, onFailure],
  );
  return useMemo(
    () => ({
      all,
      theme: oneOf(all['theme'], ['system', 'light', 'dark']),
      contrast: oneOf(all['contrast'], ['system', 'more']),
      zone: oneOf(all['zone'], ['utc', 'local']),
      singleKeys: all['single-keys'] !== 'off',
      set,
    }),
    [all, set],
  );
}

/** Puts theme and contrast on the page's root, where theme.css and the canvases find them. */
export function useTheme({ theme, contrast }: Pick<Preferences, 'theme' | 'contrast'>): void {
  useEffect(() => {
    const root = document.documentElement;
    if (theme === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = theme;
    const wanted = matchMedia('(prefers-contrast: more)');
    const apply = (): void => {
      if (contrast === 'more' || wanted.matches) root.dataset['contrast'] = 'more';
      else delete root.dataset['contrast'];
      root.dispatchEvent(new Event('theme'));
    };
    apply();
    wanted.addEventListener('change', apply);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', apply);
    return () => {
      wanted.removeEventListener('change', apply);
      scheme.removeEventListener('change', apply);
    };
  }, [theme, contrast]);
}

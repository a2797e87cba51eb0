// A source in words: its token, its clock, what may be done with it.

import type { Source, SourceTest } from '../../shared/api/source-shapes.ts';
import type { FailureText } from '../ui/answer.ts';
import { epochOf, formatDuration } from '../ui/format.ts';
import type { Sign } from './sync-text.ts';

const DAY = 86_400_000;

/** From here on, an end that comes is worth a word. */
const SOON = 7 * DAY;

export type TokenState = 'absent' | 'expired' | 'soon' | 'good';

export function tokenState({ present, expiresAt }: Source['token'], nowMs: number): TokenState {
  if (!present) return 'absent';
  const end = expiresAt === null ? null : epochOf(expiresAt);
  if (end === null) return 'good';
  const left = end / 1000 - nowMs;
  return left <= 0 ? 'expired' : left <= SOON ? 'soon' : 'good';
}

/** Why the source needs another token now, as a sentence; null where nothing says so. A newer test counts, not an older run. */
export function tokenFault(
  { token, lastSync }: Pick<Source, 'token' | 'lastSync'>,
  tested: FailureText | 'passed' | null,
  nowMs: number,
): string | null {
  const state = tokenState(token, nowMs);
  if (state === 'absent') return 'Exhibit keeps no token for this source.';
  if (state === 'expired') return 'The token of this source has ended.';
  const last = lastSync?.outcome === 'failed' ? lastSync.failure : null;
  const failure = tested === null ? last : tested === 'passed' ? null : tested;
  return failure?.kind === 'permission' ? 'The token of this source was refused.' : null;
}

/** How long until the token ends, or since: `in 3 d 4 h`, `12 min ago`. Empty where it says no end. */
export function tokenEnd({ expiresAt }: Source['token'], nowMs: number): string {
  const end = expiresAt === null ? null : epochOf(expiresAt);
  if (end === null) return '';
  const left = end - nowMs * 1000;
  return left > 0 ? `in ${formatDuration(left)}` : `${formatDuration(-left)} ago`;
}

/** What the systems are called. */
export const KINDS: Readonly<Record<Source['kind'], string>> = { rstream: 'rstream', stackshift: 'StackShift' };

export const PATHS: Readonly<Record<NonNullable<SourceTest['paths']>[number]['tried'], Sign>> = {
  yes: { icon: 'proven', className: 'good', word: 'Answers' },
  no: { icon: 'unknown', className: 'faint', word: 'Not tried' },
  failed: { icon: 'failed', className: 'bad', word: 'No' },
};

export const TOKENS: Readonly<Record<TokenState, Sign>> = {
  absent: { icon: 'failed', className: 'bad', word: 'No token' },
  expired: { icon: 'failed', className: 'bad', word: 'Token expired' },
  soon: { icon: 'warning', className: 'caution', word: 'Token ends soon' },
  good: { icon: 'proven', className: 'good', word: 'Token kept' },
};

/** Beyond this the clocks are called different: the answer itself took its time. Milliseconds. */
const CLOCK_TOLERANCE = 2000;

export function clockSign(offsetMs: number | null): Sign {
  if (offsetMs === null) return { icon: 'unknown', className: 'faint', word: 'The source’s answers carry no date' };
  if (Math.abs(offsetMs) <= CLOCK_TOLERANCE) return { icon: 'proven', className: 'good', word: 'Agrees with this machine’s' };
  const size = formatDuration(Math.abs(offsetMs) * 1000);
  return { icon: 'warning', className: 'caution', word: `${size} ${offsetMs > 0 ? 'ahead of' : 'behind'} this machine’s` };
}

type Ability = SourceTest['abilities'][number];

export const ABILITIES: Readonly<Record<Ability['allowed'], Sign>> = {
  yes: { icon: 'proven', className: 'good', word: 'Yes' },
  no: { icon: 'failed', className: 'bad', word: 'No' },
  unknown: { icon: 'unknown', className: 'faint', word: 'Unknown' },
};

/** `sessions_read` as people say it: `Sessions read`. */
export const operationText = (operation: string): string => {
  const words = operation.replaceAll(/[_.]+/g, ' ').trim();
  return words === '' ? operation : `${words[0]!.toUpperCase()}${words.slice(1)}`;
};

/** JSON with its members on lines of their own, or the text as it is. */
export function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}

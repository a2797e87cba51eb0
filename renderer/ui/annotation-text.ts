// Annotations in words, and which of them fit a filter. The same in the player and in a case. Pure.

import { formatDuration, formatOffset } from './format.ts';

/** In rising order, as shared/api/case-shapes.ts has them. */
export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  info: 'Info',
  low: 'Low',
  medium: 'Medium',
  high: 'High',
  critical: 'Critical',
};

/** What an annotation points at (shared/api/case-shapes.ts). */
export interface Target {
  readonly kind: 'moment' | 'range' | 'region' | 'text';
  readonly fromUs: number;
  readonly toUs: number;
  readonly region: { readonly row: number; readonly col: number; readonly rows: number; readonly cols: number } | null;
  readonly text: string | null;
}

/** When it is, and what of the screen: `00:12.345`, `00:12.345 for 3.1 s`, `00:12.345, 4 × 20 cells`. */
export function targetText({ kind, fromUs, toUs, region }: Target): string {
  const at = formatOffset(fromUs);
  switch (kind) {
    case 'moment':
      return at;
    case 'range':
      return `${at} for ${formatDuration(toUs - fromUs)}`;
    case 'region':
      return region === null ? at : `${at}, ${String(region.rows)} × ${String(region.cols)} cells`;
    case 'text':
      return `${at}, text on the screen`;
  }
}

/** What an annotation is called until somebody names it. */
export function firstTitle({ kind, fromUs, toUs, text }: Target): string {
  switch (kind) {
    case 'moment':
      return `Mark at ${formatOffset(fromUs)}`;
    case 'range':
      return `Range ${formatOffset(fromUs)} to ${formatOffset(toUs)}`;
    case 'region':
      return `Region at ${formatOffset(fromUs)}`;
    case 'text': {
      const line = (text ?? '').trim().split('\n')[0]!;
      return line === '' ? `Text at ${formatOffset(fromUs)}` : line.slice(0, 120);
    }
  }
}

/** Tags as typed into one field: separated by commas, each once. */
export const tagsOf = (typed: string): readonly string[] => [
  ...new Set(
    typed
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
  ),
];

export interface AnnotationFilter {
  readonly text: string;
  readonly tag: string;
  /** The least severity; empty for every one. */
  readonly severity: Severity | '';
}

export const NO_FILTER: AnnotationFilter = { text: '', tag: '', severity: '' };

interface Filtered {
  readonly title: string;
  readonly note: string;
  readonly tags: readonly string[];
  readonly severity: Severity;
  readonly author: string;
}

export function fitsFilter({ title, note, tags, severity, author }: Filtered, filter: AnnotationFilter): boolean {
  const hay = [title, note, tags.join(' '), author].join('\n').toLowerCase();
  return (
    filter.text
      .toLowerCase()
      .split(/\s+/)
      .every((word) => hay.includes(word)) &&
    (filter.tag === '' || tags.includes(filter.tag)) &&
    (filter.severity === '' || SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(filter.severity))
  );
}

/** Every tag in use, in the order of the alphabet. */
export const tagsInUse = (annotations: readonly { readonly tags: readonly string[] }[]): readonly string[] =>
  [...new Set(annotations.flatMap(({ tags }) => tags))].sort((a, b) => a.localeCompare(b));

// What can be exported and how, as the export dialog holds it, and the request that follows from it.

import { TEXT_LOG_DEFAULTS, type ExportRequest, type Session, type TextLogOptions } from '../../shared/api/shapes.ts';

export type ExportFormat = ExportRequest['format'];

export const FORMATS: readonly { readonly format: ExportFormat; readonly label: string; readonly note: string }[] = [
  { format: 'text', label: 'Text', note: 'What was printed, as a readable log.' },
  { format: 'json', label: 'JSON', note: 'Every event with its times, streams and discrepancies.' },
  { format: 'asciicast-v2', label: 'asciicast v2', note: 'Plays in asciinema and most other players.' },
  { format: 'asciicast-v3', label: 'asciicast v3', note: 'Plays in asciinema 3 and later; keeps the exit status.' },
  {
    format: 'html',
    label: 'Report',
    note: 'One page that opens in any browser, with a player, the transcript and the proof card.',
  },
];

export const TEXT_OPTIONS: readonly { readonly name: keyof TextLogOptions; readonly label: string }[] = [
  { name: 'includeStdin', label: 'Include input (may hold passwords that were typed)' },
  { name: 'includeStdout', label: 'Include standard output' },
  { name: 'includeStderr', label: 'Include standard error' },
  { name: 'includeTimestamps', label: 'Put a time before each line' },
  { name: 'includeResizeMarkers', label: 'Mark changes of the screen size' },
  { name: 'terminalModeMarkers', label: 'Mark changes of the terminal’s mode' },
  { name: 'activeAlternateScreen', label: 'Show the alternate screen if it is active at the end' },
];

export interface ExportChoice {
  readonly format: ExportFormat;
  readonly text: TextLogOptions;
  /** As typed. */
  readonly fromSeq: string;
  readonly maxEvents: string;
}

export const FIRST_CHOICE: ExportChoice = { format: 'text', text: TEXT_LOG_DEFAULTS, fromSeq: '', maxEvents: '' };

/** Where every session is locked, only what is stored can be had. */
export const firstChoiceFor = (sessions: readonly Pick<Session, 'lock'>[]): ExportChoice =>
  sessions.every(({ lock }) => lock.state === 'locked') ? { ...FIRST_CHOICE, format: 'json' } : FIRST_CHOICE;

/** A report is of a whole recording. */
export const takesRange = ({ format }: Pick<ExportChoice, 'format'>): boolean => format !== 'html';

/** What keeps the choice from being exported, in words; empty when nothing does. */
export function choiceProblem({ format, text, fromSeq, maxEvents }: ExportChoice): string {
  if (!takesRange({ format })) return '';
  if (!/^\d{0,20}$/.test(fromSeq)) return 'A sequence number is written in digits.';
  if (!/^\d{0,9}$/.test(maxEvents)) return 'The most events is a number below a thousand million.';
  if (format === 'text' && !text.includeStdin && !text.includeStdout && !text.includeStderr)
    return 'Include at least one of input, output and error.';
  return '';
}

/** The choice as the core takes it, whichever sessions it is for. */
export function chosenExport(choice: ExportChoice): Omit<ExportRequest, 'id'> {
  const { format, text, fromSeq, maxEvents } = choice;
  const range = takesRange(choice);
  return {
    format,
    ...(format === 'text' ? { text } : {}),
    ...(!range || fromSeq === '' ? {} : { fromSeq }),
    ...(!range || maxEvents === '' ? {} : { maxEvents: Number(maxEvents) }),
  };
}

// What a synchronisation needs of a StackShift history record: whether the session is over, whether and until when it has a recording, and
// what to say of it beside the recording. The whole record is read by the history (docs/history.md); here nothing is judged.

import type { SessionHeader } from '../../shared/recording/decoder.ts';
import { isObject, textOf, type JsonObject } from '../../shared/recording/json-text.ts';
import { micros, parseInstant, type Micros } from '../../shared/recording/time.ts';
import type { Loss } from './sync-order.ts';

/** Days that the source keeps recordings after their end; null: without end, or not told. */
export interface RetentionDays {
  readonly production: number | null;
  readonly nonProduction: number | null;
}

export interface StackShiftRecord {
  readonly id: string;
  /** Nothing more will be recorded, and what was recorded is there. */
  readonly isOver: boolean;
  readonly recording: {
    readonly status: 'available' | 'none' | 'purged' | 'recording' | 'unknown';
    /** Bytes, where the source says. */
    readonly size: number | null;
  };
  readonly loss: Loss;
  /** For the recording's session in the library. */
  readonly header: Partial<SessionHeader>;
}

/** Statuses of a session that is over, where the source gives no time of its end. */
const OVER = ['ended', 'closed', 'revoked', 'failed'];

const STATUSES = ['available', 'none', 'purged', 'recording'] as const;

/** Whether a record is of a session that is over. */
export function isOver(record: JsonObject): boolean {
  return textOf(record, 'ended_at') !== undefined || OVER.includes(textOf(record, 'status') ?? '');
}

const DAY = 86_400_000_000;

/** A session whose project has no environment counts as production. */
const isProduction = (environment: string | undefined): boolean =>
  environment === undefined || environment.toLowerCase() === 'production';

/** Null for what has no id. */
export function readRecord(value: unknown, days: RetentionDays | null): StackShiftRecord | null {
  if (!isObject(value)) return null;
  const id = textOf(value, 'id')?.trim() ?? '';
  if (id === '') return null;
  const recording = isObject(value['recording']) ? value['recording'] : {};
  const initiator = isObject(value['initiator']) ? value['initiator'] : {};
  const environment = textOf(value, 'environment');
  const moment = (object: JsonObject, name: string): Micros | null => parseInstant(textOf(object, name) ?? '');
  const over = isOver(value);
  const said = textOf(recording, 'status');
  const status = STATUSES.find((one) => one === said) ?? 'unknown';
  const ended = over ? (moment(value, 'ended_at') ?? moment(value, 'started_at')) : null;
  const kept = days === null ? null : isProduction(environment) ? days.production : days.nonProduction;
  const byPolicy = ended === null || kept === null ? null : micros(ended + kept * DAY);
  const { size } = recording;
  const header: { -readonly [name in keyof SessionHeader]?: SessionHeader[name] | undefined } = {
    nativeId: id,
    user: textOf(initiator, 'email') ?? textOf(initiator, 'id'),
    server: textOf(value, 'target'),
    origin: textOf(value, 'origin'),
    environment,
    status: textOf(value, 'status'),
    startedAt: moment(value, 'started_at') ?? undefined,
    exitStatus: Number.isInteger(value['exit_code']) ? (value['exit_code'] as number) : undefined,
  };
  return {
    id,
    isOver: over && status !== 'recording',
    recording: { status, size: typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? size : null },
    loss: { until: moment(recording, 'expires_at') ?? byPolicy, ended },
    header: Object.fromEntries(Object.entries(header).filter(([, one]) => one !== undefined)),
  };
}

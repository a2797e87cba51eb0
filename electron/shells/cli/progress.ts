// How far long work is: a bar on a terminal, JSON lines for scripts, nothing otherwise. Always on standard error.

import type { Job } from '../../../shared/api/shapes.ts';
import { visible } from '../../../shared/recording/safe-text.ts';
import { jsonLine } from './output.ts';

export interface ProgressView {
  show(job: Job): void;
  /** Clears the bar. */
  end(): void;
}

const BAR = 24;
const DETAIL = 40;

function amount(job: Job, value: number): string {
  if (job.unit !== 'bytes') return String(value);
  return value >= 1024 * 1024 ? `${(value / 1024 / 1024).toFixed(1)} MiB` : `${(value / 1024).toFixed(0)} KiB`;
}

function bar(job: Job): string {
  const detail = visible(job.detail).slice(0, DETAIL);
  if (job.total === null || job.total === 0) return `${job.title}  ${amount(job, job.done)}  ${detail}`;
  const part = Math.min(1, job.done / job.total);
  const full = Math.round(part * BAR);
  return `${job.title}  [${'#'.repeat(full)}${'.'.repeat(BAR - full)}] ${String(Math.floor(part * 100)).padStart(3)} %  ${detail}`;
}

export function progressView(mode: 'auto' | 'json' | 'none', stream: NodeJS.WriteStream): ProgressView {
  if (mode === 'json') {
    return {
      show: ({ id, kind, state, done, total, unit, detail, sync }) => {
        stream.write(jsonLine({ job: id, kind, state, done, total, unit, detail, sync }));
      },
      end: () => undefined,
    };
  }
  if (mode === 'none' || !stream.isTTY) return { show: () => undefined, end: () => undefined };
  let shown = false;
  return {
    show: (job) => {
      shown = job.state === 'running';
      stream.write(shown ? `\r\u001b[K${bar(job).slice(0, stream.columns - 1)}` : '\r\u001b[K');
    },
    end: () => {
      if (shown) stream.write('\r\u001b[K');
    },
  };
}

// Recordings that are put into a library without reading any file: for tests of what happens to them there.

import { randomBytes } from 'node:crypto';
import type { Library } from '../../electron/library/library.ts';
import type { Micros } from '../../shared/recording/time.ts';

export interface KeptSession {
  readonly nativeId?: string;
  readonly title?: string;
  readonly user?: string;
  readonly environment?: string;
  readonly group?: string;
  readonly status?: string;
  readonly startedAt?: Micros;
  readonly duration?: Micros;
}

/** Keeps recordings as one file of a source; returns their ids. `acquiredAt` is RFC 3339. */
export function keepRecordings(
  library: Library,
  source: string,
  acquiredAt: string,
  sessions: readonly KeptSession[],
  content: Uint8Array = Buffer.from('x'),
): readonly string[] {
  const fingerprint = randomBytes(16).toString('hex');
  const handle = library.acquisitions.begin({
    source,
    format: 'asciicast-v2',
    fingerprint,
    decoder: 1,
    startedAt: acquiredAt,
    provenance: '{}',
  });
  return handle.complete(
    { parts: [{ part: 0, chunk: 0, bytes: content }], records: [], events: [] },
    [{ part: 0, name: 'file.cast', role: 'original', of: null, size: content.length, sha256: randomBytes(32) }],
    sessions.map(({ duration = 0 as Micros, ...header }) => ({
      header: { ...header, cols: 80, rows: 24, sizeAssumed: false, metadata: '{}' },
      duration,
      events: 0,
      streamBytes: { stdin: 0, stdout: 0, stderr: 0 },
      sealedEvents: 0,
      exitStatus: null,
      records: 1,
      root: randomBytes(32),
      discrepancies: [],
      discrepancyCount: 0,
    })),
    acquiredAt,
    (ids) => ({ actor: 'tester', action: 'acquire', subject: ids[0]!, purpose: '', details: {} }),
  );
}

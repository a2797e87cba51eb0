// Recordings made for tests: what the source room would hand over, from bytes in memory.

import { contentOf, HEAD_BYTES } from '../../shared/recording/content.ts';
import type { Decoder } from '../../shared/recording/decoder.ts';
import { groupFiles } from '../../shared/recording/detect.ts';
import type { FoundRecording } from '../../electron/source/source.ts';

export interface CastOptions {
  readonly width?: number;
  readonly height?: number;
  readonly title?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Unix seconds. */
  readonly timestamp?: number;
}

/** An asciicast v2 of these events. */
export function cast(events: readonly (readonly [number, string, string])[], options: CastOptions = {}): string {
  const { width = 80, height = 24, ...rest } = options;
  return [{ version: 2, width, height, ...rest }, ...events].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Named contents as a found recording, split into reads of `slice` bytes. */
export function found(files: Readonly<Record<string, string | Uint8Array>>, slice = 64 * 1024): FoundRecording {
  const parts = Object.entries(files).map(([name, content]) => ({ name, bytes: Buffer.from(content) }));
  const grouping = groupFiles(
    parts.map(({ name, bytes }) => ({ name, content: contentOf(bytes.subarray(0, HEAD_BYTES), bytes.length) })),
  );
  const group = grouping.groups[0];
  if (group === undefined) throw new Error(`no recording: ${grouping.refused.map(({ refusal }) => refusal.message).join('; ')}`);
  return {
    kind: 'recording',
    found: 'named',
    name: parts[group.files[0]!]!.name,
    path: parts[group.files[0]!]!.name,
    format: group.format,
    discrepancies: group.discrepancies,
    decoder: (): Decoder => group.decoder(),
    parts: group.files.map((file) => {
      const { name, bytes } = parts[file]!;
      return {
        name,
        size: bytes.length,
        async *original() {
          for (let at = 0; at < bytes.length; at += slice) yield bytes.subarray(at, at + slice);
          await Promise.resolve();
        },
      };
    }),
  };
}

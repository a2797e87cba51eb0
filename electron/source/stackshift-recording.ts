// A recording as StackShift sends it: an asciicast stream that is looked at and read in one go, since asking twice would cost twice and
// may get two answers. It passes through memory piece by piece and is on no disk outside the library.

import { HEAD_BYTES, contentOf } from '../../shared/recording/content.ts';
import { groupFiles } from '../../shared/recording/detect.ts';
import type { Discrepancy } from '../../shared/recording/discrepancy.ts';
import type { FoundRecording, RefusedInput } from './input.ts';
import type { Download } from './stackshift-client.ts';

/** The recording in a download. `size`: the bytes that the source says it has, where it does. Throws what the download throws. */
export async function findInDownload(
  { request, bytes }: Download,
  name: string,
  size: number | null,
): Promise<FoundRecording | RefusedInput> {
  const where = { found: 'named', name, path: request } as const;
  const iterator = bytes[Symbol.asyncIterator]();
  const begun: Uint8Array[] = [];
  let length = 0;
  let isWhole = false;
  while (length < HEAD_BYTES && !isWhole) {
    const { value, done } = await iterator.next();
    if (done === true) isWhole = true;
    else {
      begun.push(value);
      length += value.length;
    }
  }
  const head = Buffer.concat(begun);
  const content = contentOf(head.subarray(0, HEAD_BYTES), isWhole ? length : Infinity);
  const group = content.kind === 'asciicast' ? groupFiles([{ name, content }]).groups[0] : undefined;
  if (group === undefined) {
    await iterator.return?.();
    const why = content.kind === 'none' ? `: ${content.refusal.message}` : '';
    const message = `the source gave something else than an asciicast recording${why}`;
    return { kind: 'refused', ...where, refusal: { kind: 'not-a-recording', message, place: { file: name } } };
  }
  const problems: Discrepancy[] = [];
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      yield head;
      if (isWhole) return;
      for (;;) {
        const { value, done } = await iterator.next();
        if (done === true) break;
        length += value.length;
        yield value;
      }
    } finally {
      if (size !== null && length !== size)
        problems.push({
          kind: 'truncated',
          message: `the source says that the recording has ${String(size)} bytes, and gave ${String(length)}`,
          place: { file: name },
        });
      await iterator.return?.();
    }
  }
  const stream = all();
  return {
    kind: 'recording',
    ...where,
    format: group.format,
    parts: [{ name, original: () => stream, problems: () => problems }],
    decoder: group.decoder,
    discrepancies: group.discrepancies,
  };
}

// What a command writes to the file that it was given: readable by its owner only, and whole or not there.

import { createWriteStream, realpathSync, statSync } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { ExhibitError } from '../../../shared/api/errors.ts';
import { createWholeFile } from '../../core.ts';
import type { Context } from './context.ts';

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Writes to a file, or to standard output. A file of that name is replaced. Throws kind `disk`. */
export async function save(context: Context, file: string | undefined, chunks: Chunks): Promise<void> {
  if (file === undefined || file === '-') {
    for await (const chunk of chunks) await context.write(chunk);
    return;
  }
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return saveWhole(context, file, chunks);
  // Through a link, as the system writes through it.
  if (found.isFile()) return saveWhole(context, realpathSync(file), chunks);
  return pour(file, chunks);
}

async function saveWhole(context: Context, file: string, chunks: Chunks): Promise<void> {
  const whole = createWholeFile(file);
  const stop = context.onInterrupt(() => whole.abandon());
  try {
    let at = 0;
    for await (const chunk of chunks) {
      whole.write(chunk, at);
      at += chunk.length;
    }
    whole.commit();
  } catch (error) {
    whole.abandon();
    throw error;
  } finally {
    stop();
  }
}

/** Into a pipe or a device, which has no name to be given at the end. */
async function pour(file: string, chunks: Chunks): Promise<void> {
  const stream = createWriteStream(file);
  try {
    await Promise.all([
      finished(stream),
      (async () => {
        for await (const chunk of chunks) if (!stream.write(chunk)) await once(stream, 'drain');
        stream.end();
      })(),
    ]);
  } catch (error) {
    if (error instanceof ExhibitError) throw error;
    throw new ExhibitError('disk', `write ${file}`, (error as Error).message, 'check the space and the permissions there');
  } finally {
    stream.destroy();
  }
}

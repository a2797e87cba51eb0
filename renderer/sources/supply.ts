// Hands the bytes of given files to the core, range by range, as the core asks for them: nothing is read ahead, and a file of any size
// costs one range of memory.

import type { Api, Output } from '../../shared/api/contract.ts';
import type { GivenFile } from './file-tree.ts';

/** Offers files; resolves with the import's job at once. The bytes follow by `supply`. */
export async function offer(api: Api, files: readonly GivenFile[]): Promise<string> {
  const { job } = await api.call('import.offer', { files: files.map(({ name, file }) => ({ name, size: file.size })) });
  return job;
}

/** Answers the core's wishes until it has none. Ends the job when a file cannot be read any more, and throws. */
export async function supply(api: Api, job: string, files: readonly GivenFile[]): Promise<void> {
  let answer: { request: number; bytes: Uint8Array } | null = null;
  for (;;) {
    const { want }: Output<'import.next'> = await api.call('import.next', { job, supply: answer });
    if (want === null) return;
    const given: GivenFile | undefined = files[want.file];
    try {
      if (given === undefined) throw new Error(`file ${String(want.file)} was not offered`);
      const bytes: ArrayBuffer = await given.file.slice(want.offset, want.offset + want.length).arrayBuffer();
      answer = { request: want.request, bytes: new Uint8Array(bytes) };
    } catch (error) {
      await api.call('jobs.cancel', { job });
      throw error;
    }
  }
}

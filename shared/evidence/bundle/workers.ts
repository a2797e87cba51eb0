// The parts of a verification that take long, each asked for and answered as data: where there are other threads they are asked, else this
// one does all. Whoever is asked sees the same bytes.

import { toHex } from '../custody.ts';
import { chunks, type Bag, type Effects } from './bag.ts';
import { checkRecording, type RecordingCheck, type RecordingTask } from './recordings.ts';
import { Findings, type Found } from './report.ts';

/** Of one file; hexadecimal. */
export interface FileDigests {
  readonly sha256: string;
  readonly sha512: string;
  /** 0 where there is no ZIP, and so none to compare with. */
  readonly crc: number;
}

export interface CheckedRecording {
  readonly check: RecordingCheck;
  readonly found: Found;
}

export interface Workers {
  /** How much is asked for before the first of it is answered. */
  readonly atOnce: number;
  /** Reads a file of the bag to its end, and tells of bytes that were read. */
  digests(path: string, read: (bytes: number) => void): Promise<FileDigests>;
  check(task: RecordingTask): Promise<CheckedRecording>;
}

/** One thing after the other, in this thread. */
export function thisThread(bag: Bag, effects: Effects): Workers {
  return {
    atOnce: 1,
    digests: async (path, read) => {
      const file = bag.files.get(path)!;
      const sha256 = effects.newSha256();
      const sha512 = effects.newSha512();
      let crc = 0;
      for await (const bytes of chunks(file)) {
        sha256.update(bytes);
        sha512.update(bytes);
        if (file.crc !== null) crc = effects.crc32(bytes, crc);
        read(bytes.length);
      }
      return { sha256: toHex(sha256.digest()), sha512: toHex(sha512.digest()), crc };
    },
    check: async (task) => {
      const findings = new Findings();
      const check = await checkRecording(task, bag, effects, findings);
      return { check, found: findings.found() };
    },
  };
}

/** Asks for some at a time, and gives all answers in the order of the questions. */
export async function* inTurn<Question, Answer>(
  questions: Iterable<Question>,
  atOnce: number,
  ask: (question: Question) => Promise<Answer>,
): AsyncGenerator<Answer> {
  const asked: Promise<Answer>[] = [];
  for (const question of questions) {
    const answer = ask(question);
    // A failure is thrown where its turn comes; until then nobody listens.
    answer.catch(() => undefined);
    asked.push(answer);
    if (asked.length >= atOnce) yield await asked.shift()!;
  }
  for (const answer of asked) yield await answer;
}

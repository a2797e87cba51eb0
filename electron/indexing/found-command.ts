// A command as the index keeps it.

import type { Micros } from '../../shared/recording/time.ts';

export interface FoundCommand {
  readonly index: number;
  readonly prompt: string;
  readonly text: string;
  readonly typed: Micros | null;
  readonly entered: Micros;
  readonly end: Micros | null;
  readonly exitStatus: number | null;
  readonly evidence: 'shell' | 'input' | 'prompt';
  readonly confidence: number;
  /** The screen showed it as it was typed, or the shell itself says that it is a command. */
  readonly echoed: boolean;
}

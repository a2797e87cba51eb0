// Steps of a run: each one is a command or a function, shown as one line with its seconds; what a failed one printed follows its line.
// Steps of one group run at the same time, two at most: the machine that this is made for has two cores.

import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

export interface Outcome {
  readonly ok: boolean;
  /** A few words beside the line: counts, or why it failed. */
  readonly detail: string;
  /** Printed below the line when the step failed. */
  readonly output: string;
}

export interface Step {
  readonly name: string;
  readonly run: () => Promise<Outcome>;
}

export interface Ended {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
  /** Tests that passed and failed, where the step runs tests and says so; a step that failed counts for one at least. */
  readonly passed: number;
  readonly failed: number;
}

const running = new Set<ChildProcess>();

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    for (const child of running) child.kill(signal);
    // What they started gets the time to go, too.
    void delay(500).then(() => process.exit(130));
  });
}

/** A command as a step. `detail` finds the words beside the line in what the command printed. */
export function command(name: string, words: readonly string[], detail?: RegExp, env: NodeJS.ProcessEnv = {}): Step {
  const run = (): Promise<Outcome> => {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const child = spawn(words[0]!, words.slice(1), {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', ...env },
    });
    running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    const end = (ok: boolean, text: string): void => {
      running.delete(child);
      const found = detail?.exec(text);
      resolve({ ok, detail: found?.[1] ?? found?.[0] ?? '', output: text });
    };
    child.once('error', (error) => end(false, `${words[0]!}: ${error.message}\n`));
    child.once('close', (code) => end(code === 0, output));
    return promise;
  };
  return { name, run };
}

async function show({ name, run }: Step): Promise<Ended> {
  const started = performance.now();
  const { ok, detail, output } = await run();
  const seconds = (performance.now() - started) / 1000;
  const line = `${ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(10)}  ${seconds.toFixed(1).padStart(6)} s  ${detail}`;
  process.stdout.write(`${line.trimEnd()}\n${ok ? '' : `${output.trimEnd()}\n\n`}`);
  const count = (word: string): number => Number(new RegExp(`(\\d+) ${word}`).exec(detail)?.[1] ?? 0);
  return { name, ok, seconds, passed: count('passed'), failed: ok ? 0 : Math.max(1, count('failed')) };
}

/** Runs the groups one after another, failures or not, and returns how each step ended. */
export async function runSteps(groups: readonly (readonly Step[])[]): Promise<Ended[]> {
  const ended: Ended[] = [];
  for (const group of groups) {
    const waiting = [...group];
    const lane = async (): Promise<void> => {
      for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) ended.push(await show(step));
    };
    await Promise.all([lane(), lane()]);
  }
  return ended;
}

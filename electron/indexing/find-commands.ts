// The commands of any stream of events, without an index: a pass in memory, in steps of one run each, between which others have their turn.

import { ZERO } from '../../shared/recording/time.ts';
import { feedEvent } from '../../shared/terminal/feed.ts';
import { createTerminal, type EventSource } from '../replay/replay.ts';
import { Commands } from './commands.ts';
import type { FoundCommand } from './found-command.ts';
import type { Now } from './line-builder.ts';

function* hasInput(source: EventSource): Generator<void, boolean> {
  for (const { events } of source.runs(0)) {
    if (events.some((event) => event.kind === 'data' && event.stream === 'stdin' && event.bytes.length > 0)) return true;
    yield;
  }
  return false;
}

/** By the moment at which they were entered: one that runs others ends after them. */
export function* findCommandsInSteps(source: EventSource): Generator<void, FoundCommand[]> {
  const isTyped = yield* hasInput(source);
  const found: FoundCommand[] = [];
  let now: Now = { at: ZERO, index: 0 };
  const emulator = createTerminal(source.cols, source.rows, {
    watcher: { notice: (notice) => commands.notice(notice, now) },
    piped: source.piped,
  });
  const commands = new Commands(emulator, isTyped, (command) => found.push(command));
  for (const { firstIndex, events } of source.runs(0)) {
    for (const [i, event] of events.entries()) {
      now = { at: event.at, index: firstIndex + i };
      const isInput = event.kind === 'data' && event.stream === 'stdin';
      if (isInput) commands.input(event.bytes, now);
      feedEvent(emulator, event);
      if (event.kind === 'data' && !isInput) commands.output(now);
    }
    yield;
  }
  commands.finish();
  return found.toSorted((a, b) => a.entered - b.entered);
}

// transcript.txt made again from the events of a recording, in a terminal of its own.

import type { BagFile } from '../evidence/bundle/bag.ts';
import { TEXT_LOG_DEFAULTS } from '../recording/text-log-options.ts';
import type { MakeTerminal } from '../terminal/create-terminal.ts';
import { ClearFinder, TextLog, wants } from '../terminal/text-log.ts';
import { FileComparison } from './file-comparison.ts';
import type { Events, Screen } from './sources.ts';

/** UTF-16 units that are gathered before they are compared. */
const PIECE = 65_536;

async function mayClear(events: Events): Promise<boolean> {
  const finder = new ClearFinder();
  for await (const run of events.runs()) {
    for (const event of run) if (event.kind === 'data' && wants(TEXT_LOG_DEFAULTS, event.stream)) finder.push(event.bytes);
    if (finder.found) return true;
  }
  return false;
}

async function clearsIn(events: Events, screen: Screen, createTerminal: MakeTerminal): Promise<number> {
  if (!(await mayClear(events))) return 0;
  let clears = 0;
  const log = new TextLog(createTerminal, screen, TEXT_LOG_DEFAULTS, 0, () => (clears += 1));
  for await (const run of events.runs()) {
    for (const event of run) {
      log.add(event);
      log.take();
    }
  }
  return clears;
}

/** The first byte of the transcript that does not follow from the events, or null. */
export async function transcriptFault(
  file: BagFile,
  events: Events,
  screen: Screen,
  createTerminal: MakeTerminal,
): Promise<number | null> {
  const log = new TextLog(createTerminal, screen, TEXT_LOG_DEFAULTS, await clearsIn(events, screen, createTerminal));
  const comparison = new FileComparison(file);
  const encoder = new TextEncoder();
  for await (const run of events.runs()) {
    for (const event of run) {
      log.add(event);
      if (log.length >= PIECE) await comparison.push(encoder.encode(log.take()));
      if (comparison.difference !== null) return comparison.difference;
    }
  }
  await comparison.push(encoder.encode(log.end()));
  comparison.end();
  return comparison.difference;
}

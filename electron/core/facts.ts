// Derived facts of a session in the contract's shapes: its commands, and what stands on its timeline.

import type { Command, HiddenFinding, Timeline } from '../../shared/api/shapes.ts';
import { formatInstant } from '../../shared/recording/time.ts';
import { findCommandsInSteps, type FoundCommand, type FoundHidden } from '../indexing/indexing.ts';
import type { Fact, Library, SessionRow } from '../library/library.ts';
import type { EventSource, OpenedRecording } from '../replay/replay.ts';
import { discrepanciesOf, payloadCounts } from './discrepancies.ts';
import { discrepancyTimes } from './discrepancy-times.ts';

/** Findings of one session that indexing keeps, and one answer holds. */
const MAX_HIDDEN = 10_000;

/** Points or spans of one lane in one answer. The rest is counted. */
const MAX_LANE = 5000;

const commandShape = ({ typed, entered, end, ...rest }: FoundCommand): Command => ({
  ...rest,
  typedUs: typed,
  enteredUs: entered,
  endUs: end,
});

const commandOf = ({ data }: Fact): Command => commandShape(JSON.parse(data) as FoundCommand);

/** Commands by time; `next` is where the following page begins, or null. */
export function commandPage(
  { derived }: Library,
  session: SessionRow,
  from: number,
  limit: number,
): { commands: Command[]; next: number | null } {
  const { facts, total } = derived.facts(session, 'command', limit, from);
  const next = from + facts.length;
  return { commands: facts.map(commandOf), next: next < total ? next : null };
}

export function* eachCommand({ derived }: Library, session: SessionRow): Generator<Command> {
  for (const fact of derived.eachFact(session, 'command')) yield commandOf(fact);
}

/** The commands of a stream that is in no library: what a redaction leaves of one. Reads all of it, in steps. */
export function* commandsInSteps(source: EventSource): Generator<void, Command[]> {
  return (yield* findCommandsInSteps(source)).map(commandShape);
}

function hiddenShape({ from, to, index, data }: Fact): HiddenFinding {
  return { index, fromUs: from, toUs: to, ...(JSON.parse(data) as FoundHidden) };
}

/** A session keeps fewer of them than one answer holds. */
export function hiddenFacts(library: Library, session: SessionRow): HiddenFinding[] {
  return library.derived.facts(session, 'hidden', MAX_HIDDEN).facts.map(hiddenShape);
}

const textOf = (data: string): string => (JSON.parse(data) as { text?: string }).text ?? '';

export function timelineFacts(library: Library, recording: OpenedRecording): Timeline {
  const { session } = recording;
  const { derived } = library;
  const cut: Record<string, number> = {};
  const lane = (name: Fact['lane']): readonly Fact[] => {
    const { facts, total } = derived.facts(session, name, MAX_LANE);
    if (total > facts.length) cut[name] = total - facts.length;
    return facts;
  };
  const points = (name: Fact['lane']): Timeline['markers'] =>
    lane(name).map(({ from, index, data }) => ({ atUs: from, index, text: textOf(data) }));
  const spans = (name: Fact['lane']): Timeline['idle'] =>
    lane(name).map(({ from, to, data }) => ({ fromUs: from, toUs: to, text: textOf(data) }));
  const { listed, total } = discrepanciesOf(library, session, payloadCounts(library, session));
  if (total > listed.length) cut['discrepancy'] = total - listed.length;
  const times = discrepancyTimes(library, recording, listed);
  return {
    durationUs: session.duration,
    startedAt: session.startedAt === null ? null : formatInstant(session.startedAt),
    markers: points('marker'),
    resizes: points('resize'),
    titles: points('title'),
    bells: points('bell'),
    exits: points('exit'),
    others: points('other'),
    idle: spans('idle'),
    alternate: spans('alternate'),
    commands: lane('command').map(commandOf),
    hidden: lane('hidden').map(hiddenShape),
    discrepancies: listed.map((discrepancy, i) => ({ ...discrepancy, atUs: times[i]! })),
    cut,
    index: session.indexState,
  };
}

// The one pass over a recording: every event once through a terminal, and from what that shows: proven keyframes, text with its
// moments, commands, facts for the timeline, activity. Written in pages; a pass that ends early leaves the session marked as
// under way, and the next one begins by clearing what there is.

import { randomInt } from 'node:crypto';
import {
  GroupWriter,
  type Fact,
  type Keyframe,
  type Library,
  type SealedGroup,
  type SessionRow,
  type TextField,
  type TextLine,
} from '../library/library.ts';
import { createKeyframeTaker, createTerminal, isRstream, openRecording, type PayloadOpener } from '../replay/replay.ts';
import { themeOf } from '../../shared/recording/asciicast-theme.ts';
import { payloadLength } from '../../shared/recording/event.ts';
import { ZERO } from '../../shared/recording/time.ts';
import { feedEvent } from '../../shared/terminal/feed.ts';
import type { Watcher } from '../../shared/terminal/notice.ts';
import { ActivityCounter } from './activity.ts';
import { Commands } from './commands.ts';
import { Facts } from './facts.ts';
import { readableIn } from './hidden-readable.ts';
import { HiddenText } from './hidden-text.ts';
import type { Now } from './line-builder.ts';
import { Payloads } from './payloads.ts';
import { PrintedText } from './printed-text.ts';
import { ScreenText } from './screen-text.ts';
import { TypedText } from './typed-text.ts';
import { INDEX_VERSION } from './version.ts';

/** Lines, and UTF-16 units of text, of one group of the text index: measured best between its size and the work of looking at a candidate. */
const GROUP_LINES = 1024;
const GROUP_UNITS = 128 * 1024;

/** Groups, facts and keyframes that are held before they are written. */
const PAGE_GROUPS = 16;
const PAGE_FACTS = 4096;
const PAGE_KEYFRAMES = 16;

/** Output bytes between two reports of progress. */
const REPORT_BYTES = 512 * 1024;

class Page {
  readonly #library: Library;
  readonly #session: SessionRow;
  #groups: SealedGroup[] = [];
  readonly #group = new GroupWriter();
  /** Room that is left in the group under way, where there is one. */
  #lines = 0;
  #units = 0;
  #facts: Fact[] = [];
  #keyframes: Keyframe[] = [];

  constructor(library: Library, session: SessionRow) {
    this.#library = library;
    this.#session = session;
  }

  line(field: TextField, line: TextLine): void {
    if (this.#lines === 0 || this.#units <= 0) {
      this.seal();
      this.#lines = GROUP_LINES;
      this.#units = GROUP_UNITS;
    }
    this.#group.add(field, line);
    this.#lines -= 1;
    this.#units -= line.text.length;
  }

  /** Ends the group under way, however few lines it has. */
  seal(): void {
    this.#lines = 0;
    if (this.#group.fields.length === 0) return;
    this.#groups.push(this.#library.derived.text.seal(this.#session, this.#group));
    this.#group.clear();
  }

  fact(fact: Fact): void {
    this.#facts.push(fact);
  }

  keyframe(keyframe: Keyframe): void {
    this.#keyframes.push(keyframe);
    if (this.#keyframes.length >= PAGE_KEYFRAMES) this.#library.derived.transaction(() => this.#writeKeyframes());
  }

  #writeKeyframes(): void {
    for (const keyframe of this.#keyframes) this.#library.derived.putKeyframe(this.#session, keyframe);
    this.#keyframes = [];
  }

  /** The group under way counts too. */
  get full(): boolean {
    return this.#groups.length + 1 >= PAGE_GROUPS || this.#facts.length >= PAGE_FACTS;
  }

  /** Writes what is held; call it within a transaction, once the group under way is sealed. */
  write(): void {
    const { derived } = this.#library;
    for (const group of this.#groups) derived.text.put(group);
    derived.putFacts(this.#session, this.#facts);
    this.#writeKeyframes();
    this.#groups = [];
    this.#facts = [];
  }
}

/**
 * Makes the whole index of a session. `opener` is that of its payloads, or null. `report` is told how many bytes of output were
 * read. A session of which nothing can be read is marked as locked and has what its sizes and times tell; what can be read of a
 * partly sealed one is indexed.
 */
export function indexRecording(
  library: Library,
  session: SessionRow,
  opener: PayloadOpener | null,
  report: (outputBytes: number) => void,
): void {
  const { derived } = library;
  derived.clear(session);
  derived.setIndexState(session, 'running', INDEX_VERSION, null);

  const recording = openRecording(library, session, opener);
  const page = new Page(library, session);
  let now: Now = { at: ZERO, index: 0 };
  let outputBytes = 0;
  let reported = 0;

  const facts = new Facts((fact) => page.fact(fact));
  const watcher: Watcher = {
    notice: (notice) => {
      facts.notice(notice, now);
      commands.notice(notice, now);
    },
  };
  const emulator = createTerminal(session.cols, session.rows, { watcher, piped: recording.piped });
  const commands = new Commands(emulator, session.stdinBytes > 0, (command) => facts.command(command));
  const visible = new ScreenText(emulator, (line) => page.line('visible', line));
  const printed = new PrintedText((line) => page.line('printed', line));
  const typed = new TypedText(({ line }) => page.line('typed', line));
  const hidden = new HiddenText(emulator, recording.piped, themeOf(library.sessions.metadata(session)));
  const activity = new ActivityCounter(session.duration, emulator);
  const payloads = new Payloads(randomInt(2 ** 31), isRstream(session));
  const takeKeyframe = createKeyframeTaker(emulator, ({ index, at, state }) => {
    page.keyframe({ index, at, outputBytes: recording.outputBefore(index), bytes: state });
  });

  const flush = (): void => {
    page.seal();
    derived.transaction(() => page.write());
  };

  for (const { firstIndex, events } of recording.runs(0)) {
    const stored = recording.stored(firstIndex);
    for (let i = 0; i < events.length; i++) {
      const event = events[i]!;
      payloads.event(stored[i]!, event);
      now = { at: event.at, index: firstIndex + i };
      takeKeyframe(event);
      if (event.kind === 'data' && event.stream === 'stdin') commands.input(event.bytes, now);
      facts.event(event, now);
      hidden.before(event, now.index);
      activity.event(event);
      feedEvent(emulator, event);
      switch (event.kind) {
        case 'data':
          if (event.stream === 'stdin') typed.push(event.bytes, now);
          else {
            printed.push(event.stream, event.bytes, now);
            visible.after(now);
            commands.output(now);
            outputBytes += payloadLength(event);
          }
          break;
        case 'resize':
          visible.resized();
          visible.after(now);
          break;
        case 'marker':
        case 'exit':
        case 'other':
        case 'sealed':
          break;
      }
    }
    if (page.full) flush();
    if (outputBytes - reported >= REPORT_BYTES) {
      reported = outputBytes;
      report(outputBytes);
    }
  }
  commands.finish();
  facts.finish(now);
  printed.finish();
  typed.finish();
  visible.finish(now.at);
  const counts = payloads.take();
  if (counts !== null) page.fact({ lane: 'payloads', from: ZERO, to: now.at, index: 0, data: JSON.stringify(counts) });
  page.seal();
  const flushAll = (): void => {
    page.write();
    derived.text.flush();
  };
  derived.transaction(flushAll);
  // Reads what was written, which may take long: nobody else has to wait for it.
  for (const { fact, line } of hidden.finish(now.at, readableIn(library, session))) {
    page.fact(fact);
    if (line !== null) page.line('hidden', line);
  }
  page.seal();
  derived.transaction(() => {
    flushAll();
    derived.putActivity(session, activity.take());
    derived.setIndexState(session, payloads.locked ? 'locked' : 'done', INDEX_VERSION, null);
  });
}

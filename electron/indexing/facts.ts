// What happened in a recording, for its timeline: markers, resizes, titles, bells, the alternate screen, idle spans, exits.

import type { RecordingEvent, SealedEvent } from '../../shared/recording/event.ts';
import type { Micros } from '../../shared/recording/time.ts';
import type { Notice } from '../../shared/terminal/notice.ts';
import type { Fact } from '../library/library.ts';
import type { FoundCommand } from './found-command.ts';
import type { Now } from './line-builder.ts';

/** A pause between two events from which on it is shown as idle: 3 s, as long as people notice. */
const IDLE = 3_000_000;

/** Bells a second that are kept one by one; more of them are one ring. */
const BELL_SPACING = 100_000;

const MAX_TEXT = 1000;

/** Payloads that do not open which are kept one by one; all of them are counted. */
const MAX_UNOPENED = 10_000;

const textOf = (text: string): string => JSON.stringify({ text: text.slice(0, MAX_TEXT).toWellFormed() });

export class Facts {
  readonly #emit: (fact: Fact) => void;
  #last: Micros = 0 as Micros;
  #alternate: Now | null = null;
  #title = '';
  #bell: Micros | null = null;
  #refusals = 0;

  constructor(emit: (fact: Fact) => void) {
    this.#emit = emit;
  }

  #point(lane: Fact['lane'], { at, index }: Now, data: string): void {
    this.#emit({ lane, from: at, to: at, index, data });
  }

  event(event: RecordingEvent, now: Now): void {
    if (event.at - this.#last >= IDLE) this.#emit({ lane: 'idle', from: this.#last, to: event.at, index: now.index, data: '{}' });
    this.#last = event.at;
    switch (event.kind) {
      case 'marker':
        this.#point('marker', now, textOf(event.label));
        return;
      case 'resize':
        this.#point('resize', now, textOf(`${String(event.cols)}x${String(event.rows)}`));
        return;
      case 'exit':
        this.#point('exit', now, textOf(event.text));
        return;
      case 'other':
        this.#point('other', now, textOf(event.text === '' ? event.code : `${event.code} ${event.text}`));
        return;
      case 'sealed':
        this.#unopened(event, now);
        return;
      case 'data':
        return;
    }
  }

  #unopened({ seq, refusal }: SealedEvent, now: Now): void {
    if (refusal === undefined || this.#refusals >= MAX_UNOPENED) return;
    this.#refusals += 1;
    this.#point('unopened', now, JSON.stringify({ seq, reason: refusal }));
  }

  notice(notice: Notice, now: Now): void {
    if (notice.kind === 'title' && notice.text !== this.#title) {
      this.#title = notice.text;
      this.#point('title', now, textOf(notice.text));
    } else if (notice.kind === 'bell') {
      if (this.#bell === null || now.at - this.#bell >= BELL_SPACING) this.#point('bell', now, '{}');
      this.#bell = now.at;
    } else if (notice.kind === 'alternate-screen') this.#switch(notice.entered, now);
  }

  #switch(entered: boolean, now: Now): void {
    const since = this.#alternate;
    this.#alternate = entered ? (since ?? now) : null;
    if (entered || since === null) return;
    this.#emit({ lane: 'alternate', from: since.at, to: now.at, index: since.index, data: textOf(this.#title) });
  }

  command(command: FoundCommand): void {
    const from = command.typed ?? command.entered;
    this.#emit({
      lane: 'command',
      from,
      to: command.end ?? command.entered,
      index: command.index,
      data: JSON.stringify(command),
    });
  }

  finish(now: Now): void {
    this.#switch(false, now);
  }
}

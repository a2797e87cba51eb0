// What the index would tell of a recording's course, as far as its events tell it.

import type { Output } from '../../shared/api/contract.ts';
import { fakePresence } from './fake-presence.ts';
import type { FakeRecording } from './fake-recordings.ts';

/** A pause of this length counts as idle, in microseconds. */
const IDLE = 5_000_000;

export function fakeTimeline({ session, commands, hidden, events, discrepancies }: FakeRecording): Output<'replay.timeline'> {
  type Point = Output<'replay.timeline'>['markers'][number];
  type Span = Output<'replay.timeline'>['idle'][number];
  const markers: Point[] = [];
  const resizes: Point[] = [{ atUs: 0, index: 0, text: `${String(session.cols)}x${String(session.rows)}` }];
  const titles: Point[] = [];
  const exits: Point[] = [];
  const others: Point[] = [];
  const idle: Span[] = [];
  const alternate: Span[] = [];
  const decoder = new TextDecoder();
  let before = 0;
  let entered: number | null = null;
  for (const [index, event] of events.entries()) {
    const point = (text: string): Point => ({ atUs: event.at, index, text });
    if (event.at - before >= IDLE) idle.push({ fromUs: before, toUs: event.at, text: '' });
    before = event.at;
    switch (event.kind) {
      case 'marker':
        markers.push(point(event.label));
        break;
      case 'resize':
        resizes.push(point(`${String(event.cols)}x${String(event.rows)}`));
        break;
      case 'exit':
        exits.push(point(event.text));
        break;
      case 'other':
        others.push(point(event.code));
        break;
      case 'sealed':
        break;
      case 'data': {
        if (event.stream === 'stdin') break;
        const text = decoder.decode(event.bytes);
        for (const [, title] of text.matchAll(/\u001b\][02];([^\u0007\u001b]*)/g)) titles.push(point(title!));
        if (text.includes('\u001b[?1049h')) entered ??= event.at;
        if (text.includes('\u001b[?1049l') && entered !== null) {
          alternate.push({ fromUs: entered, toUs: event.at, text: '' });
          entered = null;
        }
        break;
      }
    }
  }
  if (entered !== null) alternate.push({ fromUs: entered, toUs: session.durationUs, text: '' });
  return {
    durationUs: session.durationUs,
    startedAt: session.startedAt,
    markers,
    resizes,
    titles,
    bells: [],
    exits,
    others: [...others, ...fakePresence(session)].sort((a, b) => a.atUs - b.atUs),
    idle,
    alternate,
    commands: [...commands],
    hidden: [...hidden],
    discrepancies: discrepancies.map((discrepancy) => ({ ...discrepancy, atUs: null })),
    cut: {},
    index: session.index,
  };
}

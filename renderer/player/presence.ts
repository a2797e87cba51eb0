// Who was in a session and when control of it changed, told by its participants' list and by the recording's own events of the types
// `participant` and `control` (docs/rstream.md). What such an event carries is not public: words and names are taken where they stand, and
// an event that says nothing more is shown as one that says nothing more. Pure.

import type { Participant, Timeline } from '../../shared/api/shapes.ts';
import { epochOf } from '../ui/format.ts';
import type { Labelled } from './timeline/layout.ts';
import type { PresentSpan } from './timeline/timeline-data.ts';

export interface PresenceChange extends Labelled {
  readonly kind: 'participant' | 'control';
}

export interface Presence {
  /** Nobody else is in the same line of the lane at the same time. */
  readonly spans: readonly PresentSpan[];
  readonly changes: readonly PresenceChange[];
}

/** Lines of the lane; who would need another one is listed beside it. */
const MOST_ROWS = 4;

/** Members that may hold the word for what happened, the likeliest first. */
const WORD_MEMBERS = ['action', 'event', 'status', 'state', 'change', 'kind', 'type'] as const;

const PERSON_MEMBERS = [
  'participant_id',
  'controller_participant_id',
  'requester_participant_id',
  'requester_user_id',
  'user_id',
] as const;

const PARTICIPANT_WORDS: readonly (readonly [RegExp, 'joined' | 'left'])[] = [
  [/^(attach|join|connect|enter)/, 'joined'],
  [/^(detach|leave|left|disconnect|exit)/, 'left'],
];

/** What happened to control, and the word that leads to a person. */
const CONTROL_WORDS: readonly (readonly [RegExp, readonly [string, string]])[] = [
  [/^(grant|approve)/, ['granted', 'to']],
  [/^(request|pending|ask)/, ['requested', 'by']],
  [/^(refuse|deny|denied|reject)/, ['refused', 'to']],
  [/^revoke/, ['revoked', 'from']],
  [/^expire/, ['request expired', 'of']],
  [/^(release|return)/, ['given back', 'by']],
];

type Members = Readonly<Record<string, unknown>>;

const membersOf = (value: unknown): Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {};

function parsed(text: string): Members {
  try {
    return membersOf(JSON.parse(text));
  } catch {
    // Cut in the index, or no JSON: the event is there all the same.
    return {};
  }
}

const firstText = (objects: readonly Members[], names: readonly string[]): string | null => {
  for (const name of names)
    for (const object of objects) {
      const value = object[name];
      if (typeof value === 'string' && value !== '') return value;
    }
  return null;
};

interface Told {
  readonly atUs: number;
  readonly kind: PresenceChange['kind'];
  readonly person: string | null;
  readonly word: string | null;
  readonly controls: boolean;
}

/** An event of the index, `code {json}`, that tells of participants or control; null where it is another. */
function toldBy({ atUs, text }: Timeline['others'][number]): Told | null {
  const gap = text.indexOf(' ');
  const code = gap < 0 ? text : text.slice(0, gap);
  if (code !== 'participant' && code !== 'control') return null;
  const whole = gap < 0 ? {} : parsed(text.slice(gap + 1));
  const { metadata } = whole;
  const objects = [typeof metadata === 'string' ? parsed(metadata) : membersOf(metadata), whole];
  return {
    atUs,
    kind: code,
    person: firstText(objects, PERSON_MEMBERS),
    word: firstText(objects, WORD_MEMBERS)?.toLowerCase() ?? null,
    controls: firstText(objects, ['role']) === 'controller',
  };
}

export const isPresence = (text: string): boolean => /^(participant|control)( |$)/.test(text);

const wordFor = <W>(words: readonly (readonly [RegExp, W])[], word: string | null): W | null =>
  word === null ? null : (words.find(([known]) => known.test(word))?.[1] ?? null);

/** `startUs`: when the recording began, in microseconds since 1970 UTC; without it, times of the list say nothing on its clock. */
export function presenceOf(
  others: Timeline['others'],
  participants: readonly Participant[],
  startUs: number | null,
  durationUs: number,
): Presence {
  const people = new Map(participants.map((one) => [one.id, one]));
  const nameOf = (id: string | null): string => (id === null ? 'somebody' : (people.get(id)?.user ?? id));
  const onClock = (at: string | null): number | null => {
    const epoch = at === null ? null : epochOf(at);
    return epoch === null || startUs === null ? null : epoch - startUs;
  };
  const changes: PresenceChange[] = [];
  const stays: { id: string; fromUs: number; toUs: number | null; controls: boolean }[] = [];
  const openStay = (id: string): (typeof stays)[number] | undefined =>
    stays.findLast((one) => one.id === id && one.toUs === null);

  for (const one of others) {
    const told = toldBy(one);
    if (told === null) continue;
    const { atUs, kind, person, word, controls } = told;
    const name = nameOf(person);
    if (kind === 'control') {
      const known = wordFor(CONTROL_WORDS, word);
      const what = known === null ? (word ?? 'changed') : known[0];
      const who = person === null ? '' : known === null ? `: ${name}` : ` ${known[1]} ${name}`;
      changes.push({ atUs, kind, text: `${what}${who}` });
      continue;
    }
    const known = wordFor(PARTICIPANT_WORDS, word);
    changes.push({ atUs, kind, text: known === null ? `${name}${word === null ? '' : `: ${word}`}` : `${name} ${known}` });
    if (person === null) continue;
    const open = openStay(person);
    if (known === 'joined' && open === undefined) stays.push({ id: person, fromUs: atUs, toUs: null, controls });
    else if (known === 'left' && open !== undefined) open.toUs = atUs;
  }
  for (const { id, role, attachedAt, detachedAt } of participants) {
    const from = onClock(attachedAt);
    const to = onClock(detachedAt);
    const known = stays.filter((one) => one.id === id);
    if (known.length > 0) {
      const open = openStay(id);
      if (open !== undefined && to !== null && to >= open.fromUs) open.toUs = to;
      continue;
    }
    if (from === null) continue;
    stays.push({ id, fromUs: from, toUs: to, controls: role === 'controller' });
    changes.push({ atUs: from, kind: 'participant', text: `${nameOf(id)} joined` });
    if (to !== null) changes.push({ atUs: to, kind: 'participant', text: `${nameOf(id)} left` });
  }

  const ends: number[] = [];
  const spans: PresentSpan[] = [];
  for (const { id, fromUs, toUs, controls } of stays.toSorted((a, b) => a.fromUs - b.fromUs)) {
    const from = Math.max(0, fromUs);
    const to = Math.min(durationUs, toUs ?? durationUs);
    if (from > durationUs || to < from) continue;
    const free = ends.findIndex((end) => end <= from);
    const row = free < 0 ? ends.length : free;
    if (row >= MOST_ROWS) continue;
    ends[row] = to;
    spans.push({ fromUs: from, toUs: to, text: nameOf(id), row, controls: controls || people.get(id)?.role === 'controller' });
  }
  return { spans, changes: changes.toSorted((a, b) => a.atUs - b.atUs) };
}

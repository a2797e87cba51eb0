// Every recording and finding on one clock, UTC: a drawing, and the same as a table. Long stretches without any recording are cut from the
// drawing, and each cut says how long it is, so that minutes stay visible in a case of weeks.

import { markup, NOTHING, recorded, type Markup } from './markup.ts';
import { jump, type Plan, type Planned } from './plan.ts';
import { severityBadge } from './summary.ts';
import { duration, epoch, wall } from './words.ts';

const WIDTH = 1000;
/** Left of the drawing: names. */
const NAMES = 110;
const ROW = 24;
const TOP = 24;
/** A cut, in pixels. */
const CUT = 56;
/** Recordings that are drawn: beyond, a drawing is no help. */
const DRAWN = 60;
/** About the width of a letter of a label. */
const LETTER = 6.5;
/** Between two labels of the clock: 1 s to a day. Microseconds. */
const STEPS = [1, 5, 15, 60, 120, 300, 900, 3600, 7200, 21_600, 86_400].map((seconds) => seconds * 1_000_000);
/** A stretch without recordings is cut when it is longer than this share of all that is recorded. */
const LONG = 0.25;

interface Dated {
  readonly planned: Planned;
  readonly fromUs: number;
  readonly toUs: number;
}

/** A stretch of the clock in which something was recorded. */
interface Stretch {
  readonly fromUs: number;
  toUs: number;
}

function stretches(dated: readonly Dated[]): readonly Stretch[] {
  const recordedUs = dated.reduce((sum, { fromUs, toUs }) => sum + toUs - fromUs, 0);
  const all: Stretch[] = [];
  for (const { fromUs, toUs } of dated) {
    const last = all.at(-1);
    if (last !== undefined && fromUs - last.toUs <= recordedUs * LONG) last.toUs = Math.max(last.toUs, toUs);
    else all.push({ fromUs, toUs });
  }
  return all;
}

const round = (x: number): string => String(Math.round(x * 10) / 10);

/** From the clock to pixels. */
function scaleOf(all: readonly Stretch[]): (us: number) => number {
  const total = all.reduce((sum, { fromUs, toUs }) => sum + Math.max(1, toUs - fromUs), 0);
  // Where there are very many stretches, the cuts between them take at most half of the width.
  const cut = Math.min(CUT, (WIDTH - NAMES) / 2 / Math.max(1, all.length));
  const room = WIDTH - NAMES - 10 - cut * (all.length - 1);
  const starts: number[] = [];
  let x = NAMES;
  for (const { fromUs, toUs } of all) {
    starts.push(x);
    x += (room * Math.max(1, toUs - fromUs)) / total + cut;
  }
  return (us) => {
    const at = Math.max(
      0,
      all.findLastIndex(({ fromUs }) => fromUs <= us),
    );
    const { fromUs, toUs } = all[at]!;
    return starts[at]! + (room * Math.min(Math.max(0, us - fromUs), Math.max(1, toUs - fromUs))) / total;
  };
}

function drawing(dated: readonly Dated[]): Markup {
  const all = stretches(dated);
  const x = scaleOf(all);
  const height = TOP + dated.length * ROW + 6;
  const rows = dated.map(({ planned, fromUs, toUs }, at) => {
    const y = TOP + at * ROW;
    const left = x(fromUs);
    const width = Math.max(2, x(toUs) - left);
    const ticks = planned.findings
      .filter(({ annotation }) => !annotation.retracted)
      .map(({ id, number, annotation }) => {
        const place = round(x(fromUs + annotation.anchor.fromUs));
        return markup`<a href="#${id}" tabindex="-1"><title>${number} ${annotation.title}</title><rect class="tick ${annotation.severity}" x="${round(Number(place) - 2)}" y="${y + 1}" width="4" height="${ROW - 6}"/></a>`;
      });
    const name = planned.name.length > 14 ? `${planned.name.slice(0, 13)}…` : planned.name;
    return markup`<text class="name" x="0" y="${y + 14}">${name}</text><rect class="bar" x="${round(left)}" y="${y + 4}" width="${round(width)}" height="${ROW - 12}" rx="2"/>${ticks}`;
  });
  let free = 0;
  const tick = (us: number, label: string): Markup => {
    const at = x(us);
    // Labels that would run into each other are left to the table.
    if (at < free || at + label.length * LETTER > WIDTH) return NOTHING;
    free = at + (label.length + 2) * LETTER;
    const place = round(at);
    return markup`<line class="grid" x1="${place}" x2="${place}" y1="${TOP - 6}" y2="${height}"/><text x="${place}" y="12">${label}</text>`;
  };
  const marks = all.map(({ fromUs, toUs }, at) => {
    const next = all[at + 1];
    const cut = next === undefined ? NOTHING : cutMark(x(toUs), x(next.fromUs), height, next.fromUs - toUs);
    const step = STEPS.find((us) => x(Math.min(toUs, fromUs + us)) - x(fromUs) > 9 * LETTER);
    const within = [tick(fromUs, wall(fromUs))];
    if (step !== undefined)
      for (let us = Math.ceil(fromUs / step) * step; us < toUs; us += step) within.push(tick(us, wall(us).slice(11)));
    return markup`${within}${cut}`;
  });
  return markup`<svg class="clock-lanes" viewBox="0 0 ${WIDTH} ${height}" aria-hidden="true">${marks}${rows}</svg>`;
}

function cutMark(from: number, to: number, height: number, us: number): Markup {
  const middle = round((from + to) / 2);
  const words = to - from < 40 ? NOTHING : markup`<text class="cut" x="${middle}" y="${height - 2}">${duration(us)}</text>`;
  return markup`<rect class="gap" x="${round(from + 4)}" y="${TOP - 4}" width="${round(Math.max(1, to - from - 8))}" height="${height - TOP - 8}"/>${words}`;
}

interface Row {
  readonly at: number;
  readonly cells: Markup;
}

function rowsOf({ planned, fromUs, toUs }: Dated): readonly Row[] {
  const link = markup`<a href="#recording-${planned.number}">${planned.name}</a>`;
  const { exitStatus } = planned.recording.session;
  const exit = exitStatus === null ? '' : `, exit status ${String(exitStatus)}`;
  return [
    {
      at: fromUs,
      cells: markup`<td>${link}</td><td class="wide">Recording begins: ${recorded(planned.title)}</td><td>${jump(planned, 0)}</td>`,
    },
    ...planned.findings
      .filter(({ annotation }) => !annotation.retracted)
      .map(({ id, number, annotation }) => ({
        at: fromUs + annotation.anchor.fromUs,
        cells: markup`<td>${link}</td><td class="wide">${severityBadge(annotation.severity)} <a href="#${id}">${number}</a> ${recorded(annotation.title)}</td><td>${jump(planned, annotation.anchor.fromUs)}</td>`,
      })),
    {
      at: toUs,
      cells: markup`<td>${link}</td><td class="wide">Recording ends${exit}</td><td>${jump(planned, toUs - fromUs)}</td>`,
    },
  ];
}

export function timeline({ recordings }: Plan): Markup {
  const dated: Dated[] = [];
  const undated: Planned[] = [];
  for (const planned of recordings) {
    const { startedAt, durationUs } = planned.recording.session;
    const fromUs = epoch(startedAt);
    if (fromUs === null) undated.push(planned);
    else dated.push({ planned, fromUs, toUs: fromUs + durationUs });
  }
  dated.sort((a, b) => a.fromUs - b.fromUs || a.planned.number - b.planned.number);
  const rows = dated.flatMap(rowsOf).toSorted((a, b) => a.at - b.at);
  const without = undated.map(
    (planned) =>
      markup`<li><a href="#recording-${planned.number}">${planned.name}</a> ${recorded(planned.title)}, ${duration(planned.recording.session.durationUs)}</li>`,
  );
  return markup`
<section id="timeline"><h2>Timeline</h2>
<p class="soft">By the clocks of the machines that recorded, which nobody attests.</p>
${dated.length === 0 ? NOTHING : drawing(dated.slice(0, DRAWN))}
${dated.length <= DRAWN ? NOTHING : markup`<p class="soft">The first ${DRAWN} of ${dated.length} recordings are drawn; the table has all.</p>`}
${
  rows.length === 0
    ? NOTHING
    : markup`<div class="table" role="region" aria-label="Timeline" tabindex="0"><table>
<thead><tr><th scope="col">UTC</th><th scope="col">Exhibit</th><th scope="col">What</th><th scope="col">Into it</th></tr></thead>
<tbody>${rows.map(({ at, cells }) => markup`\n<tr><td class="time">${wall(at, 3)}</td>${cells}</tr>`)}</tbody></table></div>`
}
${without.length === 0 ? NOTHING : markup`<p>These recordings do not say when they began:</p><ul class="plain">${without}</ul>`}
</section>`;
}

// The findings, each with its frame, its note, its place in the recording, and how it came to be what it is.

import type { Annotation } from '../../../shared/api/case-shapes.ts';
import { frameFigure } from './frame.ts';
import { markup, NOTHING, recorded, type Markup } from './markup.ts';
import { note } from './note.ts';
import { jump, type Plan, type PlannedFinding } from './plan.ts';
import { facts, severityBadge } from './summary.ts';
import { epoch, instant, wall } from './words.ts';

const KINDS = { moment: 'Moment', range: 'Range', region: 'Region of the screen', text: 'Text' } as const;

function history({ versions }: Annotation): Markup {
  const rows = versions.map(
    ({ version, author, at, reason, retracted }) => markup`
<tr><td>${version}</td><td>${recorded(author)}</td><td>${instant(at)}</td><td class="wide">${retracted ? 'Retracted: ' : ''}${recorded(reason)}</td></tr>`,
  );
  return markup`<div class="table"><table>
<thead><tr><th scope="col">Version</th><th scope="col">Author</th><th scope="col">At</th><th scope="col">Reason</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

function place({ annotation, recording, number }: PlannedFinding): Markup {
  const { anchor, severity, title } = annotation;
  const start = epoch(recording?.recording.session.startedAt ?? null);
  const from = jump(recording, anchor.fromUs, { severity, label: `${number} ${title}` });
  const to = anchor.toUs > anchor.fromUs ? markup` to ${jump(recording, anchor.toUs)}` : NOTHING;
  const at = start === null ? NOTHING : markup` <span class="faint">${wall(start + anchor.fromUs, 3)} UTC</span>`;
  const where = recording === null ? NOTHING : markup`<a href="#recording-${recording.number}">${recording.name}</a> at `;
  return markup`<p class="place">${where}${from}${to}${at}</p>`;
}

function anchorFacts({ annotation }: PlannedFinding): Markup {
  const { anchor, from } = annotation;
  const range = (a: number, b: number): string => (a === b ? String(a + 1) : `${String(a + 1)} to ${String(b + 1)}`);
  return facts([
    ['Kind', KINDS[anchor.kind]],
    ['Recording', anchor.session],
    ['Root', markup`<code class="hash">${anchor.root}</code> over ${anchor.records} records`],
    ['Event', anchor.fromEvent < 0 ? 'before the first' : range(anchor.fromEvent, anchor.toEvent)],
    ['Sequence number', anchor.seq],
    ['Screen hash', anchor.screen === null ? null : markup`<code class="hash">${anchor.screen}</code>`],
    ['Signed by', from === null ? null : markup`<code class="hash">${from}</code>`],
  ]);
}

function retractedFinding({ id, number, annotation }: PlannedFinding): Markup {
  const last = annotation.versions.at(-1);
  return markup`
<article class="finding retracted" id="${id}"><h3><span class="no">${number}</span> <s>${recorded(annotation.title)}</s></h3>
<p class="soft">Retracted${last === undefined ? '' : markup` by ${recorded(last.author)}, ${instant(last.at)}: ${recorded(last.reason)}`}</p></article>`;
}

function article(finding: PlannedFinding, { annotated }: Plan): Markup {
  const { id, number, annotation, frame } = finding;
  if (annotation.retracted) return retractedFinding(finding);
  const { title, tags, links, anchor, author, createdAt } = annotation;
  const related = links.map((link) => annotated.get(link)).filter((one) => one !== undefined);
  const others = related.map((one) => markup`<li><a href="#${one.id}">${one.number}</a> ${recorded(one.annotation.title)}</li>`);
  return markup`
<article class="finding" id="${id}">
<header><h3><span class="no">${number}</span> ${recorded(title)}</h3>${severityBadge(annotation.severity)}</header>
${place(finding)}
${annotation.note === '' ? NOTHING : note(annotation.note)}
${anchor.text === null ? NOTHING : markup`<blockquote class="text">${recorded(anchor.text)}</blockquote>`}
${frame === null ? NOTHING : frameFigure(frame, anchor.region)}
${tags.length === 0 ? NOTHING : markup`<ul class="tags" aria-label="Tags">${tags.map((tag) => markup`<li>${recorded(tag)}</li>`)}</ul>`}
${others.length === 0 ? NOTHING : markup`<div class="related"><p>See also</p><ul>${others}</ul></div>`}
<p class="by">${recorded(author)}, ${instant(createdAt)}${annotation.from === null ? NOTHING : markup`; from a file signed by <code class="hash">${annotation.from}</code>`}</p>
<details class="small"><summary>Anchor and versions of ${number}</summary>${anchorFacts(finding)}${history(annotation)}</details>
</article>`;
}

/** Piece by piece: each finding holds a picture. */
export function* findings(plan: Plan): Generator<string> {
  yield markup`\n<section id="findings"><h2>Annotations</h2>`.html;
  if (plan.findings.length === 0) yield '<p class="soft">No annotation was made.</p>';
  for (const finding of plan.findings) yield article(finding, plan).html;
  yield '</section>';
}

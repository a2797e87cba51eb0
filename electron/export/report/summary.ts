// The first page: what the report is about, who made it and why, its exhibits, and what was found, in one look.

import { SEVERITIES } from '../../../shared/api/case-shapes.ts';
import type { Plan, Planned } from './plan.ts';
import { jump } from './plan.ts';
import { markup, NOTHING, recorded, type Markup } from './markup.ts';
import { note } from './note.ts';
import { duration, epoch, instant, SEVERITY, some } from './words.ts';

/** Names and values; a value that is empty is left out. */
export function facts(pairs: readonly (readonly [string, Markup | string | null])[]): Markup {
  const rows = pairs
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => markup`<div><dt>${name}</dt><dd>${typeof value === 'string' ? recorded(value) : value!}</dd></div>`);
  return markup`<dl class="facts">${rows}</dl>`;
}

export function severityBadge(severity: keyof typeof SEVERITY): Markup {
  return markup`<span class="severity ${severity}">${SEVERITY[severity]}</span>`;
}

export function reportTitle({ input, recordings }: Plan): string {
  if (input.case !== null) return `${input.case.number} – ${input.case.title}`;
  return recordings[0]?.title ?? 'No recording';
}

function tiles({ input, findings, recordings }: Plan): Markup {
  const standing = findings.filter(({ annotation }) => !annotation.retracted);
  const total = recordings.reduce((sum, { recording }) => sum + recording.session.durationUs, 0);
  const withheld = recordings.reduce((sum, { recording }) => sum + recording.withheld, 0);
  const tile = (value: string, name: string, href: string): Markup =>
    markup`<li><a href="#${href}"><b>${value}</b> <span>${name}</span></a></li>`;
  return markup`<ul class="tiles">
${input.case === null ? NOTHING : tile(String(standing.length), standing.length === 1 ? 'annotation' : 'annotations', 'findings')}
${input.case === null ? NOTHING : tile(String(input.exhibits.length), input.exhibits.length === 1 ? 'exhibit' : 'exhibits', 'exhibits')}
${tile(String(recordings.length), recordings.length === 1 ? 'recording' : 'recordings', 'recordings')}
${tile(duration(total), 'recorded', 'timeline')}
${input.redacted ? tile(String(withheld), withheld === 1 ? 'record withheld' : 'records withheld', 'redactions') : NOTHING}
</ul>`;
}

function findingList({ findings }: Plan): Markup {
  const standing = findings.filter(({ annotation }) => !annotation.retracted);
  if (standing.length === 0) return NOTHING;
  const rows = standing.map(
    ({ id, number, annotation, recording }) => markup`
<tr><td><a href="#${id}">${number}</a></td><td>${severityBadge(annotation.severity)}</td><td class="wide">${recorded(annotation.title)}</td>
<td>${recording?.name ?? ''}</td><td>${jump(recording, annotation.anchor.fromUs)}</td></tr>`,
  );
  const counts = SEVERITIES.toReversed()
    .map((severity) => [severity, standing.filter(({ annotation }) => annotation.severity === severity).length] as const)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${String(count)} ${SEVERITY[severity].toLowerCase()}`);
  return markup`
<h2 class="minor">What was found</h2>
<p class="soft">${some(standing.length, 'annotation')}: ${counts.join(', ')}.</p>
<div class="table" role="region" aria-label="Annotations in short" tabindex="0"><table>
<thead><tr><th scope="col">No.</th><th scope="col">Severity</th><th scope="col">Annotation</th><th scope="col">Exhibit</th><th scope="col">At</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

function exhibitList({ input, recordings }: Plan): Markup {
  if (input.case === null) return NOTHING;
  const of = (session: string): Planned | undefined => recordings.find(({ recording }) => recording.session.id === session);
  const rows = input.exhibits.map(({ number, title, session, range, addedBy, addedAt }) => {
    const planned = of(session);
    const startedAt = planned?.recording.session.startedAt ?? null;
    const { fromUs, toUs } = range ?? { fromUs: 0, toUs: planned?.recording.session.durationUs ?? 0 };
    const part =
      range === null
        ? markup`whole, ${duration(toUs)}`
        : markup`${jump(planned ?? null, fromUs)} to ${jump(planned ?? null, toUs)}`;
    return markup`
<tr><td>${planned === undefined ? number : markup`<a href="#recording-${planned.number}">${number}</a>`}</td>
<td class="wide">${recorded(title === '' ? (planned?.title ?? session) : title)}</td>
<td>${part}</td><td>${epoch(startedAt) === null ? 'not known' : instant(startedAt!)}</td>
<td>${recorded(addedBy)}<br><span class="faint">${instant(addedAt)}</span></td></tr>`;
  });
  return markup`
<h2 class="minor" id="exhibits">Exhibits</h2>
<div class="table" role="region" aria-label="Exhibits" tabindex="0"><table>
<thead><tr><th scope="col">No.</th><th scope="col">Title</th><th scope="col">Part</th><th scope="col">Started</th><th scope="col">Added</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

function notes({ input }: Plan): Markup {
  if (input.notes.length === 0) return NOTHING;
  const all = input.notes.map(
    ({ text, author, at }) =>
      markup`<article class="case-note">${note(text)}<p class="by">${recorded(author)}, ${instant(at)}</p></article>`,
  );
  return markup`<h2 class="minor">Notes on the case</h2>${all}`;
}

export function summary(plan: Plan): Markup {
  const { input, recordings } = plan;
  const { tool, signer } = input;
  const only = input.case === null ? recordings[0] : undefined;
  return markup`
<header class="title" id="summary">
<p class="kind">${input.case === null ? 'Report on a terminal session recording' : 'Report on terminal session evidence'}</p>
<h1>${recorded(reportTitle(plan))}</h1>
${
  input.redacted
    ? markup`<p class="notice caution"><b>Redacted.</b> Parts of what was recorded are withheld; what, why and by whom is under <a href="#redactions">Redactions</a>.</p>`
    : NOTHING
}
${tiles(plan)}
${facts([
  ['Case number', input.case?.number ?? null],
  ['Status', input.case === null ? null : input.case.status === 'open' ? 'Open' : 'Closed'],
  ['Authority', input.case?.authority ?? null],
  ['Purpose', input.case?.purpose ?? null],
  ['Custodian', input.case?.custodian ?? null],
  ['Members', input.case === null ? null : input.case.members.join(', ')],
  ['Recording', only === undefined ? null : only.recording.session.id],
  ['Made for', input.intent],
  ['Made', instant(input.madeAt)],
  ['Signed by', signer === null ? null : markup`${recorded(signer.name)}<br><code class="hash">${signer.fingerprint}</code>`],
  ['Takes the place of', input.supersedes === null ? null : markup`statement <code class="hash">${input.supersedes}</code>`],
  ['Made with', `Exhibit ${tool.version}; ${tool.emulator}`],
])}
<p class="faint">All dates are UTC. Times such as 00:01:23.456 count from the start of their recording.</p>
</header>
<div class="after-title">${findingList(plan)}${exhibitList(plan)}${notes(plan)}</div>`;
}

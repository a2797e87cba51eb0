// The report: one HTML file that opens anywhere, from a stick, without a network, and prints. The same input gives the same bytes. It is
// made piece by piece, so that a case of any size needs little memory.
//
// Its content policy lets nothing in: no address at all, and no script but the player, by its hash. Styles are inline, since the terminal
// in the player writes its own; style attributes are refused. https://www.w3.org/TR/CSP3/

import { coverage, custody, limits, method, redactions } from './closing.ts';
import { findings } from './findings.ts';
import { lines, markup, Markup, NOTHING } from './markup.ts';
import { planReport, type Plan } from './plan.ts';
import type { PlayerFiles } from './player-files.ts';
import { playbackData, recordings } from './recordings.ts';
import type { ReportInput } from './report-input.ts';
import { reportTitle, summary } from './summary.ts';
import { timeline } from './timeline.ts';

export function contentPolicy(script: string): string {
  return [
    "default-src 'none'",
    `script-src ${script}`,
    "style-src 'none'",
    "style-src-elem 'unsafe-inline'",
    "style-src-attr 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}

/** A name for the foot of printed pages: only what cannot end a string of CSS. */
const footName = (text: string): string => text.replaceAll(/[^\w .,:/–-]/gu, '_').slice(0, 80);

function printFeet(name: string): string {
  const foot = (place: string, content: string): string =>
    `@${place}{content:${content};font:8pt system-ui,sans-serif;color:#5d6772}`;
  return `@page{${foot('bottom-left', `"Exhibit report, ${footName(name)}"`)}${foot('bottom-right', 'counter(page) " / " counter(pages)')}}`;
}

export function pageHead(title: string, policy: string, style: string): Markup {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${new Markup(style)}</style>
</head>`;
}

function contents({ input, findings: found, recordings: all }: Plan): Markup {
  const ofCase = input.case !== null;
  const entry = (href: string, text: string, below: readonly Markup[] = []): Markup =>
    markup`\n<li><a href="#${href}">${text}</a>${below.length === 0 ? NOTHING : markup`<ol>${below}</ol>`}</li>`;
  const part = (id: string, number: string, title: string): Markup =>
    markup`<li><a href="#${id}"><b>${number}</b> ${title}</a></li>`;
  const standing = found.filter(({ annotation }) => !annotation.retracted);
  const findingParts = standing.map(({ id, number, annotation }) => part(id, number, annotation.title));
  const recordingParts = all.map(({ number, name, title }) => part(`recording-${String(number)}`, name, title));
  const entries = [
    entry('summary', 'Summary'),
    ...(ofCase ? [entry('findings', 'Annotations', findingParts)] : []),
    entry('timeline', 'Timeline'),
    entry('recordings', ofCase ? 'Recordings' : 'Recording', ofCase ? recordingParts : []),
    entry('custody', 'Chain of custody'),
    ...(ofCase ? [entry('coverage', 'Coverage'), entry('redactions', 'Redactions')] : []),
    entry('method', 'Method'),
    entry('limits', 'Limits'),
  ];
  return markup`
<nav class="contents" aria-label="Contents"><p aria-hidden="true">Contents</p><ol>${entries}
</ol></nav>`;
}

/** The report in pieces of text. Throws what the pieces of a playback or a transcript throw. */
export async function* reportPieces(input: ReportInput, player: PlayerFiles): AsyncGenerator<string> {
  const plan = planReport(input);
  const title = reportTitle(plan);
  yield pageHead(
    `${title} – report`,
    contentPolicy(`'${player.scriptHash}'`),
    `${player.style}\n${printFeet(input.case?.number ?? title)}`,
  ).html;
  yield markup`
<body class="report">
<a class="skip" href="#content">To the report</a>
<div class="page">
${contents(plan)}
<main id="content">
${summary(plan)}`.html;
  if (input.case !== null) yield* findings(plan);
  yield timeline(plan).html;
  yield* recordings(plan);
  yield markup`${custody(plan)}${input.case === null ? NOTHING : markup`${coverage(plan)}${redactions(plan)}`}${method(plan)}${limits(plan)}
<details class="small"><summary>Licences of the player in this report</summary><pre tabindex="0" aria-label="Licences">${new Markup(`\n${lines(player.licences)}`)}</pre></details>
</main>
</div>`.html;
  yield* playbackData(plan);
  yield `\n<script>${player.script}</script>\n</body>\n</html>\n`;
}

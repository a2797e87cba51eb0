// Each recording: what it is, its player, what was typed, its transcript, its proof card, and the files it came in. Transcripts are long:
// piece by piece.

import { svgOf } from './frame.ts';
import { dataText, lines, markup, type Markup, NOTHING, recorded } from './markup.ts';
import { jump, TRANSCRIPT_UNITS, type Plan, type Planned } from './plan.ts';
import type { ReportRecording, ReportText } from './report-input.ts';
import { facts } from './summary.ts';
import { duration, epoch, instant, PROPERTIES, size, some, VERDICTS } from './words.ts';

/** UTF-16 units of one data block, about. */
const BLOCK = 1024 * 1024;

function about({ recording, title }: Planned): Markup {
  const { session, records, withheld, root } = recording;
  const { cols, rows, sizeAssumed, events, exitStatus, startedAt, durationUs } = session;
  return facts([
    ['Title', session.title === title ? null : session.title],
    ['Command', session.command],
    ['User', session.user],
    ['Server', session.server],
    ['Source', session.source],
    ['Format', session.format],
    ['Own id', session.nativeId],
    ['Started', startedAt === null ? 'not known' : instant(startedAt, 3)],
    ['Length', `${duration(durationUs)}, ${some(events, 'event')}`],
    ['Screen', `${String(cols)} × ${String(rows)} cells at the start${sizeAssumed ? ', assumed' : ''}`],
    ['Exit status', exitStatus === null ? 'not known' : String(exitStatus)],
    ['Acquired', instant(session.acquiredAt)],
    ['Records', `${some(records, 'record')}${withheld === 0 ? '' : `, ${some(withheld, 'record')} withheld`}`],
    ['Root', markup`<code class="hash">${root}</code>`],
    ['Recording', markup`<code>${session.id}</code>`],
  ]);
}

function poster({ still }: ReportRecording): Markup {
  if (still === null) return markup`<div class="poster"></div>`;
  return markup`<div class="poster"><div class="still">${svgOf(still, null, 'A screen of this recording')}</div></div>`;
}

/** Words under a player, or instead of one. */
function playback(planned: Planned): Markup {
  const { recording, number, plays } = planned;
  const { session, playback: cast, closed } = recording;
  if (cast === null) return markup`<p class="notice">No playback: ${recorded(closed)}</p>${stillAlone(planned)}`;
  if (!plays) {
    const beside =
      cast.file === null
        ? 'Export it as asciicast to play it.'
        : markup`It lies in the bundle as <code>data/${cast.file}</code>.`;
    return markup`<p class="notice">The playback of this recording takes ${size(cast.size)}, which is more than a report holds. ${beside}</p>${stillAlone(planned)}`;
  }
  const start = epoch(session.startedAt);
  const marks = planned.findings
    .filter(({ annotation }) => !annotation.retracted)
    .map(
      ({ id, number: name, annotation }) =>
        markup`<li><a href="#${id}">${name}</a> ${jump(planned, annotation.anchor.fromUs)} ${recorded(annotation.title)}</li>`,
    );
  const printed = planned.findings.some(({ frame }) => frame !== null) ? ' has-frames' : '';
  return markup`
<figure class="player${printed}" id="playback-${number}" data-playback="${number}" data-duration="${session.durationUs}" data-start="${start ?? ''}" data-piped="${String(recording.piped)}">
${poster(recording)}
<noscript><p class="notice">The player needs JavaScript. The transcript below needs none.</p></noscript>
<figcaption><span class="keys">Space plays, arrows move 5 s (with Shift 1 s), <kbd>,</kbd> <kbd>.</kbd> go by event, <kbd>[</kbd> <kbd>]</kbd> by visible change, <kbd>&lt;</kbd> <kbd>&gt;</kbd> set the speed, <kbd>I</kbd> cuts pauses.</span></figcaption>
</figure>
${marks.length === 0 ? NOTHING : markup`<ul class="marks" aria-label="Annotations in this recording">${marks}</ul>`}`;
}

function stillAlone({ recording: { still } }: Planned): Markup {
  return still === null
    ? NOTHING
    : markup`<figure class="frame"><div class="still">${svgOf(still, null, 'A screen of this recording')}</div></figure>`;
}

export function proofCard({ proof }: ReportRecording): Markup {
  const rows = proof.map(({ property, verdict, reason }) => {
    const { word, sign } = VERDICTS[verdict];
    return markup`<li><span class="sign ${verdict}" aria-hidden="true">${sign}</span><b>${PROPERTIES[property]}</b><span class="verdict ${verdict}">${word}</span><p>${recorded(reason)}</p></li>`;
  });
  return markup`<h4>Proof card</h4><ul class="proof">${rows}</ul>`;
}

function discrepancies({ discrepancies: list, moreDiscrepancies }: ReportRecording): Markup {
  if (list.length === 0) return NOTHING;
  const items = list.map(
    ({ kind, message, place }) =>
      markup`<li><span title="${kind}">${recorded(message)}</span>${place === '' ? NOTHING : markup` <span class="faint">${recorded(place)}</span>`}</li>`,
  );
  const more = moreDiscrepancies === 0 ? NOTHING : markup`<li class="faint">and ${some(moreDiscrepancies, 'more', 'more')}</li>`;
  return markup`<h4>Discrepancies</h4><ul class="plain">${items}${more}</ul>`;
}

function parts({ parts: files }: ReportRecording): Markup {
  if (files.length === 0) return NOTHING;
  const rows = files.map(
    ({ name, size: bytes, sha256 }) =>
      markup`<tr><td class="wide">${recorded(name)}</td><td>${size(bytes)}</td><td><code class="hash">${sha256 ?? 'withheld'}</code></td></tr>`,
  );
  return markup`<details class="small"><summary>Files as acquired (${files.length})</summary><div class="table"><table>
<thead><tr><th scope="col">Name</th><th scope="col">Size</th><th scope="col">SHA-256</th></tr></thead><tbody>${rows}</tbody></table></div></details>`;
}

function commands(planned: Planned): Markup {
  const { listed, more, unseen } = planned.recording.commands;
  const count = listed.length + more;
  if (count + unseen === 0) return NOTHING;
  const items = listed.map(({ atUs, text }) => markup`<li>${jump(planned, atUs)} <code>${recorded(text)}</code></li>`);
  const rest = more === 0 ? NOTHING : markup`<li class="faint">and ${more} more</li>`;
  const left =
    unseen === 0
      ? NOTHING
      : markup`<p class="faint">Not listed: ${some(unseen, 'line')} typed at a prompt and not shown there as typed; such a line may be a password.</p>`;
  return markup`<details class="small"><summary>Commands (${count})</summary><ol class="commands">${items}${rest}</ol>${left}</details>`;
}

async function* transcript({ number }: Planned, text: ReportText | null): AsyncGenerator<string> {
  if (text === null) return;
  yield markup`<details class="small transcript"><summary>Transcript</summary><pre tabindex="0" aria-label="Transcript of recording ${number}">\n`
    .html;
  let left = TRANSCRIPT_UNITS;
  for await (const piece of text.pieces()) {
    const shown = piece.length <= left ? piece : piece.slice(0, left);
    left -= shown.length;
    yield lines(shown);
    if (shown.length < piece.length) break;
  }
  yield '</pre>';
  const beside =
    text.file === null
      ? 'Export it as text to have all of it.'
      : markup`The whole is in the bundle as <code>data/${text.file}</code>.`;
  if (left === 0) yield markup`<p class="notice">It is longer than a report holds and is cut here. ${beside}</p>`.html;
  yield '</details>';
}

/** Every recording under its own heading. */
export async function* recordings(plan: Plan): AsyncGenerator<string> {
  yield `\n<section id="recordings"><h2>${plan.input.case === null ? 'Recording' : 'Recordings'}</h2>`;
  for (const planned of plan.recordings) {
    const { recording, number, name, title } = planned;
    yield markup`
<article class="recording" id="recording-${number}">
<header><h3>${plan.input.case === null ? NOTHING : markup`<span class="no">${name}</span> `}${recorded(title)}</h3></header>
${playback(planned)}
${about(planned)}
${proofCard(recording)}
${discrepancies(recording)}
${commands(planned)}`.html;
    yield* transcript(planned, recording.transcript);
    yield markup`${parts(recording)}</article>`.html;
  }
  yield '</section>';
}

/** The playbacks, as data that the player reads: they stand at the end, so that the report is read before they are. */
export async function* playbackData({ recordings: all }: Plan): AsyncGenerator<string> {
  for (const { plays, recording, number } of all) {
    if (!plays || recording.playback === null) continue;
    const begin = `\n<script type="application/x-asciicast" data-playback="${String(number)}">`;
    let held = 0;
    yield begin;
    for await (const piece of recording.playback.pieces()) {
      if (held >= BLOCK) {
        yield `</script>${begin}`;
        held = 0;
      }
      held += piece.length;
      yield dataText(piece);
    }
    yield '</script>';
  }
}

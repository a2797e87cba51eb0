// What surrounds the evidence: who did what with it, who watched how much of it, what is withheld, how all of this was made, and what it
// does not prove.

import { markup, NOTHING, recorded, type Markup } from './markup.ts';
import { jump, type Plan, type Planned } from './plan.ts';
import { duration, instant, PROPERTIES, some, VERDICTS } from './words.ts';

const named = ({ recordings }: Plan, session: string): Markup => {
  const planned = recordings.find(({ recording }) => recording.session.id === session);
  return planned === undefined ? recorded(session) : markup`<a href="#recording-${planned.number}">${planned.name}</a>`;
};

export function custody(plan: Plan): Markup {
  const { entries, omitted, head } = plan.input.custody;
  const rows = entries.map(
    ({ seq, at, actor, action, subject, purpose, hash }) => markup`
<tr><td>${seq}</td><td class="time">${instant(at).replace(/ UTC$/, '')}</td><td>${recorded(actor)}</td><td>${action}</td><td>${named(plan, subject)}</td>
<td class="wide">${recorded(purpose)}</td><td><code class="hash" title="${hash}">${hash.slice(0, 12)}</code></td></tr>`,
  );
  const more =
    omitted === 0
      ? ''
      : ` ${some(omitted, 'entry', 'entries')} of the log ${omitted === 1 ? 'is' : 'are'} not repeated here${plan.input.bundle ? '; data/custody.jsonl has them, in full or by hash' : ''}.`;
  return markup`
<section id="custody"><h2>Chain of custody</h2>
<p class="soft">Each entry holds the hash of the one before, so that none can be changed, removed or put in without breaking all that follow.${more}
${head === null ? NOTHING : markup` The log stands at entry ${head.seq}, <code class="hash">${head.hash}</code>.`}</p>
${
  rows.length === 0
    ? markup`<p class="soft">No entry.</p>`
    : markup`<div class="table" role="region" aria-label="Chain of custody" tabindex="0"><table>
<thead><tr><th scope="col">No.</th><th scope="col">At (UTC)</th><th scope="col">Who</th><th scope="col">Act</th><th scope="col">On</th><th scope="col">Purpose</th><th scope="col">Hash</th></tr></thead>
<tbody>${rows}</tbody></table></div>`
}
</section>`;
}

type Span = { readonly fromUs: number; readonly toUs: number };

/** Ranges as a bar of a thousand parts. */
function seenBar(seen: readonly Span[], durationUs: number): Markup {
  const part = (us: number): number => Math.round((1000 * us) / Math.max(1, durationUs));
  const rects = seen.map(
    ({ fromUs, toUs }) =>
      markup`<rect class="seen" x="${part(fromUs)}" y="0" width="${Math.max(2, part(toUs - fromUs))}" height="10"/>`,
  );
  return markup`<svg class="seen-bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true"><rect class="all" width="1000" height="10"/>${rects}</svg>`;
}

/** Ranges that are listed one by one. */
const UNSEEN = 12;

function unseenList(planned: Planned | null, unseen: readonly Span[]): Markup {
  if (unseen.length === 0) return markup`all of it was seen`;
  const shown = unseen
    .slice(0, UNSEEN)
    .map(({ fromUs, toUs }) => markup`<li>${jump(planned, fromUs)} to ${jump(planned, toUs)}</li>`);
  const more = unseen.length > UNSEEN ? markup`<li class="faint">and ${unseen.length - UNSEEN} more</li>` : NOTHING;
  return markup`<ul class="plain">${shown}${more}</ul>`;
}

export function coverage(plan: Plan): Markup {
  const rows = plan.input.coverage.flatMap(({ session, durationUs, reviewers }) => {
    const planned = plan.recordings.find(({ recording }) => recording.session.id === session) ?? null;
    return reviewers.map(({ reviewer, seen, unseen, seenUs, reviewed }) => {
      const share = durationUs === 0 ? 100 : Math.floor((100 * seenUs) / durationUs);
      const said =
        reviewed === null
          ? markup`not marked`
          : markup`${instant(reviewed.at)}${reviewed.note === '' ? NOTHING : markup`<br>${recorded(reviewed.note)}`}`;
      const fastest = seen.reduce((most, { speed }) => Math.max(most, speed), 0);
      return markup`
<tr><td>${named(plan, session)}</td><td>${recorded(reviewer)}</td><td>${seenBar(seen, durationUs)}${share} % of ${duration(durationUs)}${fastest > 1 ? `, at up to ${String(fastest)}×` : ''}</td>
<td>${unseenList(planned, unseen)}</td><td>${said}</td></tr>`;
    });
  });
  return markup`
<section id="coverage"><h2>Coverage</h2>
<p class="soft">Which seconds were on somebody’s screen, and at what speed. It does not say that they were understood.</p>
${
  rows.length === 0
    ? markup`<p class="soft">No viewing is on record.</p>`
    : markup`<div class="table" role="region" aria-label="Coverage" tabindex="0"><table>
<thead><tr><th scope="col">Exhibit</th><th scope="col">Reviewer</th><th scope="col">Seen</th><th scope="col">Not seen</th><th scope="col">Reviewed</th></tr></thead>
<tbody>${rows}</tbody></table></div>`
}
</section>`;
}

export function redactions(plan: Plan): Markup {
  const { redactions: all, redacted } = plan.input;
  const rows = all.map(
    ({ number, what, reason, author, at, session, records }) => markup`
<tr><td>${number}</td><td>${session === null ? 'all' : named(plan, session)}</td><td>${recorded(what)}</td><td class="wide">${recorded(reason)}</td><td>${records}</td><td>${recorded(author)}<br><span class="faint">${instant(at)}</span></td></tr>`,
  );
  return markup`
<section id="redactions"><h2>Redactions</h2>
${
  rows.length === 0
    ? markup`<p class="soft">${redacted ? 'No rule is listed.' : 'Nothing is withheld from what this report shows.'}</p>`
    : markup`<p class="soft">The recordings themselves are untouched. Playback, transcripts, frames and this report were made from what is left; a withheld record keeps its leaf in the acquisition tree, so the root stays the same and a record can be opened later.</p>
<div class="table" role="region" aria-label="Redactions" tabindex="0"><table>
<thead><tr><th scope="col">No.</th><th scope="col">Exhibit</th><th scope="col">What</th><th scope="col">Why</th><th scope="col">Records</th><th scope="col">By</th></tr></thead>
<tbody>${rows}</tbody></table></div>`
}
</section>`;
}

export function method({ input }: Plan): Markup {
  const { tool, bundle } = input;
  return markup`
<section id="method"><h2>Method</h2>
<p>Exhibit ${tool.version} acquired each recording as a sequence of records in the order received. Every record was hashed with a secret salt into a tree (SHA-256, in the shape of RFC 9162); the tree’s root stands with each recording above and in the chain of custody. Any later change of a stored byte changes the root.</p>
<p>Screens were drawn by replaying the recorded output in a terminal emulator (${tool.emulator}), the same for frames, transcripts and the player. The recording cannot act on the emulator: requests for the clipboard, windows, answers and links are kept as data and not carried out. Frames show real text; characters that cannot be seen or that change the direction of text are named, as in <span class="odd">U+202E</span>.</p>
<p>Commands are read from what was typed and printed, and are a reading aid: the transcript and the playback are what was recorded.</p>
${
  bundle
    ? markup`<p>This report is one file of a bundle. To check the bundle without Exhibit: <code>sha512sum -c manifest-sha512.txt</code> in its folder for the files, <code>ssh-keygen -Y verify</code> with the signer’s fingerprint, asked for by another way, for the signature. START-HERE.html and exhibit/verify/VERIFY.txt have every command.</p>`
    : markup`<p>This report stands alone: it is a copy for reading, which nobody signed. An evidence bundle has the originals, the tree and the signatures with which it can be checked.</p>`
}
</section>`;
}

/** Verdicts that are not “proven”, each with the recordings that they hold for. */
function unproven({ recordings }: Plan): Markup {
  const reasons = new Map<string, { readonly head: string; readonly reason: string; readonly names: string[] }>();
  for (const { recording, name } of recordings) {
    for (const { property, verdict, reason } of recording.proof) {
      if (verdict === 'proven') continue;
      const key = `${property} ${verdict} ${reason}`;
      const known = reasons.get(key) ?? {
        head: `${PROPERTIES[property]}: ${VERDICTS[verdict].word.toLowerCase()}`,
        reason,
        names: [],
      };
      known.names.push(name);
      reasons.set(key, known);
    }
  }
  return markup`${Array.from(reasons.values(), ({ head, reason, names }) => markup`<li><b>${head}</b> (${names.join(', ')}): ${recorded(reason)}</li>`)}`;
}

export function limits(plan: Plan): Markup {
  const { signer, redacted, bundle } = plan.input;
  return markup`
<section id="limits"><h2>Limits</h2>
<p>What this report does <b>not</b> prove:</p>
<ul class="limits">
<li>That a recording shows all that happened. It shows what its recorder wrote and its source handed over.</li>
<li>Who sat at the keyboard. A user’s name is what the source says of the account.</li>
<li>That what is drawn here is what the person saw: their terminal, its size and its typefaces may have differed.</li>
<li>Any time. Times come from the recorder’s clock and this machine’s; ${bundle ? 'a time stamp, where one is in signatures/, attests only that the signature existed then.' : 'no third party attests them.'}</li>
<li>${
    signer === null
      ? 'Who made it. It carries no signature; anybody could have written such a file.'
      : 'That the signer is who they say. The signature shows that the holder of a key signed; ask the signer for the fingerprint by another way.'
  }</li>
${redacted ? markup`<li>What is withheld. It can be shown later that an opened record is the one that was withheld, not before.</li>` : NOTHING}
<li>The opinions in it. Findings, notes and severities are what their authors wrote.</li>
${unproven(plan)}
</ul>
</section>`;
}

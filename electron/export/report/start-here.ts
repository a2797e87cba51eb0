// START-HERE.html of a bundle: what it is, what it shows and does not, how to check it without Exhibit, and whose fingerprint to ask for.
// No script; its only links lead to other files of the same bundle. docs/bundle.md

import { principal } from '../../../shared/evidence/sshsig.ts';
import { markup, NOTHING, recorded, type Markup } from './markup.ts';
import type { PlayerFiles } from './player-files.ts';
import { pageHead } from './report.ts';
import { facts } from './summary.ts';
import { instant, some } from './words.ts';

export interface StartHereInput {
  /** Top folder of the bundle. */
  readonly name: string;
  readonly case: { readonly number: string; readonly title: string };
  readonly tool: { readonly version: string };
  readonly intent: string;
  readonly signer: { readonly name: string; readonly fingerprint: string };
  /** RFC 3339. */
  readonly signedAt: string;
  readonly supersedes: string | null;
  /** Recordings are in it in clear, with report, playbacks and transcripts. */
  readonly plaintext: boolean;
  readonly redacted: boolean;
  readonly recordings: readonly {
    readonly id: string;
    readonly title: string;
    readonly root: string;
    readonly records: number;
    readonly withheld: number;
  }[];
}

/** A word that a shell takes as it stands. */
const quoted = (word: string): string => (/^[\w.@%+=:,/-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`);

const command = (text: string): Markup => markup`<pre tabindex="0" aria-label="Command"><code>${recorded(text)}</code></pre>`;

export function startHere(input: StartHereInput, { style }: Pick<PlayerFiles, 'style'>): string {
  const { signer, recordings, redacted, plaintext } = input;
  const policy =
    "default-src 'none'; style-src 'none'; style-src-elem 'unsafe-inline'; style-src-attr 'none'; base-uri 'none'; form-action 'none'";
  const rows = recordings.map(
    ({ id, title, root, records, withheld }) => markup`
<tr><td class="wide">${recorded(title)}<br><span class="faint">${id}, root of its tree</span> <code class="hash">${root}</code></td><td>${some(records, 'record')}${withheld === 0 ? '' : `, ${String(withheld)} withheld`}</td></tr>`,
  );
  const title = `${input.case.number} – ${input.case.title}`;
  const page = markup`
<body class="report start">
<main id="content">
<header class="title">
<p class="kind">Evidence bundle: start here</p>
<h1>${recorded(title)}</h1>
${redacted ? markup`<p class="notice caution"><b>Redacted.</b> Parts of what was recorded are withheld. Their hashes are here, so that the rest still verifies.</p>` : NOTHING}
${facts([
  ['Signed by', signer.name],
  ['Key', markup`<code class="hash">${signer.fingerprint}</code>`],
  ['Signed', `${instant(input.signedAt)}, by the signer’s own clock`],
  ['Made for', input.intent],
  ['Takes the place of', input.supersedes === null ? null : markup`statement <code class="hash">${input.supersedes}</code>`],
  ['Made with', `Exhibit ${input.tool.version}`],
])}
</header>
<section><h2>What is in it</h2>
<ul class="plain">
${plaintext ? markup`<li><a href="data/report.html">data/report.html</a>: the report. Read this one.</li>` : markup`<li>No plaintext: recordings are here by their hashes, or encrypted as they were acquired.</li>`}
<li><code>data/recordings/</code>: each recording as it was acquired, its records and their tree${plaintext ? ', its playback and its transcript' : ''}.</li>
<li><code>data/case.json</code>, <code>annotations.json</code>, <code>coverage.json</code>, <code>custody.jsonl</code>: the case and what was done with it.</li>
<li><code>signatures/</code>: who signed it. <code>exhibit/verify/</code>: programs that check it.</li>
</ul>
<div class="table" role="region" aria-label="Recordings" tabindex="0"><table>
<thead><tr><th scope="col">Recording</th><th scope="col">Records</th></tr></thead><tbody>${rows}</tbody></table></div>
</section>
<section><h2>Check it first</h2>
<p>Ask ${recorded(signer.name)} for the fingerprint of the key, by a way that did not bring this file: by telephone, or on paper. It must be</p>
<p class="fingerprint"><code>${signer.fingerprint}</code></p>
<p>A key that comes inside of a bundle proves nothing by itself; neither does this page, which whoever changed the bundle could have changed too.</p>
<p><b>In a browser</b>, without a network: open <a href="exhibit/verify/verify.html">exhibit/verify/verify.html</a> and give it the bundle’s ZIP file and the fingerprint.</p>
<p><b>With Node 20 or later</b>:</p>
${command(`node exhibit/verify/verify.mjs . --trust ${quoted(signer.fingerprint)}`)}
<p><b>With nothing but a Linux system</b>, in the folder <code>${input.name}</code>:</p>
${command('sha512sum -c manifest-sha512.txt tagmanifest-sha512.txt && sha256sum -c manifest-sha256.txt tagmanifest-sha256.txt')}
${command(`ssh-keygen -Y verify -f signatures/allowed_signers -I ${quoted(principal(signer.name))} -n exhibit-statement -s signatures/01-producer.json.sig < signatures/01-producer.json`)}
<p>The first says that every file is what the manifests list. The second says that the holder of the key signed the statement, and shows the key’s fingerprint, which must be the one that you were told. The statement names the tag manifests by their digests; <code>exhibit/verify/VERIFY.txt</code> has the rest, step by step.</p>
</section>
<section><h2>What it proves, and what not</h2>
<ul class="limits">
<li><b>Whole and unchanged</b> since it was signed, if every check above passes.</li>
<li><b>Signed by the holder of that key</b>, if the fingerprint is the one that you were told.</li>
<li><b>Each recording is what was acquired</b>, also where records are withheld: the root of its tree stands in the statement and in the chain of custody.</li>
<li><b>Not</b> that a recording shows all that happened, who sat at the keyboard, or that any time is right. A time stamp, where <code>signatures/</code> has one, attests only that the signature existed then.</li>
</ul>
</section>
</main>
</body>
</html>
`;
  return `${pageHead(`${title} – start here`, policy, style).html}${page.html}`;
}

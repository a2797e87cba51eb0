// `npm run demo`: the main job with no window, in a temporary library that is removed afterwards: import the sample case, list it, search
// it, show the screen at a moment, export it, verify it; then synchronise an encrypted session from a recordings server on this
// machine, open it with a key of its own, and search it with the server gone. Each step is a command that a user can type; what
// it proves is said.

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { gunzipSync } from 'node:zlib';

const ROOT = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'exhibit-demo-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const passphraseFile = join(folder, 'passphrase');
writeFileSync(passphraseFile, 'a passphrase for the demo\n', { mode: 0o600 });

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Runs one command of the command line, shows it, and gives back its output. Ends the demo when it fails. */
function exhibit(...words: readonly string[]): string {
  return exhibitWith('', ...words);
}

/** The same, with something on its standard input: the way in for what must not stand in a command. */
function exhibitWith(input: string, ...words: readonly string[]): string {
  say(`\n$ exhibit ${words.map((word) => (/^[\w./:=-]+$/.test(word) ? word : `'${word}'`)).join(' ')}`);
  const own = ['--library', join(folder, 'library'), '--passphrase-file', passphraseFile];
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'dist/cli.js'), ...words, ...own], {
    cwd: ROOT,
    input,
    // Keys and settings of whoever runs the demo are none of its business.
    env: { ...process.env, HOME: folder, RSTREAM_DATA_DIR: join(folder, 'rstream') },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0) return stdout;
  process.stderr.write(stderr);
  say(`This step ended with exit code ${String(status)}.`);
  process.exit(1);
}

function expect(holds: boolean, what: string): void {
  say(`  ${holds ? 'ok' : 'NOT SO'}: ${what}`);
  if (!holds) process.exit(1);
}

interface Imported {
  readonly session_ids: readonly string[];
  readonly error: string | null;
}
interface Found {
  readonly total: number;
  readonly hits: readonly { readonly session_id: string; readonly from: number; readonly in: string; readonly text: string }[];
}
interface Screen {
  readonly at: number;
  readonly size: { readonly cols: number; readonly rows: number };
  readonly screen: readonly string[];
}

const started = performance.now();
say('Exhibit with no window: the sample case, from file to evidence.');

const imported = JSON.parse(exhibit('import', 'build/sample', '-o', 'json')) as Imported[];
const kept = imported.filter(({ session_ids }) => session_ids.length > 0);
expect(kept.length === 4, `${String(kept.length)} recordings were kept, encrypted`);

say(exhibit('sessions', 'list').trimEnd());

const query = 'customers';
const { total, hits } = JSON.parse(exhibit('search', query, '--in', 'visible', '-o', 'json')) as Found;
expect(total > 0, `“${query}” stood on the screen ${String(total)} times; the first time:`);
const hit = hits.toSorted((a, b) => a.from - b.from)[0]!;
say(`  ${hit.session_id} at ${String(hit.from)} s: ${hit.text.trim()}`);

const at = String(hit.from);
const { size, screen } = JSON.parse(exhibit('sessions', 'screen', hit.session_id, '--at', at, '--format', 'json')) as Screen;
say(`  ${String(size.cols)}x${String(size.rows)} at ${at} s; its last lines:`);
for (const line of screen.filter((text) => text !== '').slice(-6)) say(`  | ${line}`);
expect(
  screen.some((line) => line.toLowerCase().includes(query)),
  'what search found is what the screen shows at that moment',
);

const cast = join(folder, 'session.cast');
exhibit('sessions', 'export', hit.session_id, '--format', 'asciicast-v2', '--file', cast);
expect(
  existsSync(cast),
  `exported as asciicast, SHA-256 ${createHash('sha256').update(readFileSync(cast)).digest('hex').slice(0, 16)}…`,
);

const log = exhibit('sessions', 'export', hit.session_id, '--format', 'text');
expect(log.includes(query), `exported as a text log of ${String(log.split('\n').length)} lines`);

say('\nNow a source on the network: a recordings server on this machine, with sessions that it cannot read itself.');
const engine = spawn(process.execPath, [join(ROOT, 'test/engine/engine.ts')], { stdio: ['ignore', 'pipe', 'inherit'] });
process.on('exit', () => engine.kill());
const [line] = (await once(createInterface(engine.stdout), 'line')) as [string];
const { url, token } = JSON.parse(line) as { url: string; token: string };
exhibitWith(token, 'sources', 'add', 'rstream', '--name', 'demo', '--engine', url, '--token-stdin');
say(exhibit('sources', 'test', 'demo').trimEnd());
exhibit('sync', 'demo', '--follow=false');

const vector = JSON.parse(
  gunzipSync(readFileSync(join(ROOT, 'test/fixtures/rstream-vectors/05-e2e-stdin-explicit-key.json.gz'))).toString('utf8'),
) as { readonly session: { readonly id: string }; readonly identity: object };
interface Shown {
  readonly lock: { readonly state: string; readonly reason: string };
}
const locked = JSON.parse(exhibit('sessions', 'show', vector.session.id, '-o', 'json')) as Shown;
expect(locked.lock.state === 'locked', `it is listed and locked: ${locked.lock.reason}`);
const identity = join(folder, 'auditor.identity.json');
writeFileSync(identity, JSON.stringify(vector.identity), { mode: 0o600 });
exhibit('device', 'import', identity);
engine.kill();
await once(engine, 'exit');
say('\nThe server is gone. What was synchronised stays.');
const opened = JSON.parse(exhibit('sessions', 'show', vector.session.id, '-o', 'json')) as Shown;
expect(opened.lock.state === 'open', 'with the imported key the session is open');
const clear = exhibit('sessions', 'export', vector.session.id, '--format', 'text');
expect(clear.trim() !== '', `its text was decrypted on this machine: ${String(clear.split('\n').length)} lines`);

say(exhibit('library', 'verify').trimEnd());
say(exhibit('custody', 'verify').trimEnd());
say(`\nAll of it held, in ${((performance.now() - started) / 1000).toFixed(1)} s. The temporary library is removed.`);

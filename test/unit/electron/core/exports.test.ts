// Every form of export, read back by the reader of its format and compared with what was exported.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExportRequest } from '../../../../shared/api/shapes.ts';
import type { RecordingEvent } from '../../../../shared/recording/event.ts';
import { decodeFiles, KEPT_RECORDINGS } from '../../../support/recording-files.ts';
import { openTestCore, type TestCore } from '../../../support/core.ts';

const VECTORS = new URL('../../../fixtures/rstream', import.meta.url).pathname;

interface EngineVector {
  readonly session: Record<string, unknown>;
  readonly events: readonly Record<string, unknown>[];
}

const folder = mkdtempSync(join(tmpdir(), 'exhibit-test-'));
const engineFile = join(folder, 'engine.json');
let core: TestCore;

beforeAll(async () => {
  const { session, events } = JSON.parse(readFileSync(join(VECTORS, '01-managed-bash.json'), 'utf8')) as EngineVector;
  const odd = { ...session, member_of_tomorrow: { keep: [1, 2.5, 'é'] } };
  const document = { export_version: 1, generated_at: '2026-06-10T09:00:00Z', session: odd, events };
  writeFileSync(engineFile, JSON.stringify(document, null, 2));
  core = await openTestCore(join(folder, 'library'));
}, 120_000);

afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

async function imported(...paths: readonly string[]): Promise<string> {
  const results = await core.import(paths);
  return results.find(({ sessionIds }) => sessionIds.length > 0)!.sessionIds[0]!;
}

async function exported(request: ExportRequest): Promise<{ readonly bytes: Buffer; readonly warnings: readonly string[] }> {
  const { ticket, warnings } = await core.api.call('export.open', request);
  const pieces: Uint8Array[] = [];
  for (;;) {
    const { bytes } = await core.api.call('export.read', { ticket });
    if (bytes === null) return { bytes: Buffer.concat(pieces), warnings };
    pieces.push(bytes);
  }
}

function read(name: string, bytes: Uint8Array): readonly RecordingEvent[] {
  const { decoded } = decodeFiles([{ name, bytes }]);
  expect(decoded).toHaveLength(1);
  return decoded[0]!.sessions[0]!.events;
}

/** All bytes of the streams as the format can tell them apart, and everything else with its time. */
function essence(events: readonly RecordingEvent[]): unknown {
  const bytes = (...streams: readonly string[]): string =>
    Buffer.concat(
      events.flatMap((event) => (event.kind === 'data' && streams.includes(event.stream) ? [event.bytes] : [])),
    ).toString('latin1');
  const others = events.flatMap((event): readonly unknown[] => {
    switch (event.kind) {
      case 'resize':
        return [[event.at, event.cols, event.rows]];
      case 'marker':
        return [[event.at, event.label]];
      default:
        return [];
    }
  });
  return { output: bytes('stdout', 'stderr'), input: bytes('stdin'), others };
}

const original = (...names: readonly string[]): readonly RecordingEvent[] => {
  const files = names.map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(KEPT_RECORDINGS, name))) }));
  return decodeFiles(files).decoded[0]!.sessions[0]!.events;
};

const TEXT_ONLY = ['python-repl.cast', 'resize.cast', 'incident-exec-3-audit-verify.v3.cast', 'less-paging.v1.json'];

describe('what an asciicast says of its session', () => {
  const scriptLines = [
    'Script started on 2026-06-10 09:00:00+00:00 [TERM="xterm"]\n',
    'hello\r\n',
    '\nScript done on 2026-06-10 09:00:05+00:00 [COMMAND_EXIT_CODE="7"]\n',
  ];
  const header = {
    version: 2,
    width: 90,
    height: 30,
    idle_time_limit: 1.5,
    env: { SHELL: '/bin/zsh', TERM: 'xterm' },
    theme: { fg: '#d0d0d0', bg: '#212121', palette: '#151515' },
    x_recorder: 'a',
  };
  const castOf = async (id: string, format: 'asciicast-v2' | 'asciicast-v3', rest: Partial<ExportRequest> = {}) => {
    const { bytes, warnings } = await exported({ id, format, ...rest });
    const lines = bytes.toString('utf8').trimEnd().split('\n');
    return { header: JSON.parse(lines[0]!) as unknown, last: JSON.parse(lines.at(-1)!) as unknown, warnings };
  };

  it('has an exit status that stands in no event as the exit of version 3, and says that version 2 has no place for it', async () => {
    const file = join(folder, 'exit.typescript');
    writeFileSync(file, scriptLines.join(''));
    const id = await imported(file);
    expect((await castOf(id, 'asciicast-v3')).last).toEqual([0, 'x', '7']);
    expect((await castOf(id, 'asciicast-v3', { maxEvents: 1 })).last).not.toContain('x');
    const { last, warnings } = await castOf(id, 'asciicast-v2');
    expect(last).not.toContain('x');
    expect(warnings).toContain('the exit status left out: version 2 has no code for it');
  });

  it('keeps the members of the header that both versions have, and names those that are left out', async () => {
    const file = join(folder, 'header.cast');
    writeFileSync(file, `${JSON.stringify(header)}\n[0.5, "o", "a"]\n`);
    const id = await imported(file);
    const { version, width, height, x_recorder: _, ...kept } = header;
    const second = await castOf(id, 'asciicast-v2');
    expect(second.header).toEqual({ version, width, height, ...kept });
    expect(second.warnings).toEqual(['of the header left out: x_recorder']);
    const third = await castOf(id, 'asciicast-v3');
    expect(third.header).toEqual({
      version: 3,
      term: { cols: width, rows: height, type: 'xterm', theme: header.theme },
      idle_time_limit: 1.5,
      env: { SHELL: '/bin/zsh' },
    });
  });

  it('takes what version 3 alone has to version 3, and names it for version 2', async () => {
    const file = join(folder, 'header3.cast');
    const term = { cols: 90, rows: 30, type: 'xterm', version: 'iTerm2 3.5', theme: header.theme };
    const whole = { version: 3, term, tags: ['a', 'b'], env: { SHELL: '/bin/sh' } };
    writeFileSync(file, `${JSON.stringify(whole)}\n[0.5, "o", "b"]\n`);
    const id = await imported(file);
    const third = await castOf(id, 'asciicast-v3');
    expect(third.header).toEqual(whole);
    expect(third.warnings).toEqual([]);
    const second = await castOf(id, 'asciicast-v2');
    expect(second.header).toEqual({
      version: 2,
      width: 90,
      height: 30,
      env: { SHELL: '/bin/sh', TERM: 'xterm' },
      theme: header.theme,
    });
    expect(second.warnings).toEqual(['of the header left out: tags, term.version']);
  });
});

describe.each(['asciicast-v2', 'asciicast-v3'] as const)('an export as %s', (format) => {
  it.each(TEXT_ONLY)('reads back as what was recorded: %s', async (name) => {
    const id = await imported(join(KEPT_RECORDINGS, name));
    const { bytes, warnings } = await exported({ id, format });
    const again = read('again.cast', bytes);
    expect(essence(again)).toEqual(essence(original(name)));
    const shape = ({ kind, at }: RecordingEvent): unknown => [kind, at];
    const wanted = original(name).filter(({ kind }) => format === 'asciicast-v3' || kind !== 'exit');
    expect(again.map(shape)).toEqual(wanted.map(shape));
    expect(warnings.length > 0).toBe(wanted.length < original(name).length);
  });

  it('gives only the events that were asked for', async () => {
    const id = await imported(join(KEPT_RECORDINGS, 'python-repl.cast'));
    const { bytes } = await exported({ id, format, fromSeq: '5', maxEvents: 3 });
    expect(read('again.cast', bytes).map(({ at }) => at)).toEqual(
      original('python-repl.cast')
        .slice(4, 7)
        .map(({ at }) => at),
    );
  });

  it('says what the format has no place for', async () => {
    const id = await imported(engineFile);
    const { warnings } = await exported({ id, format });
    expect(warnings.join('\n')).toMatch(/that the format has no code for/);
  });
});

const hasAsciinema = process.platform === 'linux' && spawnSync('asciinema', ['--version']).status === 0;
if (!hasAsciinema)
  process.stdout.write('asciinema is not installed, or this is not Linux: what it makes of an export is not tested.\n');

describe.skipIf(!hasAsciinema)('asciinema itself', () => {
  it.each(TEXT_ONLY)('plays an export, byte for byte: %s', async (name) => {
    const id = await imported(join(KEPT_RECORDINGS, name));
    const { bytes } = await exported({ id, format: 'asciicast-v2' });
    const file = join(folder, 'played.cast');
    writeFileSync(file, bytes);
    // It wants a terminal; `script` gives it one, and passes on its bytes.
    const { stdout, status } = spawnSync('script', ['-qec', `asciinema cat ${file}`, '/dev/null'], {
      env: { ...process.env, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = original(name).flatMap((event) => (event.kind === 'data' && event.stream !== 'stdin' ? [event.bytes] : []));
    expect(status).toBe(0);
    expect(stdout.equals(Buffer.concat(output))).toBe(true);
  });
});

describe('an export as JSON', () => {
  it('gives the session and the events of the engine back, member for member', async () => {
    const id = await imported(engineFile);
    const { bytes } = await exported({ id, format: 'json' });
    const document = JSON.parse(bytes.toString('utf8')) as EngineVector & { readonly export_version: number };
    const stored = JSON.parse(readFileSync(engineFile, 'utf8')) as EngineVector;
    expect(document.export_version).toBe(1);
    expect(document.session).toEqual(stored.session);
    expect(document.events).toEqual(stored.events);
    expect(read('again.json', bytes)).toEqual(read('engine.json', readFileSync(engineFile)));
  });

  it.each(['python-repl.cast', 'nano-ttyrec.ttyrec', 'less-paging.v1.json'])(
    'reads back with every byte at its time: %s',
    async (name) => {
      const id = await imported(join(KEPT_RECORDINGS, name));
      const { bytes } = await exported({ id, format: 'json' });
      const data = (events: readonly RecordingEvent[]): unknown =>
        events.flatMap((event) => (event.kind === 'data' ? [[event.stream, Buffer.from(event.bytes).toString('latin1')]] : []));
      expect(data(read('again.json', bytes))).toEqual(data(original(name)));
    },
  );

  it('has the stored record of each event, from which the original file can be put together', async () => {
    const id = await imported(join(KEPT_RECORDINGS, 'nano-ttyrec.ttyrec'));
    const { bytes } = await exported({ id, format: 'json' });
    const { events } = JSON.parse(bytes.toString('utf8')) as { events: { exhibit: { stored: { base64: string } } }[] };
    const records = events.map(({ exhibit }) => Buffer.from(exhibit.stored.base64, 'base64'));
    expect(Buffer.concat(records).equals(readFileSync(join(KEPT_RECORDINGS, 'nano-ttyrec.ttyrec')))).toBe(true);
  });
});

describe('a ticket', () => {
  it('is good for one reading', async () => {
    const id = await imported(join(KEPT_RECORDINGS, 'python-repl.cast'));
    const { ticket } = await core.api.call('export.open', { id, format: 'asciicast-v2' });
    while ((await core.api.call('export.read', { ticket })).bytes !== null);
    await expect(core.api.call('export.read', { ticket })).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('hands out text that the page shows, byte for byte, under a name that is no path', async () => {
    const text = '-----BEGIN SSH SIGNATURE-----\r\nünïcode\n';
    const { ticket, fileName } = await core.api.call('export.text', { fileName: 'purge-1.json.sig', text });
    expect(fileName).toBe('purge-1.json.sig');
    const { bytes } = await core.api.call('export.read', { ticket });
    expect(Buffer.from(bytes!).toString('utf8')).toBe(text);
    for (const name of ['../x', '/etc/x', '.x', 'a\\b', ''])
      await expect(core.api.call('export.text', { fileName: name, text })).rejects.toMatchObject({ kind: 'usage' });
  });

  it('leaves an entry in the custody log', async () => {
    const id = await imported(join(KEPT_RECORDINGS, 'python-repl.cast'));
    await exported({ id, format: 'asciicast-v3', maxEvents: 2 });
    const { entries } = await core.api.call('custody.list', { subject: id, action: 'export', limit: 1 });
    expect(entries[0]).toMatchObject({ action: 'export', subject: id });
    expect(entries[0]!.details).toContain('asciicast-v3');
  });
});

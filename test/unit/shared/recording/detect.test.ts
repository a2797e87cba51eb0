// What a file is, is seen from its content; which files belong together, from the folder they lie in.

import { describe, expect, it } from 'vitest';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { contentOf } from '../../../../shared/recording/content.ts';
import { groupFiles } from '../../../../shared/recording/detect.ts';
import { decodeFiles, group, KEPT_RECORDINGS, loadFolder } from '../../../support/recording-files.ts';
import { containerPart, print, records, sessionStart } from '../../../support/teleport.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const START = 'Script started on 2026-11-21 03:00:00+00:00 [COMMAND="bash"]\n';
const ADVANCED = (output: string, input?: string): string =>
  `H 0.0 START_TIME x\nH 0.0 OUTPUT_LOG ${output}\n${input === undefined ? '' : `H 0.0 INPUT_LOG ${input}\n`}O 0.1 1\n`;

/** Groups as lists of names, and refusals as names with their kinds. */
function sort(files: Readonly<Record<string, string | Uint8Array>>): {
  readonly groups: readonly string[];
  readonly refused: readonly string[];
} {
  const entries = Object.entries(files).map(([name, content]) => ({
    name,
    bytes: typeof content === 'string' ? encode(content) : content,
  }));
  const { groups, refused } = group(entries);
  return {
    groups: groups.map(({ format, files: indexes }) => `${format}: ${indexes.map((index) => entries[index]!.name).join(' ')}`),
    refused: refused.map(({ file, refusal }) => `${entries[file]!.name}: ${refusal.kind}`),
  };
}

describe('a folder', () => {
  it('of real recordings gives each of them', () => {
    const files = loadFolder(KEPT_RECORDINGS, (name) => !name.endsWith('.truth.json'));
    const { groups, refused } = group(files);
    expect(refused).toEqual([]);
    expect(
      groups
        .map(({ files: indexes }) => indexes.map((index) => files[index]!.name).join(' '))
        .filter((names) => names.includes('script')),
    ).toEqual(
      [
        'script-advanced.timing script-advanced.out script-advanced.in',
        'script-io.timing script-io.io',
        'script-classic.timing script-classic.typescript',
      ].sort(),
    );
    expect(groups).toHaveLength(files.length - 4);
  });

  it('with files that are no recordings says what each of them is not', () => {
    const truths = readdirSync(KEPT_RECORDINGS).filter((name) => name.endsWith('.truth.json'));
    const { groups, refused } = group(truths.map((name) => ({ name, bytes: readFileSync(join(KEPT_RECORDINGS, name)) })));
    expect(groups).toEqual([]);
    expect(refused).toHaveLength(truths.length);
  });

  it('that is a sudo I/O log is one recording, empty files and all', () => {
    expect(
      sort({
        'log.json': '{"timestamp":{"seconds":1},"runargv":["x"]}',
        log: '1:a:b::t\n',
        timing: '4 0.1 1\n',
        ttyout: 'x',
        stdin: '',
        readme: 'hello',
      }),
    ).toEqual({
      groups: ['sudo-iolog: log.json log timing stdin ttyout'],
      refused: ['readme: not-a-recording'],
    });
    expect(sort({ 'log.json': '{"timestamp":{"seconds":1},"runargv":["x"]}', ttyout: 'x' }).refused).toEqual([
      'log.json: inconsistent-parts',
      'ttyout: not-a-recording',
    ]);
    expect(sort({ 'renamed.txt': '4 0.1 1\n' }).refused).toEqual(['renamed.txt: inconsistent-parts']);
    for (const first of ['garbage', '{"', '[1', '\0\0\0', '4 x y', '4', '9999 lines', '\x80\x81']) {
      const timing = Buffer.from(`${first}\n4 0.1 1\n4 0.2 1\n`, 'latin1');
      expect(sort({ timing, log: '1:a:b::t\n', ttyout: 'xyz' }).groups, first).toEqual(['sudo-iolog: log timing ttyout']);
      expect(sort({ timing, ttyout: 'xyz' }).groups, first).toEqual(['sudo-iolog: timing ttyout']);
      expect(sort({ timing }).groups, first).toEqual([]);
    }
    expect(sort({ timing: 'garbage\nmore of it\n', log: '1:a:b::t\n', ttyout: 'x' }).groups).toEqual([]);
    expect(sort({ timing: '', 'log.json': '{"timestamp":{"seconds":1},"runargv":["x"]}' }).groups).toEqual([
      'sudo-iolog: log.json timing',
    ]);
  });
});

describe('logs and timing of script', () => {
  it('belong together by the names that the timing gives, by their own, or because nothing else is left', () => {
    expect(sort({ 'x.tm': ADVANCED('/tmp/o.log', '/tmp/i.log'), 'o.log': START, 'i.log': START }).groups).toEqual([
      'script: x.tm o.log i.log',
    ]);
    expect(sort({ 'a.timing': '0.1 1\n', 'a.typescript': START, 'b.timing': '0.1 1\n', 'b.typescript': START }).groups).toEqual([
      'script: a.timing a.typescript',
      'script: b.timing b.typescript',
    ]);
    expect(sort({ timing: '0.1 1\n', typescript: START }).groups).toEqual(['script: timing typescript']);
    expect(sort({ 'a.timing': ADVANCED('/tmp/both', '/tmp/both'), 'a.io': START }).groups).toEqual(['script: a.timing a.io']);
  });

  it('are told apart by what the timing says, then by their endings, or not at all', () => {
    expect(sort({ 'a.timing': ADVANCED('x', 'y'), 'a.in': START, 'a.out': START }).groups).toEqual([
      'script: a.timing a.out a.in',
    ]);
    expect(sort({ 'a.timing': ADVANCED('x', 'y'), 'a.one': START, 'a.two': START }).refused).toEqual([
      'a.timing: inconsistent-parts',
      'a.one: inconsistent-parts',
      'a.two: inconsistent-parts',
    ]);
  });

  it('alone are refused where nothing could be shown, and read where something can', () => {
    expect(sort({ 'a.timing': '0.1 1\n' }).refused).toEqual(['a.timing: inconsistent-parts']);
    expect(sort({ 'a.timing': ADVANCED('/etc/passwd') }).groups).toEqual(['script: a.timing']);
    expect(sort({ 'a.typescript': START }).groups).toEqual(['script: a.typescript']);
  });

  it('are not mixed up where it is not clear which belong together', () => {
    expect(sort({ 'a.timing': '0.1 1\n', 'b.timing': '0.1 1\n', typescript: START })).toEqual({
      groups: ['script: typescript'],
      refused: ['a.timing: inconsistent-parts', 'b.timing: inconsistent-parts'],
    });
  });
});

describe('content', () => {
  it('decides, whatever the name says', () => {
    expect(
      sort({ 'x.txt': '{"version":2,"width":80,"height":24}\n', 'y.cast': Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 65) })
        .groups,
    ).toEqual(['asciicast-v2: x.txt', 'ttyrec: y.cast']);
    expect(sort({ 'x.ttyrec': records(sessionStart(0), print(1, 1, encode('a'))) }).groups).toEqual(['teleport: x.ttyrec']);
    expect(sort({ x: '{"events":[{"seq":"1","created_at":"x"}' }).groups).toEqual(['rstream-json: x']);
    expect(sort({ x: '{"stdout":[[1,"a"' }).groups).toEqual(['asciicast-v1: x']);
  });

  it('of a header that is longer than the head is judged by what is there', () => {
    const long = `{"version":3,"title":"${'x'.repeat(100_000)}","term":{"cols":80,"rows":24}}\n[1,"o","a"]\n`;
    expect(sort({ x: long }).groups).toEqual(['asciicast-v3: x']);
    expect(sort({ x: `{"version":1,"env":{},"stdout":[${'[1,"a"],'.repeat(20_000)}[1,"a"]]}` }).groups).toEqual([
      'asciicast-v1: x',
    ]);
  });

  it('of a header that gives its version behind the head is that of version 1, and refused where it says another', () => {
    const long = (rest: string, indent = 0): string => {
      const members: Record<string, unknown> = { width: 80, height: 24, env: { X: 'x'.repeat(100_000) } };
      return `${JSON.stringify(members, null, indent).slice(0, -1)},${rest}\n`;
    };
    for (const indent of [0, 2]) {
      const { decoded } = decodeFiles([{ name: 'x', bytes: encode(long('"version":1,"stdout":[[1,"a"]]}', indent)) }]);
      expect(decoded[0]).toMatchObject({ refusal: null, discrepancies: [], sessions: [{ header: { cols: 80, rows: 24 } }] });
      expect(decoded[0]!.sessions[0]!.events).toHaveLength(1);
    }
    const refusal = (text: string): string | undefined =>
      decodeFiles([{ name: 'x', bytes: encode(text) }]).decoded[0]!.refusal?.message;
    expect(refusal(long('"version":2}\n[1,"o","a"]'))).toMatch(/^the version, 2, stands too far behind the beginning/);
    expect(refusal(long('"version":1e400}'))).toBe('asciicast version 1e400 is not read; versions 1, 2 and 3 are');
    expect(refusal(long('"stdin":[]}'))).toBe('the version is missing from the header');
    for (const short of ['{"version":1e400,"width":80,"height":24}\n', '{"version":1e400,"stdout":[]}'])
      expect(group([{ name: 'x', bytes: encode(short) }]).refused[0]!.refusal.message).toContain('asciicast version 1e400 is');
  });

  it('that is another kind of file is refused, and says what kinds are read', () => {
    const refusal = (bytes: Uint8Array): string => {
      const content = contentOf(bytes);
      return content.kind === 'none' ? `${content.refusal.kind}: ${content.refusal.message}` : content.kind;
    };
    const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52);
    const zip = Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0, 0, 0, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    const elf = Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0x3e, 0, 1, 0, 0, 0, 0, 0, 0, 0);
    for (const bytes of [
      png,
      zip,
      elf,
      encode('hello\n'),
      encode('# comment\n'),
      encode('12 34\n'),
      encode('[section]\n'),
      encode('{"a":1}'),
      encode('{{{'),
    ]) {
      expect(refusal(bytes)).toMatch(/^not-a-recording: .*what is read: asciicast/);
    }
    expect(refusal(Uint8Array.of(0x1f, 0x8b, 8))).toMatch(/gzip/);
    expect(refusal(Buffer.from('{"version":2,"width":80,"height":24}\n', 'utf16le'))).toMatch(/^encoding: .*UTF-16/);
    expect(refusal(Buffer.from('\ufeffnotes of somebody\n', 'utf16le'))).toMatch(/^not-a-recording/);
    expect(refusal(containerPart(new Uint8Array(0)))).toMatch(/Teleport container/);
    expect(refusal(new Uint8Array(65_536).fill(10))).toMatch(/^empty-file/);
  });

  it('of nothing but zeros is no ttyrec', () => {
    expect(contentOf(new Uint8Array(24)).kind).toBe('none');
    expect(contentOf(new Uint8Array(65_536), 1e6).kind).toBe('none');
  });

  it('never hangs on, or trusts, a head full of one byte', () => {
    for (let byte = 0; byte < 256; byte++)
      expect(() => groupFiles([{ name: 'x', content: contentOf(new Uint8Array(65_536).fill(byte), 2 ** 40) }])).not.toThrow();
  });
});

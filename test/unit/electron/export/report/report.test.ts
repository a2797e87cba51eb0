// @vitest-environment jsdom
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readPlayer, reportPieces, shownCommands, startHere, type ReportInput } from '../../../../../electron/export/export.ts';
import { HOSTILE, hostileReport, sampleReport, whole } from '../../../../support/report-input.ts';

const player = readPlayer(join(import.meta.dirname, '../../../../support/report-player'));
const folder = mkdtempSync(join(tmpdir(), 'exhibit-test-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const written = (input: ReportInput): Promise<string> => whole(reportPieces(input, player));

async function parsed(input: ReportInput): Promise<Document> {
  return new DOMParser().parseFromString(await written(input), 'text/html');
}

let sampled: Promise<Document> | null = null;
let harmed: Promise<Document> | null = null;
const sampleDocument = (): Promise<Document> => (sampled ??= parsed(sampleReport()));
const hostileDocument = (): Promise<Document> => (harmed ??= parsed(hostileReport()));

const first = (input: ReportInput): string =>
  startHere(
    {
      name: 'exhibit-SEC-0093',
      case: input.case!,
      tool: input.tool,
      intent: input.intent,
      signer: input.signer!,
      signedAt: input.madeAt,
      supersedes: null,
      plaintext: true,
      redacted: true,
      recordings: [{ id: 's-1', title: input.case!.title, root: 'ab', records: 2, withheld: 1 }],
    },
    player,
  );

/** Elements and attributes that a report is made of. */
const ELEMENTS =
  'html head meta title style body a div nav p ol li main header h1 h2 h3 h4 b bdi span ul dl dt dd br table thead tbody tr th td section article strong em s code pre blockquote hr figure figcaption details summary noscript kbd svg g text rect path line script';
const HANDLERS = /^on|^style$|^src$|^action$|^formaction$|^srcdoc$/;

describe('a report', () => {
  it('has the same bytes for the same input', async () => {
    expect(await written(sampleReport())).toBe(await written(sampleReport()));
  });

  it('lets in nothing but its own player, by its hash', async () => {
    const document = await sampleDocument();
    const policy = document.querySelector('meta[http-equiv="Content-Security-Policy"]')!.getAttribute('content')!;
    const script = document.querySelector('script:not([type])')!.textContent;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`);
    expect(document.querySelectorAll('script:not([type])')).toHaveLength(1);
  });

  it('tells findings with their frames, place, note, tags and versions', async () => {
    const document = await sampleDocument();
    const article = document.querySelector('#finding-1')!;
    expect(article.textContent).toContain('Customer records are read');
    expect(article.querySelector('strong')!.textContent).toBe('names and addresses');
    expect(article.querySelector('.frame svg')!.textContent).toContain('shopdb=>');
    expect(article.querySelector('a.jump')!.getAttribute('data-at')).toBe('117000000');
    expect(article.querySelector('.tags')!.textContent).toBe('customer datapsql');
    expect(document.querySelector('#finding-2 rect.region')).not.toBeNull();
    const retracted = document.querySelector('#finding-4')!;
    expect(retracted.textContent).toContain('Retracted by Mara Quint');
    expect(retracted.querySelector('svg')).toBeNull();
  });

  it('lists commands, and counts those that the screen did not show', async () => {
    const document = await sampleDocument();
    const list = document.querySelector('.commands')!;
    expect(list.textContent).toContain('psql -U app customers');
    expect(list.parentElement!.textContent).toContain('Not listed: 1 line typed at a prompt and not shown there as typed');
    const listed = shownCommands(
      Array.from({ length: 3000 }, (_, at) => ({ enteredUs: at, text: `echo ${String(at)}`, echoed: at % 3 > 0 })),
    );
    expect([listed.listed.length, listed.more, listed.unseen]).toEqual([2000, 0, 1000]);
    expect(
      shownCommands([...listed.listed, ...listed.listed].map(({ atUs, text }) => ({ enteredUs: atUs, text, echoed: true }))).more,
    ).toBe(2000);
  });

  it('says proof in the words of the window, and repeats under its limits what is not proven', async () => {
    const document = await sampleDocument();
    const card = document.querySelector('.proof')!.textContent;
    expect(card).toContain('○ContentNot proven');
    expect(card).toContain('✓CustodyProven');
    expect(document.querySelector('#limits')!.textContent).toContain('Time: not proven (EX-001, EX-002, EX-003, EX-004)');
  });

  it('links only inside of itself', async () => {
    const document = await hostileDocument();
    const links = Array.from(document.querySelectorAll('a[href]'), (link) => link.getAttribute('href')!);
    expect(links.length).toBeGreaterThan(20);
    for (const link of links) {
      expect(link).toMatch(/^#[a-z]+(-\d+)?$/);
      expect(document.querySelector(link), link).not.toBeNull();
    }
  });

  it('holds the playback as it is, whatever is in it', async () => {
    const input = hostileReport();
    const document = await hostileDocument();
    const blocks = Array.from(document.querySelectorAll('script[data-playback="1"]'), ({ textContent }) => textContent);
    const read = (text: string): unknown[] =>
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown);
    const cast = await whole(input.recordings[0]!.playback!.pieces());
    expect(read(blocks.join(''))).toEqual(read(cast));
  });

  it('shows hostile text as text: no element, no handler and no address comes of it', async () => {
    const allowed = new Set(ELEMENTS.split(' '));
    for (const document of [await hostileDocument(), new DOMParser().parseFromString(first(hostileReport()), 'text/html')]) {
      for (const element of document.querySelectorAll('*')) {
        expect(allowed, element.outerHTML.slice(0, 200)).toContain(element.localName.toLowerCase());
        for (const { name } of element.attributes) expect(name).not.toMatch(HANDLERS);
      }
      expect(document.body.textContent).toContain('<img src=x onerror="globalThis.harmed=1">');
      expect(document.body.textContent).toContain('javascript:harmed()');
    }
  });

  it('names characters that steer, break or cannot be seen', async () => {
    const document = await hostileDocument();
    const copy = document.cloneNode(true) as Document;
    for (const script of copy.querySelectorAll('script, style')) script.remove();
    const all = copy.documentElement.outerHTML;
    // oxlint-disable-next-line no-control-regex
    expect(all).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800]/);
    expect(document.title).toContain('[U+202E]');
    expect(document.querySelector('h1 .odd')!.textContent).toBe('U+202E');
    expect(HOSTILE).toContain('\u202e');
  });

  it('leaves a playback that is too large beside it, and says so where the player would be', async () => {
    const input = sampleReport();
    const [main, ...others] = input.recordings;
    const large = {
      size: 17 * 1024 * 1024,
      pieces: (): never => expect.unreachable('it is not read'),
      file: 'recordings/s-1042/playback.cast',
    };
    const document = await parsed({ ...input, recordings: [{ ...main!, playback: large }, ...others] });
    expect(document.querySelector('#recording-1')!.textContent).toContain('takes 17.8 MB, which is more than a report holds');
    expect(document.querySelector('#recording-1')!.textContent).toContain('data/recordings/s-1042/playback.cast');
    expect(document.querySelector('#playback-1')).toBeNull();
    expect(document.querySelector('#finding-1 a.jump')).toBeNull();
    expect(document.querySelector('#playback-2')).not.toBeNull();
  });

  it('cuts a transcript that is too long, says where the whole is, and reads no further', async () => {
    let read = 0;
    const transcript = {
      *pieces() {
        for (; read < 1000; read++) yield `${'x'.repeat(65_535)}\n`;
      },
      file: 'recordings/s-1042/transcript.txt',
    };
    const input = sampleReport();
    const [main, ...others] = input.recordings;
    const document = await parsed({ ...input, recordings: [{ ...main!, transcript }, ...others] });
    expect(read).toBeLessThan(40);
    expect(document.querySelector('#recording-1')!.textContent).toContain('is cut here. The whole is in the bundle');
  });

  it('is made in pieces, a long playback in blocks', async () => {
    const line = `[1, "o", "${'<'.repeat(10_000)}"]\n`;
    const count = 500;
    const input = sampleReport();
    const [main] = input.recordings;
    const playback = { size: count * line.length, pieces: () => Array.from({ length: count }, () => line), file: null };
    const all: string[] = [];
    for await (const piece of reportPieces({ ...input, recordings: [{ ...main!, playback }], findings: [] }, player))
      all.push(piece);
    expect(Math.max(...all.map(({ length }) => length))).toBeLessThan(1024 * 1024);
    expect(all.join('').match(/<script type="application\/x-asciicast"/g)!.length).toBe(5);
  });

  it('of one recording in no case, it speaks of the recording alone', async () => {
    const input = sampleReport({
      case: null,
      exhibits: [],
      findings: [],
      signer: null,
      bundle: false,
      redacted: false,
      redactions: [],
      notes: [],
    });
    const document = await parsed({ ...input, recordings: input.recordings.slice(0, 1) });
    expect(document.querySelector('h1')!.textContent).toBe('OPS-4127');
    expect(document.querySelector('#findings')).toBeNull();
    expect(document.querySelector('#limits')!.textContent).toContain('It carries no signature');
  });
});

describe('the first page of a bundle', () => {
  it('says whose fingerprint to ask for and how to check it by hand', () => {
    const document = new DOMParser().parseFromString(first(sampleReport()), 'text/html');
    expect(document.querySelector('.fingerprint')!.textContent).toBe('SHA256:Jx1mQ3u0H3c6v8w2p5yK9rTtA7bE4dG1nL0sZfUoV2I');
    const commands = Array.from(document.querySelectorAll('pre'), ({ textContent }) => textContent);
    expect(commands).toContain(
      'ssh-keygen -Y verify -f signatures/allowed_signers -I Mara_Quint -n exhibit-statement -s signatures/01-producer.json.sig < signatures/01-producer.json',
    );
    expect(document.querySelector('script')).toBeNull();
  });
});

describe('the player of reports', () => {
  it('is refused where it could end the element that it stands in', () => {
    writeFileSync(join(folder, 'player.js'), 'const a = "</script>";');
    writeFileSync(join(folder, 'player.css'), '');
    writeFileSync(join(folder, 'licences-of-player.md'), '');
    expect(() => readPlayer(folder)).toThrow('player.js cannot stand in a page');
  });

  it('is missed by its name', () => {
    expect(() => readPlayer(join(folder, 'none'))).toThrow(
      expect.objectContaining({ kind: 'not-found', what: 'report' }) as Error,
    );
  });
});

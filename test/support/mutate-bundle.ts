// Ways to tamper with a bundle, by random numbers: bits, files, names, statements of another bundle. Each says which verdicts are right for it
// and which file a failure must name.

import type { Verdict } from '../../shared/evidence/bundle/report.ts';
import { addManifests, addStatements, packBundle, type BundleFiles, type BundleSpec, type TestSigner } from './bundle.ts';
import type { Random } from './random.ts';

export interface Tampered {
  readonly what: string;
  readonly zip: Buffer;
  readonly verdicts: readonly Verdict[];
  /** Paths, one of which a failure must name; none where every place is as good. */
  readonly files: readonly string[];
}

export interface Untouched {
  readonly spec: BundleSpec;
  readonly signers: readonly TestSigner[];
  readonly files: BundleFiles;
  /** A bundle of another case by the same signers. */
  readonly other: BundleFiles;
}

const SIGNED = /^signatures\//;

function flipped(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[bit >> 3]! ^= 1 << (bit & 7);
  return copy;
}

/** What a change of a file's bytes is: the first step that looks at it decides. */
function verdictOf(path: string): readonly Verdict[] {
  return path === 'bagit.txt' ? ['UNREADABLE'] : /manifest-/.test(path) ? ['ALTERED', 'INCOMPLETE'] : ['ALTERED'];
}

/** One bit of the ZIP file. */
function bitOfZip(random: Random, { files }: Untouched): Tampered {
  const { zip, places } = packBundle(files);
  const bit = random.below(zip.length * 8);
  const at = bit >> 3;
  const place = places.find(({ end }) => at < end);
  const what = `bit ${String(bit)} of the ZIP`;
  const changed = flipped(zip, bit);
  if (place === undefined) return { what, zip: changed, verdicts: ['UNREADABLE'], files: [] };
  if (at < place.content) return { what, zip: changed, verdicts: ['UNREADABLE'], files: [place.path] };
  return { what, zip: changed, verdicts: verdictOf(place.path), files: [place.path] };
}

/** One bit of a file, in a ZIP that is whole. */
function bitOfFile(random: Random, { files }: Untouched): Tampered {
  const path = random.pick([...files.keys()].filter((name) => files.get(name)!.length > 0));
  const bit = random.below(files.get(path)!.length * 8);
  const changed = new Map(files).set(path, flipped(files.get(path)!, bit));
  return { what: `bit ${String(bit)} of ${path}`, zip: packBundle(changed).zip, verdicts: verdictOf(path), files: [path] };
}

/** The last reviewer may take a statement back as if it had never been: nothing that is signed says that it was there. */
function removal(random: Random, { files }: Untouched): Tampered {
  const path = random.pick([...files.keys()].filter((name) => !name.endsWith('.tsq')));
  const changed = new Map(files);
  changed.delete(path);
  const verdicts: Verdict[] = path === 'bagit.txt' ? ['UNREADABLE'] : ['INCOMPLETE'];
  return { what: `${path} removed`, zip: packBundle(changed).zip, verdicts, files: [path] };
}

function addition(random: Random, { files }: Untouched): Tampered {
  const folder = random.pick(['', 'data/', 'data/recordings/aaa111/', 'data/recordings/zzz/', 'exhibit/', 'signatures/']);
  const path = `${folder}${random.pick(['added', 'notes.txt', '03-reviewer.txt', 'fetch.txt'])}`;
  const changed = new Map(files).set(path, Buffer.from('more\n'));
  return { what: `${path} added`, zip: packBundle(changed).zip, verdicts: ['ALTERED'], files: [path] };
}

function swap(random: Random, { files }: Untouched): Tampered {
  for (;;) {
    const [one, two] = [random.pick([...files.keys()]), random.pick([...files.keys()])];
    if (files.get(one)!.equals(files.get(two)!)) continue;
    const changed = new Map(files).set(one, files.get(two)!).set(two, files.get(one)!);
    const verdicts: Verdict[] = ['UNREADABLE', 'INCOMPLETE', 'ALTERED'];
    return { what: `${one} and ${two} swapped`, zip: packBundle(changed).zip, verdicts, files: [one, two] };
  }
}

/** Files of another bundle in the place of this one's. */
function replay(random: Random, { files, other }: Untouched): Tampered {
  const isTaken = random.pick([
    (path: string) => SIGNED.test(path),
    (path: string) => path.startsWith('signatures/01-'),
    (path: string) => /^signatures\/01-producer\.json\.sig$/.test(path),
    (path: string) => path.startsWith('data/recordings/aaa111/'),
    (path: string) => path === 'data/custody.jsonl',
    (path: string) => /manifest-/.test(path),
  ]);
  const changed = new Map(files);
  const taken = [...other.keys()].filter((path) => isTaken(path) && !other.get(path)!.equals(files.get(path)!));
  for (const path of taken) changed.set(path, other.get(path)!);
  const verdicts: Verdict[] = ['INCOMPLETE', 'ALTERED'];
  return { what: `replayed: ${taken.join(' ')}`, zip: packBundle(changed).zip, verdicts, files: [] };
}

/** Everything that speaks of what is there, taken out. */
function stripping(random: Random, { files }: Untouched): Tampered {
  const [what, pattern, verdict] = random.pick([
    ['all signatures', SIGNED, 'INTACT, UNSIGNED'],
    ['all signature files', /\.sig(\.tsq)?$/, 'INCOMPLETE'],
    ['all statements', /^signatures\/.*\.json$/, 'INCOMPLETE'],
    ['signatures but allowed_signers', /^signatures\/0/, 'INCOMPLETE'],
    ['payload manifests', /^manifest-/, 'INCOMPLETE'],
    ['tag manifests', /^tagmanifest-/, 'INCOMPLETE'],
    ['one kind of manifest', /manifest-sha512/, 'INCOMPLETE'],
    ['manifests and signatures', /manifest-|^signatures\//, 'INCOMPLETE'],
  ] as const satisfies readonly (readonly [string, RegExp, Verdict])[]);
  const changed = new Map([...files].filter(([path]) => !pattern.test(path)));
  return { what: `${what} removed`, zip: packBundle(changed).zip, verdicts: [verdict], files: [] };
}

/** The signer changes a record, a custody entry or a proof card and makes all digests and signatures anew. */
function signedAnew(random: Random, { files, spec, signers }: Untouched): Tampered {
  const path = random.pick([
    'data/custody.jsonl',
    ...spec.recordings.flatMap(({ id, withheld }) => [
      `data/recordings/${id}/records.jsonl`,
      ...(withheld.size > 0 ? [] : [`data/recordings/${id}/original/0-session.cast`]),
    ]),
  ]);
  const bytes = files.get(path)!;
  // A digit in the place of another one keeps the lines readable, so that it is not their form that is found. Where records lay in an
  // original that is withheld is the signer's word alone.
  const isCovered = (at: number): boolean =>
    !path.includes('ccc333') || bytes.lastIndexOf('ranges', at) < bytes.lastIndexOf('\n', at);
  const digits = Array.from(bytes, (byte, at) => (byte >= 0x30 && byte <= 0x39 && isCovered(at) ? at : -1)).filter(
    (at) => at >= 0,
  );
  const at = random.pick(digits);
  const changed = Buffer.from(bytes);
  changed[at] = 0x30 + ((bytes[at]! - 0x30 + 1 + random.below(9)) % 10);
  const forged = new Map([...files].filter(([name]) => !SIGNED.test(name))).set(path, changed);
  addManifests(forged);
  addStatements(forged, spec, signers);
  return { what: `byte ${String(at)} of ${path}, signed anew`, zip: packBundle(forged).zip, verdicts: ['ALTERED'], files: [] };
}

/** Bytes between, before and after the entries; entries twice, in another order, with other names. */
function zipForm(random: Random, { files }: Untouched): Tampered {
  const { zip, places } = packBundle(files);
  const { path, header, content } = random.pick(places);
  const extra = Buffer.from('PK\u0003\u0004 hidden');
  const renamed = (to: string): Buffer =>
    packBundle(new Map([...files].map(([name, bytes]) => [name === path ? to : name, bytes]))).zip;
  const [what, changed] = random.pick([
    ['bytes before', Buffer.concat([extra, zip])],
    ['bytes after', Buffer.concat([zip, extra])],
    ['bytes between', Buffer.concat([zip.subarray(0, header), extra, zip.subarray(header)])],
    ['the end cut off', zip.subarray(0, zip.length - 1 - random.below(100))],
    ['cut in the middle', zip.subarray(0, content)],
    ['a climbing name', renamed(`../${path}`)],
    ['an absolute name', packBundle(files, '/etc').zip],
    ['a name with a backslash', renamed(path.replace('/', '\\') + '\\x')],
    ['nothing', Buffer.alloc(0)],
  ] as const);
  return { what: `${what} (${path})`, zip: changed, verdicts: ['UNREADABLE'], files: [] };
}

const WAYS = [bitOfZip, bitOfZip, bitOfFile, bitOfFile, removal, addition, swap, replay, stripping, signedAnew, zipForm];

export function tamper(random: Random, untouched: Untouched): Tampered & { readonly way: string } {
  const way = random.pick(WAYS);
  return { way: way.name, ...way(random, untouched) };
}

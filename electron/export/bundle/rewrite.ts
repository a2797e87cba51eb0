// A bundle written anew with more files under signatures/: every other byte of it stays. So one more person signs, and so a time stamp is
// joined.

import { setImmediate as breathe } from 'node:timers/promises';
import { ExhibitError } from '../../../shared/api/errors.ts';
import { chunks } from '../../../shared/evidence/bundle/bag.ts';
import { SIGNATURES } from '../../../shared/evidence/bundle/manifests.ts';
import { judgeAnswer } from '../../../shared/evidence/bundle/time-stamps.ts';
import { timeStampRequest } from '../../../shared/evidence/rfc3161.ts';
import { allowedSigners, publicKeyLine } from '../../../shared/evidence/sshsig.ts';
import { sha256 } from '../../library/library.ts';
import { NODE_EFFECTS } from '../verify/node-effects.ts';
import { readStatement, statementDigest, type ReadBundle } from './read.ts';
import { moment, signatureText, statementName, statementText, type Signer } from './statement.ts';
import type { MakeEffects } from './make.ts';
import { ZipWriter, type ZipTarget } from './zip-writer.ts';

/** Files of a bundle that are new, or take the place of others. */
export type Additions = ReadonlyMap<string, string | Uint8Array>;

/** Throws kinds `cancelled`, `disk`. */
export async function rewriteBundle(
  { bag, top }: ReadBundle,
  additions: Additions,
  target: ZipTarget,
  { signal, progress }: MakeEffects,
): Promise<void> {
  const zip = new ZipWriter(target);
  const names = [...new Set([...bag.files.keys(), ...additions.keys()])].toSorted((a, b) => (a < b ? -1 : 1));
  for (const name of names) {
    zip.begin(`${top}/${name}`);
    const added = additions.get(name);
    for await (const bytes of added === undefined ? chunks(bag.files.get(name)!) : [Buffer.from(added)]) {
      if (signal.aborted) throw new ExhibitError('cancelled', 'bundle', 'it was cancelled', 'the bundle is as it was');
      zip.write(bytes);
      progress(zip.position, name);
      await breathe();
    }
    zip.end();
  }
  zip.finish();
}

export interface Countersigning {
  readonly role: 'reviewer' | 'recipient';
  readonly intent: string;
  /** RFC 3339. */
  readonly signedAt: string;
  readonly tool: { readonly version: string; readonly emulator: string };
}

/** Name of a new statement with its text, and the files that it adds to a bundle. */
export interface Countersigned {
  readonly file: string;
  readonly text: string;
  readonly additions: Additions;
}

/** Statements that fit two digits. */
const MOST_STATEMENTS = 99;

/** One more statement over the same bag, which says of the case what the producer said. Throws kind `refused`, also for a reviewer with the producer's key. */
export async function countersign(
  bundle: ReadBundle,
  { role, intent, signedAt, tool }: Countersigning,
  signer: Signer,
): Promise<Countersigned> {
  const texts = await Promise.all(bundle.statements.map((path) => bundle.text(path)));
  const statements = texts.map(readStatement);
  const [first] = statements;
  if (first === undefined || statements.length >= MOST_STATEMENTS)
    throw new ExhibitError(
      'refused',
      'countersign',
      first === undefined ? 'nobody signed it yet' : 'it has 99 statements already',
    );
  const { predicate, subject } = first;
  if (role === 'reviewer' && predicate.signer.publicKey === publicKeyLine(signer.publicKey)) {
    const todo = 'let somebody sign it with the key of another library; --role recipient says only that it came back';
    throw new ExhibitError(
      'refused',
      'countersign',
      'the key of this library made the bundle, and a reviewer is somebody else',
      todo,
    );
  }
  const text = statementText(
    {
      ...predicate,
      role,
      intent,
      signedAt: moment(signedAt),
      follows: statementDigest(texts.at(-1)!),
      tool: { name: 'Exhibit', ...tool },
    },
    signer,
    { sha256: subject[0]!.digest.sha256!, sha512: subject[1]!.digest.sha512! },
  );
  const file = `signatures/${statementName(statements.length + 1, role)}`;
  const signers = [
    ...statements.map((statement) => statement.predicate.signer),
    { name: signer.name, publicKey: publicKeyLine(signer.publicKey) },
  ];
  return {
    file,
    text,
    additions: new Map([
      [file, text],
      [`${file}.sig`, signatureText(text, signer)],
      ['signatures/allowed_signers', allowedSigners(signers)],
    ]),
  };
}

/** The signature that a time stamp is for; `statement` null: of the newest. Throws kind `not-found`. */
export function signatureOf({ statements }: ReadBundle, statement: string | null): string {
  const found = statements.findLast((path) => path.slice(SIGNATURES.length).startsWith(statement ?? ''));
  if (found === undefined)
    throw new ExhibitError(
      'not-found',
      'time stamp',
      `there is no statement ${statement ?? ''}`,
      'name one as in signatures/: 01-producer',
    );
  return `${found}.sig`;
}

/** The RFC 3161 request for a signature, DER. The same signature gives the same request. */
export const timeRequest = async (bundle: ReadBundle, signature: string): Promise<Uint8Array> =>
  timeStampRequest(await bundle.bytes(signature), sha256);

/**
 * The files that an answer to such a request adds, and the statement whose signature it is for. A time stamp that is there is not
 * replaced: an earlier one proves more. Throws kind `refused`.
 */
export async function joinTimeStamp(
  bundle: ReadBundle,
  answer: Uint8Array,
): Promise<{ readonly statement: string; readonly time: string; readonly additions: Additions }> {
  let why = 'the bundle has no statement';
  for (const statement of bundle.statements.toReversed()) {
    const signature = `${statement}.sig`;
    const judged = await judgeAnswer(answer, await bundle.bytes(signature), [], NODE_EFFECTS);
    if ('refused' in judged) {
      why = judged.refused;
      continue;
    }
    const standing = bundle.bag.files.has(`${signature}.tsr`)
      ? await judgeAnswer(await bundle.bytes(`${signature}.tsr`), await bundle.bytes(signature), [], NODE_EFFECTS)
      : null;
    if (standing !== null && !('refused' in standing))
      throw new ExhibitError(
        'refused',
        'time stamp',
        `the signature ${signature} has one already, which gives ${standing.time}`,
        'keep it; for another one, countersign the bundle and have that signature stamped',
      );
    const request = await timeRequest(bundle, signature);
    return {
      statement,
      time: judged.time,
      additions: new Map([
        [`${signature}.tsq`, request],
        [`${signature}.tsr`, answer],
      ]),
    };
  }
  throw new ExhibitError('refused', 'time stamp', why, 'ask for it with the request that is made of this bundle');
}

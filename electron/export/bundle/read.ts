// A bundle's files by their names, for whoever countersigns or opens it. It must have been verified: nothing is checked here but that the
// ZIP is one.

import { createHash } from 'node:crypto';
import { ExhibitError } from '../../../shared/api/errors.ts';
import type { Bag } from '../../../shared/evidence/bundle/bag.ts';
import { openZip } from '../../../shared/evidence/bundle/open-zip.ts';
import { statementFiles } from '../../../shared/evidence/bundle/statements.ts';
import type { Predicate } from './statement.ts';

export interface ReadBundle {
  /** The top folder. */
  readonly top: string;
  readonly bag: Bag;
  /** Paths of the statements, ascending. */
  readonly statements: readonly string[];
  text(path: string): Promise<string>;
  bytes(path: string): Promise<Uint8Array>;
}

/** Bytes of a bundle that may have to be waited for, as where a page holds it. */
export interface AwaitedBytes {
  readonly size: number;
  read(position: number, length: number): Uint8Array | Promise<Uint8Array>;
}

/** Throws kinds `refused` for what is no bundle, `disk`. */
export async function readBundle(file: AwaitedBytes, name: string): Promise<ReadBundle> {
  const opened = await openZip(file.size, (from, to) => Promise.resolve(file.read(from, to - from)));
  if (opened.kind === 'fault')
    throw new ExhibitError(
      'refused',
      `open ${name}`,
      `it is no bundle: ${opened.fault.reason}`,
      '`exhibit bundle verify` says more',
    );
  const { top, bag } = opened;
  const bytes = (path: string): Promise<Uint8Array> => {
    const found = bag.files.get(path);
    if (found === undefined)
      throw new ExhibitError('refused', `open ${name}`, `${path} is not in it`, '`exhibit bundle verify` says more');
    return found.read(0, found.size);
  };
  return {
    top,
    bag,
    statements: statementFiles(bag).statements,
    bytes,
    text: async (path) => Buffer.from(await bytes(path)).toString(),
  };
}

/** What a statement says, beside its signer. */
export interface StatementRead {
  readonly subject: readonly { readonly digest: { readonly sha256?: string; readonly sha512?: string } }[];
  readonly predicate: Predicate & {
    readonly signer: { readonly name: string; readonly publicKey: string; readonly fingerprint: string };
  };
}

export const readStatement = (text: string): StatementRead => JSON.parse(text) as StatementRead;

export const statementDigest = (text: string): string => createHash('sha256').update(text).digest('hex');

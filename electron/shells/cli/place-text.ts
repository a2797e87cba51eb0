// Where a discrepancy is, as the beginning of a line.

import type { Discrepancy } from '../../../shared/recording/discrepancy.ts';

type LoosePlace = { readonly [K in keyof Discrepancy['place']]?: Discrepancy['place'][K] | undefined };

/** `server.cast, line 6: `, or empty where nothing is known of the place. */
export function placeText({ file, line, offset, seq }: LoosePlace): string {
  const where = line !== undefined ? `line ${String(line)}` : offset !== undefined ? `byte ${String(offset)}` : undefined;
  const parts = [file, where, seq === undefined ? undefined : `sequence number ${seq}`].filter((part) => part !== undefined);
  return parts.length === 0 ? '' : `${parts.join(', ')}: `;
}

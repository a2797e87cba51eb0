// The hash of a screen: what an annotation is anchored to and what the certificate of a frame names, so that another copy of a
// recording can be asked whether it shows the same. Specification: docs/evidence.md, "The hash of a screen".

import type { Sha256 } from './acquisition-tree.ts';
import { toHex } from './custody.ts';

/** The part of a screen that is hashed. Rows and columns count from 0. */
export interface HashedScreen {
  readonly cols: number;
  readonly rows: number;
  readonly cursorRow: number;
  readonly cursorCol: number;
  readonly cursorVisible: boolean;
  /** Visible rows, top first, one for each row of the screen, without the blanks (U+0020) at their ends. */
  readonly screen: readonly string[];
}

/** The text that is hashed, in UTF-8: three lines of head, then the rows, each ended by a line feed. */
export function canonicalScreen({ cols, rows, cursorRow, cursorCol, cursorVisible, screen }: HashedScreen): string {
  const cursor = `cursor ${String(cursorRow)} ${String(cursorCol)} ${cursorVisible ? 'visible' : 'hidden'}`;
  return ['exhibit-screen/1', `size ${String(cols)} ${String(rows)}`, cursor, ...screen].map((line) => `${line}\n`).join('');
}

/** SHA-256 of that text, in lower-case hexadecimal. */
export function screenHash(sha256: Sha256, screen: HashedScreen): string {
  return toHex(sha256(new TextEncoder().encode(canonicalScreen(screen))));
}

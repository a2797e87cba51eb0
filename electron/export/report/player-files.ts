// The player as it was built (build/bundle.ts): a script and a style sheet, read from the installation and put into reports as they are.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExhibitError } from '../../../shared/api/errors.ts';

export interface PlayerFiles {
  readonly script: string;
  readonly style: string;
  /** `sha256-…`, as a content policy names the script. */
  readonly scriptHash: string;
  /** Of what the script is made from: they go where it goes. */
  readonly licences: string;
}

/** What would end or change the element that the text stands in. */
function inlinable(name: string, text: string, never: RegExp): string {
  if (never.test(text)) throw new Error(`${name} cannot stand in a page`);
  return text.replaceAll(/\r\n?/g, '\n').trim();
}

/** `folder`: `report` of the installation. Throws kind `not-found` where it has none. */
export function readPlayer(folder: string): PlayerFiles {
  if (!existsSync(join(folder, 'player.js'))) {
    const todo = 'build or install Exhibit anew';
    throw new ExhibitError('not-found', 'report', 'this installation has no player for reports', todo);
  }
  const script = inlinable('player.js', readFileSync(join(folder, 'player.js'), 'utf8'), /<\/script|<!--/i);
  const style = inlinable('player.css', readFileSync(join(folder, 'player.css'), 'utf8'), /<\/style/i);
  const licences = readFileSync(join(folder, 'licences-of-player.md'), 'utf8');
  return { script, style, licences, scriptHash: `sha256-${createHash('sha256').update(script).digest('base64')}` };
}

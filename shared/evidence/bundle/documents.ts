// The JSON documents of a bundle, which are read whole.

import { wholeFile, type Bag } from './bag.ts';
import { strictFile, type JsonObject } from './strict-json.ts';

/** Larger than any of them: a long synchronised session has thousands of parts. */
const MAX_DOCUMENT = 256 * 1024 * 1024;

/** The object of a file; null where it is not there, is larger than any document, or is not in the form in which Exhibit writes them. */
export async function documentIn(bag: Bag, name: string): Promise<JsonObject | null> {
  const file = bag.files.get(name);
  const bytes = file === undefined ? null : await wholeFile(file, MAX_DOCUMENT);
  return bytes === null ? null : strictFile(bytes);
}

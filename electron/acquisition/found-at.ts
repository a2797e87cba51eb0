// Where an input was found, as it is written down: from the name of what the user named on. In which folder of which person's machine that
// lay goes into the library alone, and neither into the custody log nor into a bundle.

import { keptName, type FoundHistory, type FoundRecording } from '../source/source.ts';

type At = { readonly path: string } | { readonly path: string; readonly archive: string };

/** For the custody log. */
export function foundAt(found: FoundRecording | FoundHistory): At {
  const { path, archive } = found;
  return { path: keptName(found, path), ...(archive === undefined ? {} : { archive: keptName(found, archive) }) };
}

/** For the library; `given` is the path as the user named it. */
export function provenanceOf(found: FoundRecording | FoundHistory): At & { readonly name: string; readonly given?: string } {
  const { name, path, home = '' } = found;
  return { ...foundAt(found), name: keptName(found, name), ...(home === '' ? {} : { given: path }) };
}

// What people wrote that stands in many files of a bundle, or reads otherwise than it is written: looked at before the bundle is written, so
// that a refusal names what to change. Specification: docs/redaction.md, "The last look".

import { ExhibitError } from '../../../shared/api/errors.ts';
import { parseMarkdown, plainText } from '../../../shared/evidence/markdown.ts';
import { findWithheld, withheldTextForms } from '../redaction/redaction.ts';
import type { ShownCase } from './case-files.ts';
import type { Shown } from './shown.ts';

const refused = (place: string, todo: string): ExhibitError =>
  new ExhibitError('refused', 'redacted bundle', `a text that a redaction withholds would stand in ${place}`, todo);

/** The notes of a case and of its annotations, in every version, with what each is called. */
function* notesOf({ detail, annotations }: ShownCase): Generator<readonly [string, string]> {
  for (const [i, { text }] of detail.notes.entries()) yield [`note ${String(i + 1)} of the case`, text];
  for (const { id, note, versions } of annotations) {
    yield [`the note of annotation ${id}`, note];
    for (const version of versions) yield [`version ${String(version.version)} of the note of annotation ${id}`, version.note];
  }
}

/**
 * Refuses names in which a withheld text would stand, and notes in which one could be read once their marks are drawn: what was written is
 * masked already. `names`: by what they are called. Throws kind `refused`; the message never repeats the text.
 */
export async function refuseNamed(
  names: ReadonlyMap<string, string>,
  shown: Pick<Shown, 'mask' | 'texts'>,
  of: ShownCase,
): Promise<void> {
  const forms = shown.texts.flatMap(withheldTextForms);
  for (const [place, name] of names) {
    const hits = forms.length === 0 ? [] : await findWithheld([Buffer.from(name)], forms);
    if (hits.length > 0) throw refused(place, 'choose another name, or a longer text for the redaction');
  }
  for (const [place, note] of notesOf(of)) {
    const read = plainText(parseMarkdown(note));
    if (shown.mask(read) !== read)
      throw refused(`${place}, as it is read without its marks`, 'write the note without it, or in one piece: it is masked then');
  }
}

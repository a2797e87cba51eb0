// Schema 11: the words of annotations are no longer kept folded beside them, in the way of the program that wrote them: whoever looks for
// words folds both alike. So nothing of a version ever changes, and a purge has only its anchor to empty.

export const ANNOTATION_WORDS = `
ALTER TABLE annotation_version DROP COLUMN haystack;
DROP TRIGGER annotation_version_kept;
CREATE TRIGGER annotation_version_kept BEFORE UPDATE ON annotation_version
  BEGIN SELECT raise(ABORT, 'what was written about evidence is not changed'); END;
`;

// Redaction: from a recording and rules to a stream in which nothing of what they name is left. Specification: docs/redaction.md.

export type * from './redaction-types.ts';
export { redactInSteps } from './redact.ts';
export { isWithinOwnDigest } from './own-digests.ts';
export { findWithheld, withheldTextForms, type WithheldForm, type WithheldHit } from './withheld-forms.ts';

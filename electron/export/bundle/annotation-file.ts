// Annotations on their way from one Exhibit to another: one JSON file with a text that is signed and the signature over exactly that text,
// so that `ssh-keygen -Y verify` checks it too (docs/bundle.md, "Annotation files").

import { createHash } from 'node:crypto';
import { annotationFile, annotationPayload, type AnnotationPayload } from '../../../shared/api/bundle-shapes.ts';
import { ExhibitError } from '../../../shared/api/errors.ts';
import { parsePublicKeyLine, parseSignature, publicKeyLine, signedBytes } from '../../../shared/evidence/sshsig.ts';
import { sameBytes } from '../../../shared/evidence/bytes.ts';
import { repeatedName } from '../../../shared/recording/json-exact.ts';
import { parseJson } from '../../../shared/recording/json-text.ts';
import { NODE_EFFECTS } from '../verify/node-effects.ts';
import { jsonFile } from './recording-files.ts';
import { fingerprintOf, moment, signatureText, type Signer } from './statement.ts';

export const ANNOTATIONS_NAMESPACE = 'exhibit-annotations';

/** The file's text. The same annotations, signer and moment give the same bytes. */
export function writeAnnotationFile(
  { case: of, bundle, annotations, signedAt }: Pick<AnnotationPayload, 'case' | 'bundle' | 'annotations' | 'signedAt'>,
  signer: Signer,
): string {
  const { name, publicKey } = signer;
  const payload = jsonFile({
    schema: 'exhibit-annotation-file/1',
    case: of,
    bundle,
    signer: { name, publicKey: publicKeyLine(publicKey), fingerprint: fingerprintOf(publicKey) },
    signedAt: moment(signedAt),
    annotations,
  } satisfies AnnotationPayload);
  return jsonFile({ schema: 'exhibit-signed/1', payload, signature: signatureText(payload, signer, ANNOTATIONS_NAMESPACE) });
}

/** Throws kind `refused` where a name comes again: whoever reads what was signed would read another thing than is taken in here. */
function parsed(text: string, what: string): unknown {
  const read = parseJson(Buffer.from(text));
  if (read.kind === 'fault') return undefined;
  const repeated = repeatedName(read.text);
  if (repeated === null) return read.value;
  const { name, line, column } = repeated;
  throw refused(
    `${what} has ${JSON.stringify(name)} twice in one object, again at line ${String(line)}, column ${String(column)}`,
  );
}

const refused = (why: string, kind: 'refused' | 'altered' = 'refused'): ExhibitError =>
  new ExhibitError(kind, 'annotation file', why, 'ask its author for it again');

/** Reads such a file and checks its signature. Throws kinds `refused` for what is none, `altered` where the signature does not hold. */
export function readAnnotationFile(text: string): AnnotationPayload {
  const file = annotationFile.safeParse(parsed(text, 'it'));
  if (!file.success) throw refused('it is no signed annotation file');
  const read = annotationPayload.safeParse(parsed(file.data.payload, 'what is signed in it'));
  if (!read.success) throw refused('what is signed in it is no list of annotations');
  const { signer } = read.data;
  const key = parsePublicKeyLine(signer.publicKey);
  const signature = parseSignature(Buffer.from(file.data.signature));
  if (key === null || signature === null) throw refused('its signature is in no form that is read');
  const hash = createHash('sha512').update(file.data.payload).digest();
  const holds =
    signature.namespace === ANNOTATIONS_NAMESPACE &&
    sameBytes(signature.publicKey, key) &&
    fingerprintOf(key) === signer.fingerprint &&
    NODE_EFFECTS.verifyEd25519(key, signedBytes(ANNOTATIONS_NAMESPACE, hash), signature.signature);
  if (!holds) throw refused('its signature does not hold: it is not what was signed', 'altered');
  return read.data;
}

// JSON files of rstream as it reads them itself: one value, `version` 1, no member unknown or twice, texts where texts belong.
// Messages name the file and the member, never a value: half of them are private keys.

import { ExhibitError } from '../../shared/api/errors.ts';
import { eachMember, isObject, parseJson, type JsonObject } from '../../shared/recording/json-text.ts';
import { encodeUtf8 } from '../../shared/recording/utf8.ts';
import { decodeBase64url } from './rstream-suites.ts';

/** Identity files have under 1 kB and device files under 8; more is no such file. */
export const MAX_FILE_BYTES = 64 * 1024;

export class StrictFile {
  readonly name: string;
  readonly object: JsonObject;

  /** `name` is what messages call it. Throws kind `refused` where the text is not one object of version 1 with known members. */
  constructor(text: string, name: string, members: readonly string[]) {
    this.name = name;
    const bytes = encodeUtf8(text);
    if (bytes.length > MAX_FILE_BYTES) throw this.refusal('it is larger than any such file is');
    const parsed = parseJson(bytes);
    if (parsed.kind === 'fault' || !isObject(parsed.value)) throw this.refusal('it is not one JSON object');
    this.object = parsed.value;
    const seen = new Set<string | null>();
    eachMember(bytes, (member) => {
      if (member === null || !(member === 'version' || members.includes(member)))
        throw this.refusal('it has a member that is not known');
      if (seen.has(member)) throw this.refusal(`its member ${member} comes twice`);
      seen.add(member);
    });
    if (this.object['version'] !== 1) throw this.refusal('its version is not 1, which is the one that Exhibit reads');
  }

  refusal(why: string): ExhibitError {
    return new ExhibitError('refused', `read ${this.name}`, why, 'use the file as rstream wrote it, or have it made again');
  }

  /** Key material that does not belong together. */
  inconsistent(why: string): ExhibitError {
    return new ExhibitError(
      'damaged',
      `read ${this.name}`,
      why,
      'restore the file from where it was made: a changed key opens nothing',
    );
  }

  /** A text that must be there and not be blank. */
  text(member: string): string {
    const value = this.optionalText(member);
    if (value === null) throw this.refusal(`its member ${member} is missing`);
    return value;
  }

  /** A text, or null where it is missing or blank. */
  optionalText(member: string): string | null {
    const value = this.object[member];
    if (value === undefined || value === null) return null;
    if (typeof value !== 'string') throw this.refusal(`its member ${member} is not a text`);
    return value.trim() === '' ? null : value;
  }

  /** Bytes of a member in base64url. */
  bytes(member: string): Uint8Array {
    const bytes = decodeBase64url(this.text(member));
    if (bytes === null) throw this.refusal(`its member ${member} is not base64url`);
    return bytes;
  }
}

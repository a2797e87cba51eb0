// What a token says of itself, where it is a JWT (RFC 7519): when it ends. Read without trust and without a key; the server decides.

import { ExhibitError } from '../../shared/api/errors.ts';
import { isObject, parseJson } from '../../shared/recording/json-text.ts';

/** When a token ends, milliseconds since 1970-01-01 UTC; null where it does not say. */
export function tokenExpiry(token: string): number | null {
  const parts = token.split('.');
  if (parts.length !== 3) return null;
  const parsed = parseJson(Buffer.from(parts[1]!, 'base64url'));
  if (parsed.kind === 'fault' || !isObject(parsed.value)) return null;
  const seconds = parsed.value['exp'];
  return typeof seconds === 'number' && seconds >= 0 && seconds <= 8.64e12 ? seconds * 1000 : null;
}

/** Throws kind `usage` where a text can be no token, kind `permission` where a token has ended. `now` as for {@link tokenExpiry}. */
export function checkToken(token: string, what: string, now: number): void {
  // What else stands in a header would begin another one.
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new ExhibitError('usage', what, 'this is no token: a blank or a special character is in it', 'give the token alone');
  const expiry = tokenExpiry(token);
  if (expiry !== null && expiry <= now)
    throw new ExhibitError(
      'permission',
      what,
      `its token ended at ${new Date(expiry).toISOString()}`,
      'get a new token, with `rstream login` or from an administrator; `exhibit sources set-token` gives it to a source',
    );
}

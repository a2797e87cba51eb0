// Addresses of rstream servers as people write them, and what stands for a person there. HTTPS always; plain HTTP only to this
// machine itself, where a server for trials runs: a token never crosses a network in the clear.

import { ExhibitError } from '../../shared/api/errors.ts';

export type Credential =
  | { readonly kind: 'token'; readonly token: string }
  /** PEM texts of a TLS client certificate and its key. */
  | { readonly kind: 'certificate'; readonly cert: string; readonly key: string };

export interface RstreamAddress {
  /** `https://host:port`, or `http://` of this machine: as {@link serverAddress} returns it. */
  readonly engine: string;
  /** The same for the control plane; null where it is not known. */
  readonly apiUrl: string | null;
  readonly credential: Credential;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Address of a server, without a slash at its end. `what` names it in messages. Throws kind `usage` where it cannot be one. */
export function serverAddress(text: string, what: string): string {
  const refuse = (why: string): never => {
    throw new ExhibitError('usage', what, why, 'give it as https://host or https://host:port');
  };
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  if (url === null || url.hostname === '') return refuse('this is no address of a server');
  if (url.username !== '' || url.password !== '') return refuse('a name or a password does not belong into the address');
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') return refuse('the address must end after the port');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return refuse('only https is spoken');
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) return refuse('without TLS, only this machine is spoken to');
  return url.origin;
}

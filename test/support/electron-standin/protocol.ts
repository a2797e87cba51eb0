// Schemes of the app's own. Chromium cannot be taught one over DevTools, so `app://host/x` is shown to it as
// `https://host.app.standin.test/x` (a secure context, whose content policy it enforces) and back to the app as `app://`.

import type { CustomScheme, Protocol } from 'electron';
import { program } from './program.ts';

export type SchemeHandler = (request: GlobalRequest) => GlobalResponse | Promise<GlobalResponse>;

const schemes = new Set<string>();
const SUFFIX = 'standin.test';

export function toWeb(address: string): string {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/i.exec(address);
  if (match === null || !schemes.has(match[1]!)) return address;
  return `https://${match[2]!}.${match[1]!}.${SUFFIX}${match[3]!.startsWith('/') ? '' : '/'}${match[3]!}`;
}

export function fromWeb(address: string): string {
  return address.replace(/^https:\/\/([^/]*)\.([a-z0-9+-]+)\.standin\.test/, '$2://$1');
}

/** The protocols of one session, as `protocol` is of the default one. */
export class SessionProtocol implements Pick<Protocol, 'handle' | 'unhandle' | 'isProtocolHandled'> {
  readonly #handlers = new Map<string, SchemeHandler>();

  handle(scheme: string, handler: SchemeHandler): void {
    if (this.#handlers.has(scheme)) throw new Error(`The scheme ${scheme} is handled already`);
    this.#handlers.set(scheme, handler);
  }

  unhandle(scheme: string): void {
    this.#handlers.delete(scheme);
  }

  isProtocolHandled(scheme: string): boolean {
    return this.#handlers.has(scheme);
  }

  handlerFor(address: string): SchemeHandler | undefined {
    return this.#handlers.get(address.split(':', 1)[0]!);
  }
}

export class DefaultProtocol extends SessionProtocol {
  registerSchemesAsPrivileged(registered: readonly CustomScheme[]): void {
    if (program.ready) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    for (const { scheme, privileges } of registered) if (privileges?.standard === true) schemes.add(scheme);
  }
}

export const protocol = new DefaultProtocol();

// The paths of StackShift's terminal interface, all of them, in one table. They are not public: these are what a user may correct for a
// source, and every place that shows or tests a source says so. docs/stackshift.md

import { ExhibitError } from '../../shared/api/errors.ts';

/** `{id}` stands for a session's id. */
export const STACKSHIFT_PATHS = {
  permissions: '/api/v1/terminal/permissions',
  policy: '/api/v1/terminal/policy',
  sessions: '/api/v1/terminal/sessions',
  session: '/api/v1/terminal/sessions/{id}',
  events: '/api/v1/terminal/audit-events',
  recording: '/api/v1/terminal/sessions/{id}/recording',
  revoke: '/api/v1/terminal/sessions/{id}/revoke',
  reconnect: '/api/v1/terminal/sessions/{id}/reconnect',
} as const;

export type StackShiftPath = keyof typeof STACKSHIFT_PATHS;
export type StackShiftPaths = Readonly<Record<StackShiftPath, string>>;

export const STACKSHIFT_PATH_NAMES = Object.keys(STACKSHIFT_PATHS) as readonly StackShiftPath[];

/** Characters of a path (RFC 3986), and the place of the id. */
const PATH = /^(?:\/(?:[A-Za-z0-9._~!$&'()*+,;=:@%-]|\{id\})+)+$/;

const refuse = (name: string, why: string): never => {
  throw new ExhibitError('usage', `path ${name} of StackShift`, why, `give it as ${STACKSHIFT_PATHS.session}`);
};

/** The paths that differ from the usual ones, each checked. Throws kind `usage`. */
export function checkPaths(given: Readonly<Record<string, string>>): Partial<StackShiftPaths> {
  const changed: Partial<Record<StackShiftPath, string>> = {};
  for (const [name, path] of Object.entries(given)) {
    const known = STACKSHIFT_PATH_NAMES.find((one) => one === name);
    if (known === undefined) return refuse(name, `there is no such path; there are ${STACKSHIFT_PATH_NAMES.join(', ')}`);
    const usual = STACKSHIFT_PATHS[known];
    if (path.length > 500 || !PATH.test(path) || path.split('/').some((step) => step === '.' || step === '..'))
      refuse(name, 'this is no path');
    const places = path.split('{id}').length - 1;
    const due = usual.includes('{id}') ? 1 : 0;
    if (places !== due)
      refuse(name, due === 1 ? 'it must have {id} once, for the id of the session' : 'it has no place for an id');
    if (path !== usual) changed[known] = path;
  }
  return changed;
}

/** What a source keeps of its own (`source.paths`, JSON or null). */
export function ownPaths(kept: string | null): Partial<StackShiftPaths> {
  return kept === null ? {} : checkPaths(JSON.parse(kept) as Readonly<Record<string, string>>);
}

/** The whole table, with them. */
export function pathsOf(kept: string | null): StackShiftPaths {
  return { ...STACKSHIFT_PATHS, ...ownPaths(kept) };
}

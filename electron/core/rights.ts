// What sources let their user do with what was synchronised from them. The one gate: every call that lists, shows, plays or hands out a
// recording asks here, and no option of Exhibit's own goes past it. docs/permissions.md

import { ExhibitError } from '../../shared/api/errors.ts';
import { RIGHTS, type Right, type SourceRights } from '../../shared/api/history-shapes.ts';
import { refusalReason, type Governed, type RightsStore, type StoredRight } from '../library/library.ts';

/** What a right is about: a session, or with `nativeId` null all that came from a source. A SessionRow is one. */
export type Of = Governed;

export interface Rights {
  /** Throws kind `permission`, naming the source's own name of the missing right. `what` begins the message: `play session …`. */
  need(of: Of, right: Right, what: string): void;
  /** Whether it is known to be refused: the source's name of what is missing, and how that is known. */
  refused(of: Of, right: Right): { readonly name: string; readonly why: string } | null;
  /** Sources of which nothing is listed, with the source's name of the missing right. */
  withheld(): { source: string; right: string }[];
  /** As they were last told. */
  list(): SourceRights[];
  of(source: string): SourceRights;
  /** Throws kind `refused` where recordings here are under this name, and another address refuses something of them: it alone can allow it. */
  mayTakeName(source: string, engine: string): void;
}

/** What can be done about what a source refuses. */
export const askAgain = (source: string): string =>
  `whoever manages ${source} can grant it; \`exhibit sources rights ${source} --check\` then asks again`;

export function permissionError(what: string, refusal: StoredRight): ExhibitError {
  return new ExhibitError('permission', what, refusalReason(refusal), askAgain(refusal.source));
}

export function createRights(store: RightsStore): Rights {
  const of = (source: string): SourceRights => {
    const known = store.ofSource(source);
    const rights = RIGHTS.flatMap((right) => {
      const found = known.find((row) => row.right === right);
      return found === undefined ? [] : [{ right, name: found.name, allowed: found.allowed, why: found.why, at: found.at }];
    });
    return { source, rights };
  };
  return {
    need: (about, right, what) => {
      const refusal = store.refusal(about, right);
      if (refusal !== null) throw permissionError(what, refusal);
    },
    refused: (about, right) => {
      const refusal = store.refusal(about, right);
      return refusal === null ? null : { name: refusal.name, why: refusal.why };
    },
    withheld: () => store.withheld().map(({ source, name }) => ({ source, right: name })),
    list: () => store.sources().map(of),
    of,
    mayTakeName: (source, engine) => {
      const rows = [...store.ofSource(source), ...store.refusedAlone(source)];
      const other = rows.find((row) => row.allowed === 'no' && row.engine !== null && row.engine !== engine);
      if (other === undefined) return;
      const why = `recordings from ${other.engine!} are under this name, and ${other.name} is missing for them`;
      throw new ExhibitError('refused', `add source ${source}`, why, 'choose another name');
    },
  };
}

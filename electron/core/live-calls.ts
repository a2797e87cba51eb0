// Calls that act on live sessions at their source: what can be done, ended, taken up again, followed. Each asks the source first, and
// stands in the custody log once the source has answered: done, refused, or not known where the answer was lost. What never left this
// machine is no act. docs/live.md

import { ExhibitError } from '../../shared/api/errors.ts';
import type { LiveActions } from '../../shared/api/retention-shapes.ts';
import type { JsonValue } from '../../shared/evidence/canonical-json.ts';
import { quoted, textOf } from '../../shared/recording/json-text.ts';
import { formatInstant, parseInstant } from '../../shared/recording/time.ts';
import { SourceError, STACKSHIFT_RIGHTS, type Enveloped, type SourceFault, type StackShift } from '../source/source.ts';
import type { Acted, Desk, Handlers } from './desk.ts';
import { isSilent, standingOf } from './live-standing.ts';
import { findTarget, type SessionTarget } from './session-target.ts';
import { sourceAccess, type OpenSource } from './source-access.ts';

type Calls = 'live.actions' | 'live.revoke' | 'live.reconnect' | 'live.follow';
type Act = 'revoke' | 'reconnect';

/** A target that a source can be asked about. */
type Asked = SessionTarget & { readonly nativeId: string };

/** Characters of the reason for which a session is ended, as StackShift has it. */
const SHORTEST_REASON = 10;
const LONGEST_REASON = 500;

/** Longest address that is handed on. */
const MOST_ADDRESS = 4096;

/** Milliseconds that a source has to say what can be done: somebody looks at the session meanwhile. */
const PATIENCE = 10_000;

/** Codes of connections that were never made. */
const NEVER_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** Faults that are the word of the source. */
const SAID: readonly SourceFault[] = ['unauthorized', 'forbidden', 'not-found', 'gone', 'rate-limited', 'refused', 'redirect'];

/** What is known of an act that failed: refused by the source, not known because its answer was lost, or null where nothing was sent. */
export function outcomeOf({ fault, cause }: SourceError): 'refused' | 'unknown' | null {
  if (SAID.includes(fault)) return 'refused';
  const code = cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined;
  return fault === 'tls' || NEVER_SENT.includes(code ?? '') ? null : 'unknown';
}

/** The address in an answer, if it is one that a client can be given: over TLS, unless the source itself is on this machine. */
function addressIn({ data, request }: Enveloped, engine: string): string {
  const url = URL.parse(textOf(data, 'url') ?? '');
  const source = new URL(engine);
  const isClear = source.protocol === 'http:' && url?.hostname === source.hostname;
  const isSafe = url !== null && [...(isClear ? ['ws:', 'http:'] : []), 'wss:', 'https:'].includes(url.protocol);
  if (isSafe && url.href.length <= MOST_ADDRESS) return url.href;
  throw new ExhibitError(
    'network',
    request,
    'the source gave no address that a client could open',
    "use the system's own client",
  );
}

const ever = new AbortController().signal;

/** `sync` starts the reading of sessions. */
export function liveCalls(
  desk: Desk,
  sync: Pick<Handlers<'sync.start'>, 'sync.start'>,
  sources = sourceAccess(desk),
): Handlers<Calls> {
  const { library, wallClock } = desk;

  const find = (id: string): SessionTarget => {
    const target = findTarget(library(), id);
    if (target === null)
      throw new ExhibitError(
        'not-found',
        `session ${id}`,
        'there is no such session',
        '`exhibit sessions list` and `exhibit history list` show them',
      );
    desk.rights().need(target, 'history', `look at session ${id} at its source`);
    return target;
  };

  /** The reason why no source can be asked about a session, or null. */
  const noSource = ({ source, nativeId, governed }: SessionTarget): string | null => {
    if (governed === 0) return 'it came as a file: there is no source that could be asked';
    if (nativeId === null) return 'its source has no id for it';
    return library().sources.find(source) === null ? `the source ${source} is none of this library any more` : null;
  };

  const asked = (target: SessionTarget, what: string): Asked => {
    const why = noSource(target);
    if (why !== null) throw new ExhibitError('refused', what, why);
    return target as Asked;
  };

  const withSource = async <T>(target: Asked, work: (source: OpenSource) => Promise<T>): Promise<T> => {
    const source = await sources.open(target.source);
    try {
      return await work(source);
    } finally {
      source.client.close();
    }
  };

  const actions = async (target: SessionTarget): Promise<LiveActions> => {
    const nothing = (online: boolean, why: string): LiveActions => ({ online, why, actions: [] });
    const none = noSource(target);
    if (none !== null) return nothing(false, none);
    const of = target as Asked;
    const signal = AbortSignal.timeout(PATIENCE);
    try {
      return await withSource(of, async (source) => {
        const standing = await standingOf(source, of, of.nativeId, desk.rights(), wallClock, signal);
        const why = standing.ended ? 'the session is over' : 'the source says that the session goes on';
        return { online: true, why, actions: [...standing.actions] };
      });
    } catch (error) {
      if (signal.aborted) return nothing(false, `the source ${of.source} does not answer within ${String(PATIENCE / 1000)} s`);
      if (!(error instanceof ExhibitError)) throw error;
      if (isSilent(error)) return nothing(false, `the source ${of.source} does not answer: ${error.why}`);
      return nothing(error instanceof SourceError, error.why);
    }
  };

  /** Does what the source alone can do. The custody entry of what failed is written here, of what was done by the core. */
  const act = async <T>(
    target: Asked,
    action: Act,
    details: Record<string, JsonValue>,
    ask: (client: StackShift) => Promise<Enveloped>,
    read: (answer: Enveloped) => { readonly output: T; readonly told: Record<string, JsonValue> },
  ): Promise<Acted<T>> => {
    const what = `${action} session ${target.id}`;
    const base = { source: target.source, native_id: target.nativeId, ...details };
    const record = (told: Record<string, JsonValue>): void => {
      const entry = {
        actor: desk.actor,
        action,
        subject: target.subject,
        purpose: desk.purpose(),
        details: { ...base, ...told },
      };
      library().custody.append(entry);
    };
    return withSource(target, async (source) => {
      const standing = await standingOf(source, target, target.nativeId, desk.rights(), wallClock, ever);
      const one = standing.actions.find((known) => known.action === action)!;
      if (source.kind === 'rstream' || !one.allowed) {
        const isRight = one.permission !== '' && !standing.ended && source.kind !== 'rstream';
        throw new ExhibitError(
          isRight ? 'permission' : 'refused',
          what,
          one.why,
          isRight ? `it takes ${one.permission} at the source` : '',
        );
      }
      let answer: Enveloped;
      try {
        answer = await ask(source.client);
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        const outcome = outcomeOf(error);
        if (outcome === null) throw error;
        record({ outcome, status: error.status, why: error.why });
        if (outcome === 'refused') throw error;
        const todo =
          'whether it was done is not known, and the custody log says so: look at the session again before you repeat it';
        throw new ExhibitError('network', what, error.why, todo, { cause: error });
      }
      try {
        const { output, told } = read(answer);
        return { output, subject: target.subject, details: { ...base, outcome: 'done', source_date: answer.date, ...told } };
      } catch (error) {
        record({ outcome: 'done', source_date: answer.date });
        throw error;
      }
    });
  };

  return {
    'live.actions': ({ id }) => actions(find(id)),

    'live.revoke': async ({ id, reason: given, confirm }) => {
      const what = `revoke session ${id}`;
      const target = asked(find(id), what);
      const reason = given.trim();
      const { length } = Array.from(reason);
      if (length < SHORTEST_REASON || length > LONGEST_REASON)
        throw new ExhibitError(
          'usage',
          what,
          `the reason has ${String(length)} characters`,
          `give one of ${String(SHORTEST_REASON)} to ${String(LONGEST_REASON)}`,
        );
      if (confirm !== target.nativeId)
        throw new ExhibitError(
          'usage',
          what,
          `what was typed is not the session's id at its source`,
          `type ${quoted(target.nativeId)} to confirm`,
        );
      const acted = await act(
        target,
        'revoke',
        { reason, permission: STACKSHIFT_RIGHTS.policy },
        (client) => client.revoke(target.nativeId, reason, ever),
        () => ({ output: null, told: {} }),
      );
      return { ...acted, output: await actions(target) };
    },

    'live.reconnect': ({ id }) => {
      const target = asked(find(id), `reconnect session ${id}`);
      return act(
        target,
        'reconnect',
        {},
        (client) => client.reconnect(target.nativeId, ever),
        (answer) => {
          const ends = parseInstant(textOf(answer.data, 'expires_at') ?? '');
          const until = ends === null ? null : formatInstant(ends);
          const address = addressIn(answer, library().sources.find(target.source)!.engine);
          // The address has a ticket in it: whoever has it is let in. The log names its server alone.
          return { output: { address, until }, told: { server: new URL(address).host, until } };
        },
      );
    },

    'live.follow': async ({ id }) => {
      const what = `follow session ${id}`;
      const target = asked(find(id), what);
      desk.rights().need(target, 'recording', what);
      const { source, nativeId } = target;
      await withSource(target, async (opened) => {
        const { actions: known } = await standingOf(opened, target, nativeId, desk.rights(), wallClock, ever);
        const one = known.find(({ action }) => action === 'follow')!;
        if (!one.allowed) throw new ExhibitError('refused', what, one.why, 'synchronise its source to read what it has');
      });
      return (await sync['sync.start']({ source, only: [nativeId], follow: true })).output;
    },
  };
}

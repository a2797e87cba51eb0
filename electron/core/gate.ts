// Which right each call of the contract needs: one row a call, so that a new call does not compile until somebody has decided. The core asks
// the gate of a call before its handler runs; what cannot be told from the input is asked inside, and the row says so. The same table
// stands in docs/permissions.md.

import type { CallName, Input } from '../../shared/api/contract.ts';
import type { Right } from '../../shared/api/history-shapes.ts';
import { PURGED, purgedError } from '../library/library.ts';
import type { Desk } from './desk.ts';

/** The sessions that an input names, each of which needs the right. `act` begins the message: `play session`. */
interface OfSessions<K extends CallName> {
  readonly right: Right;
  readonly act: string;
  readonly sessions: (input: Input<K>) => readonly (string | undefined)[];
  readonly says: string;
}

/** Asked inside: parts are left out, or the whole is refused, once it is known what it is about. */
interface Inside {
  readonly right: 'inside';
  readonly says: string;
}

/** Tells nothing of what a source gave. */
interface Free {
  readonly right: null;
  readonly says: string;
}

export type Gate<K extends CallName = CallName> = OfSessions<K> | Inside | Free;

const inside = (says: string): Inside => ({ right: 'inside', says });
const free = (says: string): Free => ({ right: null, says });

/** Of the one session that `id` names. */
function of<K extends CallName>(right: Right, act: string, says: string): OfSessions<K> {
  return { right, act, says, sessions: (input) => [(input as { readonly id: string }).id] };
}

const PROGRAM = 'says nothing of recordings';
const JOBS = 'says how work goes on: ids of sessions, and nothing of what they are';
const OWN_WORDS = 'what people wrote here is theirs, and stays';
const FOREIGN = "reads a bundle of somebody else, which no source's right is about";

export const GATES: { readonly [K in CallName]: Gate<K> } = {
  'app.info': free(PROGRAM),
  'vault.status': free(PROGRAM),
  'vault.create': free(PROGRAM),
  'vault.unlock': free(PROGRAM),
  'vault.lock': free(PROGRAM),
  'vault.change': free(PROGRAM),

  'library.stats': free('counts what the library stores, whatever may be seen of it'),
  'library.verify': free('compares stored bytes with their hashes and shows none of them'),
  'library.rekey': free(PROGRAM),
  'library.backup': free('copies the library as it is, encrypted; what is forbidden in it is forbidden in the copy'),
  'library.restore': free('takes such a copy; sources that are online are asked anew'),

  'import.paths': free('files have no limits'),
  'import.offer': free('files have no limits'),
  'import.next': free('files have no limits'),
  'import.sample': free('files have no limits'),
  'import.results': free(JOBS),

  'sources.list': free(PROGRAM),
  'sources.add': inside('refuses a name under which another address refused something'),
  'sources.addFromRstream': inside('refuses a name under which another address refused something'),
  'sources.remove': free('what the source refused stays refused'),
  'sources.setToken': free('changes nothing until the source is asked'),
  'sources.test': free('what the token may do, told and not kept'),
  'sources.workspaces': free(PROGRAM),
  'device.list': free(PROGRAM),
  'device.create': free(PROGRAM),
  'device.enroll': free(PROGRAM),
  'device.status': free(PROGRAM),
  'device.import': free(PROGRAM),
  'device.remove': free(PROGRAM),
  'device.exportPublic': free(PROGRAM),

  'sync.start': inside('asks the source what it allows, and keeps only what it gives'),
  'sync.report': free(JOBS),
  'groups.list': inside('groups of withheld sources are left out'),
  'groups.show': inside('a group of a withheld source is not there'),
  'jobs.list': free(JOBS),
  'jobs.wait': free(JOBS),
  'jobs.cancel': free(JOBS),
  'jobs.report': free(JOBS),

  'sessions.list': inside(
    'sessions of withheld sources are left out, and their source is named; recordings that may not be seen are marked',
  ),
  'sessions.show': of('history', 'show session', 'what only the recording says is left out where that may not be seen'),
  'sessions.events': of('recording', 'show the events of session', 'with or without their bytes'),
  'sessions.commands': of('recording', 'show the commands of session', 'found in the recording'),
  'sessions.hidden': of('recording', 'show the hidden text of session', 'found in the recording'),
  'sessions.participants': of('history', 'show the participants of session', 'told by the source beside the recording'),
  'sessions.screen': of('recording', 'show the screen of session', 'as text, to be read'),
  'sessions.still': of('download', 'make a picture of session', 'a file that leaves Exhibit'),
  'frames.certificate': of('download', 'certify a frame of session', 'a file that leaves Exhibit'),
  'frames.check': of('recording', 'check a frame of session', 'makes the frame again'),
  'replay.timeline': of('recording', 'play session', 'what stands in the recording, by time'),
  'replay.activity': of('recording', 'play session', 'how much was written when'),
  'replay.window': of('recording', 'play session', 'screens and events'),
  'replay.events': of('recording', 'play session', 'events for playback'),
  'replay.viewed': of('recording', 'play session', 'what was not played was not viewed'),

  'search.assist': inside('values of withheld sources are not proposed'),
  'search.run': {
    right: 'recording',
    act: 'search session',
    sessions: ({ sessionId }) => [sessionId],
    says: 'a whole search has no hits in recordings that may not be seen, and names them; withheld sources are named alone',
  },
  'watch.list': inside('counts no recordings that may not be seen'),
  'watch.show': inside('counts no recordings that may not be seen'),
  'watch.save': inside('counts no recordings that may not be seen'),
  'watch.remove': free(OWN_WORDS),
  'watch.check': free(OWN_WORDS),
  'watch.run': inside('passes over recordings that may not be seen'),
  'watch.report': inside('what was found earlier in recordings that may not be seen is left out, and they are named'),

  'export.open': of('download', 'export session', 'in every format, as a report too'),
  'export.openSessions': inside(
    'sessions that may not be handed out are left out, and named in the list that goes with the others',
  ),
  'export.openGroup': inside('needs download of each session of the group'),
  'export.text': free('hands out text that the window was shown'),
  'export.read': inside('asks again before each piece what its export needed'),
  'export.close': free(PROGRAM),
  'bundle.create': inside('needs download of each recording in the case, and of each that an annotation in it quotes'),
  'bundle.make': inside('needs download of each recording in the case, and of each that an annotation in it quotes'),
  'bundle.made': free(JOBS),
  'bundle.countersign': free('signs what was handed out before'),
  'bundle.countersignOffered': free('signs what was handed out before'),
  'bundle.timeRequest': free('about a signature of what was handed out before'),
  'bundle.timeRequestOffered': free('about a signature of what was handed out before'),
  'bundle.timeRequested': free('about a signature of what was handed out before'),
  'bundle.timestamp': free('about a signature of what was handed out before'),
  'bundle.timestampOffered': free('about a signature of what was handed out before'),
  'bundle.open': free(FOREIGN),
  'bundle.openOffered': free(FOREIGN),
  'bundle.opened': free(JOBS),
  'bundle.verify': free(FOREIGN),
  'bundle.verifyOffered': free(FOREIGN),
  'bundle.verified': free(FOREIGN),
  'annotations.export': inside('needs download of each recording that is quoted'),
  'annotations.merge': inside('annotations of recordings that may not be seen are not taken: their place cannot be checked'),

  'cases.create': free(OWN_WORDS),
  'cases.list': free(OWN_WORDS),
  'cases.show': free('exhibits stay in a case by their number and the title that they were given, whatever may be seen of them'),
  'cases.change': free(OWN_WORDS),
  'cases.close': free(OWN_WORDS),
  'cases.reopen': free(OWN_WORDS),
  'cases.note': free(OWN_WORDS),
  'cases.addExhibits': {
    right: 'history',
    act: 'add to a case session',
    sessions: ({ sessions }) => sessions,
    says: 'a range of one needs recording too',
  },
  'cases.withdrawExhibit': free(OWN_WORDS),
  'annotations.add': {
    right: 'recording',
    act: 'annotate session',
    sessions: ({ session }) => [session],
    says: 'it points into the recording',
  },
  'annotations.change': inside('quotations of recordings that may not be seen are left out of the answer'),
  'annotations.retract': inside('quotations of recordings that may not be seen are left out of the answer'),
  'annotations.list': inside('quotations of recordings that may not be seen are left out, and no words are looked for in them'),
  'annotations.check': inside('of recordings that may not be seen nothing is known'),
  'redactions.add': {
    right: 'history',
    act: 'redact session',
    sessions: ({ session }) => [session],
    says: OWN_WORDS,
  },
  'redactions.withdraw': free(OWN_WORDS),
  'redactions.list': free(OWN_WORDS),
  'coverage.show': {
    right: 'history',
    act: 'show what was seen of session',
    sessions: (input) => ['session' in input ? input.session : undefined],
    says: 'of a case, exhibits of withheld sources are left out',
  },
  'coverage.mark': {
    right: 'recording',
    act: 'mark as reviewed session',
    sessions: ({ session }) => [session],
    says: 'what may not be seen was not reviewed',
  },

  'history.list': inside('rows of withheld sources are left out, and their source is named'),
  'history.facets': inside('rows of withheld sources are not counted'),
  'history.show': inside('a row of a withheld source is refused'),
  'history.events': inside('events of withheld sources are left out, and those of one row refused with it'),
  'history.match': inside('rows and recordings of withheld sources are refused'),
  'history.export': inside('rows and events of withheld sources are left out, and their source is named'),
  'rights.list': free('what the sources said'),
  'rights.check': free('what the source says'),
  'retention.show': free('counts'),
  'retention.policies': free(PROGRAM),
  'retention.set': free(PROGRAM),
  'retention.clear': free(PROGRAM),
  'retention.preview': free('counts'),
  'retention.due': inside('recordings of withheld sources are counted and not named'),
  'retention.sweep': free('purges what its time has come for, whatever may be seen of it'),
  'retention.sweepReport': inside('recordings of withheld sources are counted and not named'),
  'retention.confirmTime': free(PROGRAM),
  'holds.list': free(OWN_WORDS),
  'holds.add': free('a hold keeps what may not be seen as well'),
  'holds.release': free(OWN_WORDS),
  'purges.list': free('certificates say what is gone: ids and times, and no content'),
  'purges.verify': free(PROGRAM),
  'live.actions': inside('a session of a withheld source is refused'),
  'live.revoke': inside('a session of a withheld source is refused; the source decides'),
  'live.reconnect': inside('a session of a withheld source is refused; the source decides'),
  'live.follow': inside('a session of a withheld source is refused'),
  'ready.show': inside('says of each session what may be done with it; of withheld sources the id alone'),
  'ready.make': inside('asks the sources what they allow'),
  'ready.receipt': inside('says of each session what may be done with it; of withheld sources the id alone'),

  'custody.list': free('what was done here, by whom; no content is in it'),
  'custody.verify': free(PROGRAM),
  'custody.accept': free(PROGRAM),
  'settings.get': free(PROGRAM),
  'settings.set': free('no setting is about rights'),
};

/** Throws kind `permission` where a call is about a session that its source does not allow it of. What is not here its handler tells. */
export function askGate<K extends CallName>(desk: Desk, name: K, input: Input<K>): void {
  const gate: Gate<K> = GATES[name];
  if (gate.right === null || gate.right === 'inside') return;
  for (const id of gate.sessions(input)) {
    const session = id === undefined ? null : desk.library().sessions.find(id);
    if (session === null || session === 'ambiguous') continue;
    const what = `${gate.act} ${id!}`;
    desk.rights().need(session, gate.right, what);
    // What was purged is told of, and nothing of it is there to be shown.
    if (gate.right !== 'history' && session.lockCode === PURGED) throw purgedError(what);
  }
}

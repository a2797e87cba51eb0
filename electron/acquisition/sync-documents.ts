// What a source tells of a session beside its events: participants, group, key grants, decrypt material. What it refuses, does not have
// or answers wrongly is said once on the session and keeps nothing else away.

import { isObject, parseJson, textOf } from '../../shared/recording/json-text.ts';
import type { DocumentKind } from '../../shared/recording/rstream-parts.ts';
import { SourceError, type Answer, type Rstream } from '../source/source.ts';
import { elementsOf } from './sync-elements.ts';
import type { SessionKeeper } from './sync-keeper.ts';

/** Recipients without a key here for whose key grants decrypt material is asked at once. */
const MAX_RECIPIENTS = 32;

/** Whom a key grant is for. */
export interface Recipient {
  readonly id: string;
  readonly kind: string;
}

export interface DocumentDeps {
  readonly client: Rstream;
  /** The keys of this machine, for which decrypt material is asked whether a grant is listed for them or not. */
  readonly recipients: (workspaceId: string | null) => readonly Recipient[];
  readonly signal: AbortSignal;
  /** The answer about a group, which many sessions may share. */
  readonly group: (id: string) => Promise<Answer>;
}

interface Question {
  readonly kind: DocumentKind;
  readonly ask: () => Promise<Answer>;
  /** Whether an answer is about what was asked. */
  readonly isIt: (answer: Answer) => boolean;
  /** The source itself names the document: what is not there now may be there the next time. */
  readonly isNamed?: boolean;
}

/** The source answers, and does not give the document. */
const NOT_GIVEN = ['forbidden', 'not-found', 'gone', 'refused'] as const;

/** It answers with something else, which another time may be right. Where it does not answer at all, the reading ends. */
const WRONG = ['redirect', 'unavailable', 'not-json', 'wrong-shape', 'too-large', 'cut'] as const;

export const isFault = (error: unknown, ...faults: readonly SourceError['fault'][]): error is SourceError =>
  error instanceof SourceError && faults.includes(error.fault);

/** Asks for all of them and hands them to the keeper. Returns whether the source kept something back that it may give the next time. */
export async function askDocuments(deps: DocumentDeps, keeper: SessionKeeper): Promise<boolean> {
  const { client, signal, recipients, group } = deps;
  const id = keeper.nativeId;
  const session = keeper.session!;
  const groupId = textOf(session, 'group_id');
  const isIt = (answer: Answer): boolean => areOf(answer, id);
  let isAgain = false;

  const asked = async (question: Question): Promise<Answer | null> => {
    const { kind, isNamed = false } = question;
    let why: string;
    try {
      const answer = await question.ask();
      if (question.isIt(answer)) return answer;
      isAgain = true;
      why = 'it answered with something else';
    } catch (error) {
      if (!isFault(error, ...NOT_GIVEN, ...WRONG)) throw error;
      isAgain ||= isNamed || error.fault === 'forbidden' || isFault(error, ...WRONG);
      why = error.why;
    }
    const isKey = kind === 'key-grants' || kind === 'decrypt-material';
    const message = `the source did not give ${WORDS[kind]} of this session: ${why}`;
    keeper.say({ kind: isKey ? 'not-decrypted' : 'truncated', message, place: {} });
    return null;
  };

  const given: (readonly [DocumentKind, Answer])[] = [];
  const askAll = async (questions: readonly Question[]): Promise<void> => {
    const answers = await Promise.all(questions.map(async (question) => [question.kind, await asked(question)] as const));
    for (const [kind, answer] of answers) if (answer !== null) given.push([kind, answer]);
  };

  const isEncrypted = session['encryption_mode'] !== 'managed';
  const questions: Question[] = [{ kind: 'participants', ask: () => client.participants(id, signal), isIt }];
  if (groupId !== undefined) {
    questions.push({ kind: 'group', ask: () => group(groupId), isIt: (answer) => idOf(answer) === groupId, isNamed: true });
  }
  if (isEncrypted) questions.push({ kind: 'key-grants', ask: () => client.keyGrants(id, signal), isIt });
  await askAll(questions);
  if (isEncrypted) {
    const named = (recipient: Recipient): readonly [string, Recipient] => [
      JSON.stringify([recipient.id, recipient.kind]),
      recipient,
    ];
    const local = new Map(recipients(textOf(session, 'workspace_id') ?? null).map(named));
    const listed = new Map(listedRecipients(given.find(([kind]) => kind === 'key-grants')?.[1]).map(named));
    const answered = new Set(keeper.requests('decrypt-material').map((request) => JSON.stringify(recipientIn(request))));
    const others = [...listed].filter(([name]) => !local.has(name));
    const waiting = others.filter(([name]) => !answered.has(name));
    const chosen = [...waiting, ...others.filter(([name]) => answered.has(name))].slice(0, MAX_RECIPIENTS);
    const empty: string[] = [];
    let isGranted = false;
    const material = Array.from([...local, ...chosen], ([name, recipient]): Question => ({
      kind: 'decrypt-material',
      ask: async () => {
        const answer = await client.decryptMaterial(id, recipient, signal);
        const isEmpty = elementsOf(answer).length === 0;
        if (local.has(name) && !isEmpty) isGranted = true;
        if (local.has(name) && listed.has(name) && isEmpty) empty.push(`${recipient.kind} ${recipient.id}`);
        return answer;
      },
      isIt,
      isNamed: listed.has(name),
    }));
    await askAll(material);
    if (!isGranted) {
      for (const whom of empty) {
        const message = `the source lists a key grant for ${whom} and gave no decrypt material for it; the next synchronisation asks again`;
        keeper.say({ kind: 'not-decrypted', message, place: {} });
      }
      if (waiting.length > MAX_RECIPIENTS) {
        const message = `the source lists key grants for ${String(listed.size)} recipients, and decrypt material is asked for ${String(MAX_RECIPIENTS)} of them at once; the next synchronisations ask for the others`;
        keeper.say({ kind: 'not-decrypted', message, place: {} });
      }
      isAgain ||= empty.length > 0 || waiting.length > MAX_RECIPIENTS;
    }
  }
  for (const [kind, answer] of given) keeper.document(kind, answer);
  return isAgain;
}

const WORDS: Readonly<Record<DocumentKind, string>> = {
  session: 'the session object',
  participants: 'the participants',
  group: 'the group',
  'key-grants': 'the key grants',
  'decrypt-material': 'the decrypt material',
};

/** Whether a list has nothing but objects, and none that says it belongs to another session. */
function areOf(answer: Answer, id: string): boolean {
  return elementsOf(answer).every(
    ({ parsed, session }) => parsed?.kind === 'value' && isObject(parsed.value) && (session === undefined || session === id),
  );
}

function idOf({ bytes }: Answer): unknown {
  const parsed = parseJson(bytes);
  return parsed.kind === 'value' && isObject(parsed.value) ? parsed.value['id'] : undefined;
}

function listedRecipients(keyGrants: Answer | undefined): Recipient[] {
  const grants = (keyGrants === undefined ? [] : elementsOf(keyGrants)).map(({ parsed }) =>
    parsed?.kind === 'value' && isObject(parsed.value) ? parsed.value : {},
  );
  return grants.flatMap((grant) => {
    const id = textOf(grant, 'recipient_id');
    const kind = textOf(grant, 'recipient_kind');
    return id === undefined || kind === undefined ? [] : [{ id, kind }];
  });
}

/** Id and kind of the recipient that a question for decrypt material named. */
function recipientIn(request: string): readonly (string | null)[] {
  const query = new URLSearchParams(request.slice(request.indexOf('?') + 1));
  return [query.get('recipient_id'), query.get('recipient_kind')];
}

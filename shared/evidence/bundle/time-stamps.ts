// The time stamps of a bundle (docs/bundle.md, step 7): each request is the one that follows from its signature, each answer is an answer
// to it. Attested is a time only when the answer's own signature leads to an authority that the verifier was given.

import { sameBytes } from '../bytes.ts';
import { MAX_RESPONSE_BYTES, nonceOf, readTimeStampResponse, timeStampRequest, type TimeStampToken } from '../rfc3161.ts';
import { checkToken } from '../time-stamp-signature.ts';
import { wholeFile, type Bag, type Effects } from './bag.ts';
import type { BundleTime, Findings, StepName } from './report.ts';
import type { Statement } from './statements.ts';

const STEP: StepName = 'Time stamps';

export interface StampedTime {
  readonly time: BundleTime;
  /** What the answer gives, where it is attested. */
  readonly stampedAt: string | null;
  readonly why: string;
}

const CLAIMED = { time: 'CLAIMED', stampedAt: null } as const;

/** By hand, where a certificate of the authority is at hand. */
const BY_HAND = 'openssl ts -verify with the certificate of the authority says more (VERIFY.txt)';

/** The time of each statement, by its file. */
export async function checkTimes(
  bag: Bag,
  statements: readonly Statement[],
  authorities: readonly Uint8Array[],
  effects: Effects,
  findings: Findings,
): Promise<ReadonlyMap<string, StampedTime>> {
  const times = new Map<string, StampedTime>();
  for (const statement of statements) {
    if (statement.signature !== null)
      times.set(statement.file, await checkTime(bag, statement.signature, authorities, effects, findings));
  }
  const said = Array.from(times, ([file, { time, why }]) => `${file.slice('signatures/'.length)}: ${time}, ${why}`);
  const isAnswered = statements.some(({ file }) => bag.files.has(`${file}.sig.tsr`));
  if (isAnswered) findings.done(STEP, said.join('; '));
  else findings.skipped(STEP, said.length === 0 ? 'nothing is signed' : said.join('; '));
  return times;
}

async function checkTime(
  bag: Bag,
  { file, bytes }: NonNullable<Statement['signature']>,
  authorities: readonly Uint8Array[],
  effects: Effects,
  findings: Findings,
): Promise<StampedTime> {
  const fail = (name: string, reason: string): StampedTime => {
    findings.fail(STEP, 'ALTERED', name, reason);
    return { ...CLAIMED, why: reason };
  };
  const request = timeStampRequest(bytes, effects.sha256);
  const requestFile = bag.files.get(`${file.name}.tsq`);
  if (requestFile !== undefined) {
    const found = await wholeFile(requestFile, MAX_RESPONSE_BYTES);
    if (found === null || !sameBytes(found, request)) return fail(requestFile.name, 'it is not the request for this signature');
  }
  const answerFile = bag.files.get(`${file.name}.tsr`);
  if (answerFile === undefined) return { ...CLAIMED, why: 'there is no time stamp' };
  const answer = readTimeStampResponse((await wholeFile(answerFile, MAX_RESPONSE_BYTES)) ?? new Uint8Array(0));
  if (answer.kind === 'unreadable') return fail(answerFile.name, `it is no time stamp: ${answer.reason}`);
  if (answer.kind === 'refused') return fail(answerFile.name, `the authority gave none (status ${String(answer.status)})`);
  const fault = answerFault(answer.token, bytes, request, effects);
  if (fault !== null) return fail(answerFile.name, fault);
  const check = await checkToken(answer.token, authorities, effects);
  if (check.kind === 'broken') return fail(answerFile.name, check.reason);
  if (check.kind === 'unknown') return { ...CLAIMED, why: `${check.reason}; ${BY_HAND}` };
  const { time, serial } = answer.token;
  return { time: 'ATTESTED', stampedAt: time, why: `it existed by ${time}, number ${serial}` };
}

/** Why an answer is not one to this request, or null. */
function answerFault(token: TimeStampToken, signature: Uint8Array, request: Uint8Array, effects: Effects): string | null {
  if (!sameBytes(token.imprint, effects.sha256(signature))) return 'it is a time stamp of something else';
  if (token.nonce === null || !sameBytes(token.nonce, nonceOf(request))) return 'it answers another request';
  return null;
}

/**
 * Whether bytes are an answer that can be joined to a signature: what {@link checkTimes} would not refuse. Returns the reason why not, or
 * the time that the answer gives.
 */
export async function judgeAnswer(
  answer: Uint8Array,
  signature: Uint8Array,
  authorities: readonly Uint8Array[],
  effects: Effects,
): Promise<{ readonly refused: string } | { readonly time: string; readonly attested: boolean; readonly why: string }> {
  const read = readTimeStampResponse(answer);
  if (read.kind === 'unreadable') return { refused: `it is no time stamp: ${read.reason}` };
  if (read.kind === 'refused') return { refused: `the authority gave none (status ${String(read.status)})` };
  const fault = answerFault(read.token, signature, timeStampRequest(signature, effects.sha256), effects);
  if (fault !== null) return { refused: fault };
  const check = await checkToken(read.token, authorities, effects);
  if (check.kind === 'broken') return { refused: check.reason };
  return { time: read.token.time, attested: check.kind === 'holds', why: check.kind === 'holds' ? '' : check.reason };
}

// What a verification finds, in the shape that crosses the process boundary (bundleReport in shared/api/case-shapes.ts): verdict,
// signers, failures with their places, and what was looked at. The first step that fails decides the verdict (docs/bundle.md).

export type Verdict = 'TRUSTED' | 'INTACT, SIGNER NOT TRUSTED' | 'INTACT, UNSIGNED' | 'INCOMPLETE' | 'ALTERED' | 'UNREADABLE';

export type BundleTime = 'ATTESTED' | 'CLAIMED';

export interface BundleSigner {
  readonly file: string;
  readonly role: string;
  readonly name: string;
  readonly fingerprint: string;
  readonly trusted: boolean;
  /** What the signer says: no time stamp proves it. */
  readonly signedAt: string;
  /** The moment of the time stamp by which the signature existed, where an authority that the verifier was given attests it. */
  readonly stampedAt: string | null;
  readonly time: BundleTime;
  /** What else in the bundle says that `signedAt` cannot be right, or null. */
  readonly contradiction: string | null;
}

export interface BundleFailure {
  /** Path in the bag; empty for the ZIP itself. */
  readonly file: string;
  readonly recording: string | null;
  readonly record: number | null;
  /** First and one past the last byte in `file`. */
  readonly bytes: readonly [number, number] | null;
  readonly reason: string;
}

export interface VerifiedRecording {
  readonly id: string;
  readonly root: string;
  readonly records: number;
  readonly withheld: number;
  readonly verified: boolean;
}

export interface BundleStep {
  readonly step: string;
  readonly outcome: 'passed' | 'failed' | 'not checked';
  readonly detail: string;
}

export interface BundleReport {
  readonly verdict: Verdict;
  readonly time: BundleTime;
  /** SHA-256 of the producer's statement, and of the one of the bundle that this one takes the place of: null where none is signed. */
  readonly statement: string | null;
  readonly supersedes: string | null;
  /** SHA-256 of the producer's statement of a bundle that takes the place of this one, where the open library knows of one. */
  readonly supersededBy: string | null;
  readonly signers: readonly BundleSigner[];
  readonly failures: readonly BundleFailure[];
  readonly recordings: readonly VerifiedRecording[];
  readonly steps: readonly BundleStep[];
}

/** The steps of docs/bundle.md, in its order. */
export const STEPS = [
  'The ZIP is safe and readable',
  'It is a bag',
  'What must be there is there',
  'Files are those of the manifests',
  'Digests',
  'Statements',
  'Time stamps',
  'Custody',
  'Recordings',
  'Derived again',
] as const;
export type StepName = (typeof STEPS)[number];

export type FailureVerdict = 'UNREADABLE' | 'INCOMPLETE' | 'ALTERED';

/** Failures that are listed; all are counted. */
const LISTED = 1000;

export interface Place {
  readonly recording?: string;
  readonly record?: number;
  readonly bytes?: readonly [number, number];
}

/** What was found somewhere else, as data. */
export interface Found {
  /** How often a step failed, and its verdict. */
  readonly steps: readonly { readonly step: StepName; readonly verdict: FailureVerdict; readonly count: number }[];
  readonly failures: readonly BundleFailure[];
}

/** Gathers what the steps find. */
export class Findings {
  readonly #steps = new Map<StepName, { verdict: FailureVerdict | null; count: number; detail: string; checked: boolean }>();
  readonly #failures: BundleFailure[] = [];
  #count = 0;

  /** In one step ALTERED outweighs INCOMPLETE: who adds a file and removes another has changed the bundle. */
  fail(step: StepName, verdict: FailureVerdict, file: string, reason: string, place: Place = {}): void {
    this.#counted(step, verdict, 1);
    if (this.#failures.length >= LISTED) return;
    const { recording = null, record = null, bytes = null } = place;
    this.#failures.push({ file, recording, record, bytes, reason });
  }

  #counted(step: StepName, verdict: FailureVerdict, count: number): void {
    const held = this.#steps.get(step);
    const worse = held?.verdict === 'ALTERED' ? held.verdict : verdict;
    this.#steps.set(step, { verdict: worse, count: (held?.count ?? 0) + count, detail: held?.detail ?? '', checked: true });
    this.#count += count;
  }

  /** Takes over what another one found, as if it had been found here. */
  take({ steps, failures }: Found): void {
    for (const { step, verdict, count } of steps) this.#counted(step, verdict, count);
    this.#failures.push(...failures.slice(0, LISTED - this.#failures.length));
  }

  /** All that failed, for another one to take over. */
  found(): Found {
    const steps = Array.from(this.#steps, ([step, { verdict, count }]) => (verdict === null ? [] : [{ step, verdict, count }]));
    return { steps: steps.flat(), failures: this.#failures };
  }

  /** The step was done; `detail` says what was looked at. */
  done(step: StepName, detail: string): void {
    const held = this.#steps.get(step);
    this.#steps.set(step, { verdict: held?.verdict ?? null, count: held?.count ?? 0, detail, checked: true });
  }

  /** The step says nothing, neither good nor bad. */
  skipped(step: StepName, why: string): void {
    if (!this.#steps.has(step)) this.#steps.set(step, { verdict: null, count: 0, detail: why, checked: false });
  }

  hasFailed(step: StepName): boolean {
    return (this.#steps.get(step)?.count ?? 0) > 0;
  }

  get count(): number {
    return this.#count;
  }

  /** The verdict of the first step that failed, or null. */
  verdict(): FailureVerdict | null {
    for (const step of STEPS) {
      const verdict = this.#steps.get(step)?.verdict;
      if (verdict !== null && verdict !== undefined) return verdict;
    }
    return null;
  }

  failures(): readonly BundleFailure[] {
    if (this.#count === this.#failures.length) return this.#failures;
    const reason = `${String(this.#count - this.#failures.length)} more failures are not listed`;
    return [...this.#failures, { file: '', recording: null, record: null, bytes: null, reason }];
  }

  steps(): readonly BundleStep[] {
    return STEPS.map((step) => {
      const held = this.#steps.get(step);
      if (held === undefined) return { step, outcome: 'not checked', detail: 'an earlier step failed' };
      if (held.count === 0) return { step, outcome: held.checked ? 'passed' : 'not checked', detail: held.detail };
      const found = `${String(held.count)} ${held.count === 1 ? 'failure' : 'failures'}`;
      return { step, outcome: 'failed', detail: held.detail === '' ? found : `${found}; ${held.detail}` };
    });
  }
}

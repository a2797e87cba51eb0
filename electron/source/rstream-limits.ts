// Bounds on what a server may cost: time, memory and repetition. All of them hold for each request.

export interface RequestLimits {
  /** Time until an answer's headers are there, connecting included. */
  readonly headersMs: number;
  /** While a body comes, each stretch of this length must bring at least so many bytes, unless the body ends in it. */
  readonly paceMs: number;
  readonly paceBytes: number;
  /** Time for a whole body. */
  readonly bodyMs: number;
  /** Largest body. */
  readonly bodyBytes: number;
  /** How often a request is sent at most. */
  readonly attempts: number;
  /** The pause before the n-th repetition is random, up to this times 2^(n-1), and up to the most. */
  readonly pauseMs: number;
  readonly mostPauseMs: number;
  /** Longest pause that a server may ask for. */
  readonly mostRetryAfterMs: number;
}

export const LIMITS: RequestLimits = {
  headersMs: 30_000,
  paceMs: 20_000,
  paceBytes: 16_384,
  bodyMs: 600_000,
  bodyBytes: 64 * 1024 * 1024,
  attempts: 5,
  pauseMs: 500,
  mostPauseMs: 20_000,
  mostRetryAfterMs: 120_000,
};

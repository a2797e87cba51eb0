// What a StackShift source says of how long it keeps recordings: told to the library's retention where it is news, with its custody entry. A
// token that may not see the policy leaves what is known as it is. docs/retention.md

import type { PolicyEnvironment, StandingPolicy } from '../../shared/api/retention-shapes.ts';
import type { RetentionDays } from '../acquisition/acquisition.ts';
import { SourceError, type Enveloped, type StackShift } from '../source/source.ts';
import type { Desk } from './desk.ts';

const MEMBERS: readonly (readonly [PolicyEnvironment, string])[] = [
  ['production', 'production_retention_days'],
  ['non-production', 'nonproduction_retention_days'],
];

const isDays = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 36_500;

/** Asks for the policy. Returns what now holds at the source, or null where nothing is known of it. */
export async function tellPolicy(
  desk: Desk,
  source: string,
  client: StackShift,
  signal: AbortSignal,
): Promise<RetentionDays | null> {
  const { retention, custody, atomically } = desk.library();
  const known = (environment: PolicyEnvironment): readonly StandingPolicy[] =>
    retention.current(source).filter((policy) => policy.keeper === 'source' && policy.environment === environment);

  const tell = ({ data, request, date }: Enveloped, environment: PolicyEnvironment, member: string): void => {
    const days = data[member];
    if (days !== null && !isDays(days)) return;
    const before = known(environment).find(({ basis }) => basis === 'told');
    if (before !== undefined && before.days === days) return;
    const reason = `the source says so: ${request}`;
    atomically(() => {
      const key = { source, environment, keeper: 'source' } as const;
      retention.setPolicy({ ...key, days, basis: 'told', plan: null, by: source, at: desk.now(), reason });
      const details = { environment, keeper: 'source', days, basis: 'told', request, source_date: date };
      custody.append({ actor: desk.actor, action: 'policy', subject: source, purpose: desk.purpose(), details });
    });
  };

  try {
    const answer = await client.policy(signal);
    for (const [environment, member] of MEMBERS) tell(answer, environment, member);
  } catch (error) {
    if (!(error instanceof SourceError) || !['forbidden', 'not-found', 'gone', 'wrong-shape'].includes(error.fault)) throw error;
  }
  const [production, nonProduction] = [known('production')[0], known('non-production')[0]];
  return production === undefined && nonProduction === undefined
    ? null
    : { production: production?.days ?? null, nonProduction: nonProduction?.days ?? null };
}

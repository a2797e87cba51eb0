// StackShift sessions and audit events to try things with: the same for the same seed, over all kinds of target, mode, environment and end,
// some without a recording, each with what a history row may carry.

import type { JsonObject } from '../../shared/recording/json-text.ts';
import { seededRandom } from './recordings.ts';
import type { StackShiftSession } from './stackshift-store.ts';

export interface Sample {
  readonly sessions: readonly StackShiftSession[];
  readonly events: readonly JsonObject[];
}

/** An asciicast (version 2) of a shell in which these commands were run, so many seconds apart. */
export function castOf(startedAt: number, title: string, commands: readonly string[], apart = 1): Uint8Array {
  const header = {
    version: 2,
    width: 100,
    height: 30,
    timestamp: Math.floor(startedAt / 1000),
    title,
    env: { TERM: 'xterm-256color', SHELL: '/bin/sh' },
  };
  const lines: unknown[] = [header];
  for (const [n, command] of commands.entries()) {
    const at = (part: number): number => Math.round((n + part) * apart * 1000) / 1000;
    lines.push([at(0.2), 'o', '$ '], [at(0.4), 'i', `${command}\r`], [at(0.5), 'o', `${command}\r\n`]);
    lines.push([at(0.7), 'o', `output of ${command}\r\n`]);
  }
  return Buffer.from(`${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
}

const TARGETS = [
  ['shop-web', 'running_deployment', 'production'],
  ['shop-api', 'release_image', 'staging'],
  ['pr-214', 'preview', 'preview'],
  ['orders-db', 'managed_database', 'production'],
  ['tools', 'running_deployment', undefined],
] as const;
const USERS = [{ id: 'usr_ana', email: 'ana@example.com' }, { id: 'usr_bo', email: 'bo@example.com' }, { id: 'usr_ci' }] as const;
const COMMANDS = ['ls -l /srv', 'cat /etc/hosts', 'df -h', 'tail -n 3 app.log', 'psql -c "select 1"', 'whoami'];
const ENDS = ['user_exit', 'idle_timeout', 'max_duration', 'revoked', 'process_exit'];

/** `count` sessions, an hour apart, the newest of which ended an hour before `now` (milliseconds since 1970). */
export function stackShiftSample(count: number, now: number, seed = 'stackshift'): Sample {
  const random = seededRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[random(1)[0]! % list.length]!;
  const sessions: StackShiftSession[] = [];
  const events: JsonObject[] = [];
  for (let n = 0; n < count; n += 1) {
    const id = `tsn_${String(n + 1).padStart(6, '0')}`;
    const [target, kind, environment] = TARGETS[n % TARGETS.length]!;
    const initiator = pick(USERS);
    const isDatabase = kind === 'managed_database';
    const isProduction = environment === undefined || environment === 'production';
    const length = 60_000 + (random(1)[0]! % 20) * 1000;
    const startedAt = now - (count - n) * 3_600_000 - length;
    const commands = Array.from({ length: 1 + (random(1)[0]! % 5) }, () => pick(COMMANDS));
    const exit = n % 7 === 3 ? 1 : 0;
    sessions.push({
      record: {
        id,
        target,
        target_kind: kind,
        shell: isDatabase ? 'database' : 'application',
        ...(environment === undefined ? {} : { environment }),
        mode: n % 3 === 2 ? 'ephemeral' : 'running',
        ...(isProduction ? { reason: `Ticket OPS-${String(400 + n)}: look into the slow checkout` } : {}),
        ...(isProduction
          ? {
              approval: { status: 'approved', approved_by: 'usr_lead', approved_at: new Date(startedAt - 120_000).toISOString() },
            }
          : { approval: { status: 'not_required' } }),
        initiator,
        origin: pick(['dashboard', 'cli', 'api']),
        close_reason: ENDS[n % ENDS.length]!,
        exit_code: exit,
      },
      startedAt,
      endedAt: startedAt + length,
      cast: n % 6 === 4 ? null : castOf(startedAt, `${target} by ${initiator.id}`, commands, length / 1000 / commands.length),
    });
    const event = (at: number, type: string, action: string, text: string, outcome: string): void => {
      events.push({
        id: `evt_${String(events.length + 1).padStart(6, '0')}`,
        type,
        session_id: id,
        at: new Date(startedAt + at).toISOString(),
        actor: initiator.id,
        action,
        target,
        text,
        outcome,
      });
    };
    event(
      0,
      'terminal_audit',
      'session.opened',
      `opened a ${isDatabase ? 'database' : 'application'} shell on ${target}`,
      'allowed',
    );
    if (isDatabase) event(1500, 'database_audit', 'database.query_read', 'select count(*) from orders', 'allowed');
    if (n % 4 === 1) event(2000, 'runbook', 'runbook.run', 'restart-workers', 'succeeded');
    if (n % 4 === 2) event(2500, 'command', 'command.run', 'bin/console cache:clear', exit === 0 ? 'succeeded' : 'failed');
    event(length, 'terminal_audit', 'session.closed', ENDS[n % ENDS.length]!, 'allowed');
  }
  return { sessions, events };
}

/** Three sessions that go on. */
export function liveSample(now: number): StackShiftSession[] {
  return [1, 2, 3].map((n) => {
    const [target, kind, environment] = TARGETS[n - 1]!;
    const startedAt = now - n * 60_000;
    return {
      record: {
        id: `tsn_live_${String(n)}`,
        target,
        target_kind: kind,
        environment,
        mode: 'running',
        ...(environment === 'production' ? { reason: 'Ticket OPS-900: the queue does not drain' } : {}),
        initiator: USERS[0],
        origin: 'dashboard',
      },
      startedAt,
      endedAt: null,
      cast: castOf(startedAt, `${target} by ${USERS[0].id}`, COMMANDS.slice(0, n + 1)),
    };
  });
}

// The clock of retention is never later than the true time, whatever happens to the machine and to its wall clock.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createClock, type Clock } from '../../../../electron/core/retention-clock.ts';
import type { RetentionState, StateName } from '../../../../electron/library/library.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const BEGIN = Date.UTC(2026, 0, 1);

function world(): {
  readonly machine: { truth: number; wallOff: number; bootedAt: number; boot: string | null; name: string };
  readonly open: () => Clock;
} {
  const kept = new Map<StateName, string>();
  const state: RetentionState = {
    confirmed: () => null,
    goBy: () => undefined,
    get: (name) => kept.get(name) ?? null,
    set: (name, value) => {
      if (value === null) kept.delete(name);
      else kept.set(name, value);
    },
  };
  const machine = { truth: BEGIN, wallOff: 0, bootedAt: BEGIN - HOUR, boot: 'a' as string | null, name: 'one' };
  const open = (): Clock =>
    createClock({
      state,
      wallClock: () => machine.truth + machine.wallOff,
      uptime: { seconds: () => (machine.truth - machine.bootedAt) / 1000, machine: () => machine.name, boot: () => machine.boot },
    });
  return { machine, open };
}

const ms = (clock: Clock): number => clock.now() / 1000;

test('a wall clock that is set forward or back changes nothing, and is told of', () => {
  const { machine, open } = world();
  const clock = open();
  machine.truth += 10 * DAY;
  for (const off of [-400, -3, 3, 4000]) {
    machine.wallOff = off * DAY;
    expect(ms(clock)).toBe(BEGIN + 10 * DAY);
    expect(clock.shown().warning).toContain(
      `${String(Math.abs(off)).replace('4000', '4,000')} days ${off > 0 ? 'ahead of' : 'behind'}`,
    );
    // Nor does another start of the program believe it.
    expect(ms(open())).toBe(BEGIN + 10 * DAY);
  }
  machine.wallOff = 0;
  expect(clock.shown().warning).toBe('');
});

test('after a restart of the machine its uptime counts, and not the time for which it was off', () => {
  const { machine, open } = world();
  open();
  machine.truth += 5 * DAY;
  open().keep();
  machine.bootedAt = machine.truth + 2 * DAY;
  machine.truth += 3 * DAY;
  machine.boot = 'b';
  expect(ms(open())).toBe(BEGIN + 5 * DAY + DAY);
  expect(open().shown().warning).toContain('2 days ahead of');
});

test('where the machine does not tell its starts apart, the shorter time counts', () => {
  const { machine, open } = world();
  machine.boot = null;
  open();
  machine.truth += 5 * DAY;
  expect(ms(open())).toBe(BEGIN + 5 * DAY);
  machine.bootedAt = machine.truth + DAY;
  machine.truth += 2 * DAY;
  expect(ms(open())).toBe(BEGIN + 6 * DAY);
});

test('on another machine nothing is known of the time between, however long that one has been running', () => {
  const { machine, open } = world();
  open();
  machine.truth += DAY;
  machine.name = 'two';
  machine.bootedAt = BEGIN - 900 * DAY;
  machine.boot = 'z';
  const clock = open();
  expect(ms(clock)).toBe(BEGIN);
  machine.truth += HOUR;
  expect(ms(clock)).toBe(BEGIN + HOUR);
});

test('a source and a person say how late it is; nonsense, and a source that is years ahead, say nothing', () => {
  const { machine, open } = world();
  const clock = open();
  machine.truth += DAY;
  machine.name = 'two';
  clock.told('cloud', new Date(machine.truth).toUTCString());
  expect(ms(clock)).toBe(machine.truth);
  expect(clock.shown().by).toBe('the source cloud');
  for (const date of ['', 'yesterday', new Date(machine.truth + 400 * DAY).toUTCString()]) {
    clock.told('edge', date);
    expect(ms(clock)).toBe(machine.truth);
  }
  // A source that is behind is believed too: later rather than earlier.
  clock.told('edge', new Date(machine.truth - 2 * DAY).toUTCString());
  expect(ms(clock)).toBe(machine.truth - 2 * DAY);
  expect(clock.confirm('ana')).toMatchObject({ by: 'ana', warning: '' });
  expect(ms(clock)).toBe(machine.truth);
});

test('whatever happens, it is never later than the true time, and never goes back by itself', () => {
  const event = fc.oneof(
    fc.record({ kind: fc.constant('runs' as const), hours: fc.integer({ min: 0, max: 300 }) }),
    fc.record({ kind: fc.constant('wall' as const), hours: fc.integer({ min: -9000, max: 9000 }) }),
    fc.record({ kind: fc.constant('off' as const), hours: fc.integer({ min: 0, max: 300 }), names: fc.boolean() }),
    fc.record({ kind: fc.constant('program' as const) }),
    fc.record({ kind: fc.constant('told' as const) }),
    fc.record({ kind: fc.constant('moved' as const), name: fc.constantFrom('one', 'two') }),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (happened) => {
      const { machine, open } = world();
      let clock = open();
      let before = ms(clock);
      for (const one of happened) {
        switch (one.kind) {
          case 'runs':
            machine.truth += one.hours * HOUR;
            break;
          case 'wall':
            machine.wallOff = one.hours * HOUR;
            break;
          case 'off':
            clock.keep();
            machine.bootedAt = machine.truth + (one.hours * HOUR) / 2;
            machine.truth += one.hours * HOUR;
            machine.boot = one.names ? String(machine.truth) : null;
            clock = open();
            break;
          case 'program':
            clock = open();
            break;
          case 'told':
            clock.told('cloud', new Date(machine.truth).toUTCString());
            break;
          case 'moved':
            clock.keep();
            machine.name = one.name;
            clock = open();
            break;
        }
        const now = ms(clock);
        if (now > machine.truth || now < before - 1000) return false;
        before = now;
      }
      return true;
    }),
    { seed: 20261121, numRuns: 300 },
  );
});

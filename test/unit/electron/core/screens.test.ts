// The screen at every checked moment, through the whole house: acquired, kept encrypted, indexed with keyframes, shown.

import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportResult } from '../../../../shared/api/shapes.ts';
import { openTestCore, type TestCore } from '../../../support/core.ts';
import { RECORDINGS } from '../../../support/recording-files.ts';
import { compare, type Truth } from '../replay/truths.ts';

const folders = [RECORDINGS, join(RECORDINGS, 'public')];
const truths = folders
  .flatMap((folder) => {
    try {
      return readdirSync(folder).map((name) => join(folder, name));
    } catch {
      return [];
    }
  })
  .filter((path) => path.endsWith('.truth.json'));

describe('every recording with a ground truth', () => {
  const folder = mkdtempSync(join(tmpdir(), 'exhibit-test-'));
  let core: TestCore;
  let results: readonly ImportResult[];

  beforeAll(async () => {
    core = await openTestCore(folder);
    const left = ['malformed', 'large'];
    results = await core.import(
      readdirSync(RECORDINGS)
        .filter((name) => !left.includes(name) && !name.endsWith('.truth.json'))
        .map((name) => join(RECORDINGS, name)),
    );
  }, 300_000);

  afterAll(async () => {
    await core.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is there', () => {
    expect(truths.length).toBeGreaterThan(8);
  });

  it.each(truths)('is shown as it was: %s', async (path) => {
    const truth = JSON.parse(readFileSync(path, 'utf8')) as Truth;
    const beside = truth.files.map((name) => join(RECORDINGS, name));
    const inside = (name: string): boolean => beside.some((file) => file === name || file.startsWith(`${name}/`));
    const found = results.filter(({ path: name, sessionIds }) => sessionIds.length > 0 && inside(name));
    expect(found.map(({ sessionIds }) => sessionIds.length)).toEqual([1]);
    const id = found[0]!.sessionIds[0]!;
    const session = await core.api.call('sessions.show', { id });
    expect(session.index).toBe('done');
    expect(session.events).toBe(Object.values(truth.events).reduce((sum, n) => sum + n, 0));
    expect(session.stdoutBytes + session.stderrBytes).toBe(truth.output_bytes);
    expect(Math.abs(session.durationUs / 1e6 - truth.duration)).toBeLessThanOrEqual(0.0011);
    for (const instant of truth.instants) {
      const at = { kind: 'offset', atUs: Math.round(instant.t * 1e6) } as const;
      const screen = await core.api.call('sessions.screen', { id, at });
      const { shown, expected } = compare(screen, instant);
      expect.soft(shown, `${String(instant.t)} s`).toEqual(expected);
      expect.soft(screen.events, `${String(instant.t)} s`).toBe(instant.events_applied);
    }
    const end = await core.api.call('sessions.screen', { id, at: { kind: 'end' } });
    const { shown, expected } = compare(end, truth.final);
    expect(shown).toEqual(expected);
  });
});

// The screen at every checked moment, through the whole house: acquired, kept encrypted, indexed with keyframes, shown.

import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportResult, ScreenText } from '../../../../shared/api/shapes.ts';
import { openTestCore, type TestCore } from '../../../support/core.ts';
import { RECORDINGS } from '../../../support/recording-files.ts';

interface Cursor {
  readonly row: number;
  readonly col: number;
}

interface Instant {
  readonly t: number;
  readonly events_applied?: number;
  readonly screen: readonly string[];
  readonly cursor: Cursor;
  readonly alternate: boolean;
  readonly others?: readonly { readonly rows?: Readonly<Record<string, string>>; readonly cursor?: Cursor }[];
}

interface Truth {
  readonly files: readonly string[];
  readonly duration: number;
  readonly events: Readonly<Record<string, number>>;
  readonly output_bytes: number;
  readonly instants: readonly Instant[];
  readonly final: Instant;
}

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

/** Marks without width are kept by all terminals, in different places. */
const bare = (row: string): string => row.replaceAll(/[\u200b-\u200f\u2060-\u2064\ufe0f\ufeff]/gu, '').trimEnd();

/** A viewer is right if its screen is the first terminal's, or that with the rows and the cursor of another one. */
function agrees(instant: Instant, shown: ScreenText): boolean {
  const ways: Instant['others'] = [{}, ...(instant.others ?? [])];
  return ways.some(({ rows, cursor }) => {
    const wanted = cursor ?? instant.cursor;
    const same = instant.screen.every((row, y) => bare(rows?.[String(y)] ?? row) === bare(shown.screen[y] ?? '\u0000'));
    return same && wanted.row === shown.cursorRow && wanted.col === shown.cursorCol;
  });
}

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
      const shown = await core.api.call('sessions.screen', { id, at });
      expect.soft({ t: instant.t, right: agrees(instant, shown) }).toEqual({ t: instant.t, right: true });
      expect.soft([shown.events, shown.alternate]).toEqual([instant.events_applied, instant.alternate]);
    }
    const end = await core.api.call('sessions.screen', { id, at: { kind: 'end' } });
    expect({ end: true, right: agrees(truth.final, end) }).toEqual({ end: true, right: true });
  });
});

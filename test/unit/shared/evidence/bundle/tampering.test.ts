// Random tampering with a bundle: every one is found, with a right verdict and place. EXHIBIT_ROUNDS for more than two hundred, with
// EXHIBIT_SEED for other ones.

import { expect, it } from 'vitest';
import { NODE_EFFECTS } from '../../../../../electron/export/verify/node-effects.ts';
import { verifyZip } from '../../../../../shared/evidence/bundle/verify-bundle.ts';
import { PRODUCER, REVIEWER, fingerprintOf, packBundle, sampleSpec, testBundle } from '../../../../support/bundle.ts';
import { tamper, type Untouched } from '../../../../support/mutate-bundle.ts';
import { createRandom } from '../../../../support/random.ts';

const ROUNDS = Number(process.env['EXHIBIT_ROUNDS'] ?? 200);
const SEED = Number(process.env['EXHIBIT_SEED'] ?? 6);
const TRUSTED = new Set([PRODUCER, REVIEWER].map(({ key }) => fingerprintOf(key)));

it('every tampered bundle is found, with the right verdict and place', { timeout: 600_000 }, async () => {
  const signers = [PRODUCER, REVIEWER];
  const spec = sampleSpec();
  const untouched: Untouched = { spec, signers, files: testBundle(spec, signers), other: testBundle(sampleSpec('T-2'), signers) };
  const verify = (zip: Buffer): ReturnType<typeof verifyZip> =>
    verifyZip(zip.length, (from, to) => Promise.resolve(zip.subarray(from, to)), NODE_EFFECTS, {
      trusted: TRUSTED,
      authorities: [],
    });
  expect((await verify(packBundle(untouched.files).zip)).verdict).toBe('TRUSTED');
  const random = createRandom(SEED);
  const counts: Record<string, number> = {};
  for (let round = 0; round < ROUNDS; round++) {
    const { way, what, zip, verdicts, files } = tamper(random, untouched);
    const report = await verify(zip);
    const place = `seed ${String(SEED)}, round ${String(round)}, ${way}: ${what}`;
    expect(verdicts, place).toContain(report.verdict);
    // A signature that does not hold says that it or its statement was changed, and names both.
    const named = report.failures.map((failure) => `${failure.file} ${failure.reason}`).join('\n');
    if (files.length > 0)
      expect(
        files.some((file) => named.includes(file)),
        `${place}: ${named}`,
      ).toBe(true);
    counts[`${way}: ${report.verdict}`] = (counts[`${way}: ${report.verdict}`] ?? 0) + 1;
  }
  if (process.env['EXHIBIT_ROUNDS'] !== undefined) console.log(counts);
});

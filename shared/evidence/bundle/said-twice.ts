// What a bundle says in more than one place must be the same in each: else whoever reads one of them is misled by a bundle whose digests all
// hold. Its own signer can make such a bundle, and nobody else.

import type { Bag } from './bag.ts';
import { documentIn } from './documents.ts';
import type { Findings } from './report.ts';
import type { RecordingCheck } from './recordings.ts';
import type { Statement } from './statements.ts';
import { object, sameJson } from './strict-json.ts';

const DESCRIPTION = 'exhibit/bundle.json';
const CASE = 'data/case.json';

/** Compares statements, exhibit/bundle.json and data/case.json with one another and with the recordings that were read. */
export async function checkSaidTwice(
  bag: Bag,
  [producer]: readonly Statement[],
  recordings: readonly RecordingCheck[],
  findings: Findings,
): Promise<void> {
  const description = await documentIn(bag, DESCRIPTION);
  const file = await documentIn(bag, CASE);
  const fail = (name: string, reason: string): void => findings.fail('Statements', 'ALTERED', name, reason);
  const withheld = recordings.reduce((sum, one) => sum + one.withheld, 0);
  if (producer !== undefined) {
    const stated = object(producer.case) ?? {};
    for (const [name, value] of Object.entries(stated))
      if (file !== null && !sameJson(file[name], value)) fail(CASE, `its ${name} is not the one that ${producer.file} gives`);
    if (description !== null && description['redaction'] !== producer.redaction)
      fail(DESCRIPTION, `its redaction is not the one that ${producer.file} gives`);
    const once = new Set<string>();
    const twice = new Set<string>();
    for (const { id } of producer.recordings) (once.has(id) ? twice : once).add(id);
    for (const recording of twice)
      findings.fail('Statements', 'ALTERED', producer.file, 'it names the recording twice', { recording });
  }
  if (description === null) return;
  if (file !== null && description['case'] !== file['number']) fail(DESCRIPTION, `its case is not that of ${CASE}`);
  // What has no plaintext withholds texts about the recordings too.
  if (description['redaction'] === 'none' && description['plaintext'] === true && withheld > 0)
    fail(DESCRIPTION, `it says that nothing is withheld, and ${String(withheld)} records are`);
  const counts = object(description['counts']) ?? {};
  const records = recordings.reduce((sum, one) => sum + one.records, 0);
  for (const [name, count] of Object.entries({ recordings: recordings.length, records, withheld }))
    if (counts[name] !== count) fail(DESCRIPTION, `its count of ${name} is not ${String(count)}`);
}

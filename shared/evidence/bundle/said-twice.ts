// What a bundle says in more than one place must be the same in each: else whoever reads one of them is misled by a bundle whose digests all
// hold. Its own signer can make such a bundle, and nobody else.

import { wholeFile, type Bag } from './bag.ts';
import type { Findings } from './report.ts';
import type { RecordingCheck } from './recordings.ts';
import type { Statement } from './statements.ts';
import { object, sameJson, strictFile, type JsonObject } from './strict-json.ts';

const DESCRIPTION = 'exhibit/bundle.json';
const CASE = 'data/case.json';
const MAX_DOCUMENT = 256 * 1024 * 1024;

/** The members of a file, or null: that it is there, and in its form, is another step's matter. */
async function document(bag: Bag, name: string): Promise<JsonObject | null> {
  const file = bag.files.get(name);
  const bytes = file === undefined ? null : await wholeFile(file, MAX_DOCUMENT);
  return bytes === null ? null : strictFile(bytes);
}

/** Compares statements, exhibit/bundle.json and data/case.json with one another and with the recordings that were read. */
export async function checkSaidTwice(
  bag: Bag,
  [producer]: readonly Statement[],
  recordings: readonly RecordingCheck[],
  findings: Findings,
): Promise<void> {
  const description = await document(bag, DESCRIPTION);
  const file = await document(bag, CASE);
  const fail = (name: string, reason: string): void => findings.fail('Statements', 'ALTERED', name, reason);
  const withheld = recordings.reduce((sum, one) => sum + one.withheld, 0);
  if (producer !== undefined) {
    const stated = object(producer.case) ?? {};
    for (const [name, value] of Object.entries(stated))
      if (file !== null && !sameJson(file[name], value)) fail(CASE, `its ${name} is not the one that ${producer.file} gives`);
    if (description !== null && description['redaction'] !== producer.redaction)
      fail(DESCRIPTION, `its redaction is not the one that ${producer.file} gives`);
    const ids = producer.recordings.map(({ id }) => id);
    for (const id of new Set(ids.filter((one, i) => ids.indexOf(one) < i)))
      findings.fail('Statements', 'ALTERED', producer.file, 'it names the recording twice', { recording: id });
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

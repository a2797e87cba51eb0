// `node test/support/write-reports.ts FOLDER`: writes there the sample case's report with the player as it is built, a hostile one, the first
// page of a bundle, and what the report's main recording shows at some moments (`screens.json`: rows by microseconds; `next`: the time of
// the event after the second moment). To be looked at, and for the end-to-end tests, which cannot load the library's native package.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleReportPlayer } from '../../build/bundle.ts';
import { writeDist } from '../../build/write-dist.ts';
import { readPlayer, reportPieces, startHere } from '../../electron/export/export.ts';
import { NO_KEYFRAMES, screenAt } from '../../electron/replay/replay.ts';
import type { Micros } from '../../shared/recording/time.ts';
import { hostileReport, sampleRecordings, sampleReport, whole } from './report-input.ts';

const [, , folder] = process.argv;
if (folder === undefined) throw new Error('usage: node test/support/write-reports.ts FOLDER');
writeDist(join(folder, 'dist'), await bundleReportPlayer(join(import.meta.dirname, '../..')), 'test');
const player = readPlayer(join(folder, 'dist/report'));

const input = sampleReport();
for (const [name, given] of [
  ['report.html', input],
  ['hostile.html', hostileReport()],
] as const) {
  writeFileSync(join(folder, name), await whole(reportPieces(given, player)));
}
const first = startHere(
  {
    name: 'exhibit-SEC-0093',
    case: input.case!,
    tool: input.tool,
    intent: input.intent,
    signer: input.signer!,
    signedAt: input.madeAt,
    supersedes: null,
    plaintext: true,
    redacted: true,
    recordings: input.recordings.map(({ session: { id, title }, root, records, withheld }) => {
      return { id, title: title ?? id, root, records, withheld };
    }),
  },
  player,
);
writeFileSync(join(folder, 'START-HERE.html'), first);

const { source } = sampleRecordings().find(({ recording }) => recording.session.id === input.recordings[0]!.session.id)!;
const moments = [117_000_000, 122_000_000, source.duration] as Micros[];
const screens = Object.fromEntries(
  moments.map((at) => [String(at), screenAt(source, NO_KEYFRAMES, source.countAt(at)).screen] as const),
);
const [after] = source.runs(source.countAt(moments[1]!));
writeFileSync(join(folder, 'screens.json'), JSON.stringify({ screens, next: after!.events[0]!.at, end: source.duration }));

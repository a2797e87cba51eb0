// `node write-derived-bundles.ts FOLDER`: writes derived.zip, a bundle of the real core, and forged.zip, into which its own signer wrote
// another word of what was played. A program of its own, for specs that cannot load the core.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PRODUCER, packBundle, signedAnew } from './bundle.ts';
import { bundleOfFixtures } from './derived-bundle.ts';

const folder = process.argv[2]!;
const { files } = await bundleOfFixtures(folder, ['incident-exec-1-nightly-backup.cast']);
const path = [...files.keys()].find((name) => name.endsWith('/playback.cast'))!;
const other = Buffer.from(files.get(path)!.toString('utf8').replace('prod-db-1', 'prod-db-2'));
writeFileSync(join(folder, 'derived.zip'), packBundle(signedAnew(files, new Map(), PRODUCER)).zip);
writeFileSync(join(folder, 'forged.zip'), packBundle(signedAnew(files, new Map([[path, other]]), PRODUCER)).zip);

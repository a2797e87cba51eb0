// Part of step 8 of docs/bundle.md: the annotations are those to which the custody log commits.

import { annotationDigest } from '../annotation-digest.ts';
import type { Bag, Effects } from './bag.ts';
import type { CommittedVersion } from './custody-lines.ts';
import { documentIn } from './documents.ts';
import type { Findings, StepName } from './report.ts';
import { isText, object, sameJson } from './strict-json.ts';

const STEP: StepName = 'Custody';
const FILE = 'data/annotations.json';

/** What was compared: versions with a digest in the log, and all that are there. */
export interface ComparedVersions {
  readonly compared: number;
  readonly all: number;
}

/** What an annotation says now, member by member of its newest version. */
const NEWEST = ['title', 'note', 'tags', 'severity', 'links', 'retracted'] as const;

function isAsItsVersions(value: unknown): boolean {
  const annotation = object(value) ?? {};
  const versions = Array.isArray(annotation['versions']) ? annotation['versions'].map(object) : [];
  const first = versions[0] ?? {};
  const newest = versions.at(-1) ?? {};
  return (
    versions.length > 0 &&
    NEWEST.every((name) => sameJson(annotation[name], newest[name])) &&
    sameJson(
      [annotation['author'], annotation['createdAt'], annotation['changedAt']],
      [first['author'], first['at'], newest['at']],
    )
  );
}

/** Compares every version of which the log has a digest, and tells of those of this case that are not there. */
export async function checkAnnotations(
  bag: Bag,
  committed: readonly CommittedVersion[],
  effects: Effects,
  findings: Findings,
): Promise<ComparedVersions> {
  const { annotations } = (await documentIn(bag, FILE)) ?? {};
  const { id: ownCase } = (await documentIn(bag, 'data/case.json')) ?? {};
  const digests = new Map<string, string | null>();
  const ids = new Set<string>();
  const key = (annotation: string, version: unknown): string => `${annotation} ${String(version)}`;
  for (const value of Array.isArray(annotations) ? annotations : []) {
    const { id, anchor: place, from, versions } = object(value) ?? {};
    const anchor = object(place);
    if (!isText(id) || anchor === null) continue;
    if (ids.has(id)) findings.fail(STEP, 'ALTERED', FILE, `annotation ${id} is there twice`);
    ids.add(id);
    if (!isAsItsVersions(value)) {
      const reason = `annotation ${id} is not as its newest version, or not of its first one's author and moment`;
      findings.fail(STEP, 'ALTERED', FILE, reason);
    }
    for (const version of Array.isArray(versions) ? versions : [])
      digests.set(key(id, object(version)?.['version']), annotationDigest(effects.sha256, { id, anchor, from }, version));
  }
  let compared = 0;
  for (const { annotation, version, digest, seq, case: of } of committed) {
    const found = digests.get(key(annotation, version));
    const say = (what: string): void =>
      findings.fail(
        STEP,
        'ALTERED',
        FILE,
        `version ${String(version)} of annotation ${annotation} ${what} ${String(seq)} of the custody log`,
      );
    if (found === undefined) {
      if (of !== null && of === ownCase) say('is not there, which was made by entry');
      continue;
    }
    compared += 1;
    if (found !== digest) say('is not what was said by entry');
  }
  return { compared, all: digests.size };
}

// What a mark becomes: one key begins it, the same key ends it. Where it ends at the moment at which it began, it is a moment; elsewhere it is
// a range, whichever end came first. Pure.

import type { AnnotationTarget } from '../../../shared/api/case-shapes.ts';
import type { Input } from '../../../shared/api/contract.ts';

export const momentTarget = (atUs: number): AnnotationTarget => ({
  kind: 'moment',
  fromUs: atUs,
  toUs: atUs,
  region: null,
  text: null,
});

/** The mark that was begun at one moment and ended at another. */
export function endedMark(beganUs: number, atUs: number): AnnotationTarget {
  if (beganUs === atUs) return momentTarget(atUs);
  return { kind: 'range', fromUs: Math.min(beganUs, atUs), toUs: Math.max(beganUs, atUs), region: null, text: null };
}

/** A target as the core is told it. */
export function targetInput(target: AnnotationTarget): Pick<Input<'annotations.add'>, 'from' | 'to' | 'region' | 'text'> {
  const { fromUs, toUs, region, text } = target;
  return {
    from: { kind: 'offset', atUs: fromUs },
    ...(toUs === fromUs ? {} : { to: { kind: 'offset' as const, atUs: toUs } }),
    ...(region === null ? {} : { region }),
    ...(text === null ? {} : { text }),
  };
}

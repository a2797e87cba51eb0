// The colours of the lanes, as the theme has them now (renderer/ui/theme.css).

import type { Colours } from './lanes.ts';

export function colours(element: HTMLElement): Colours {
  const style = getComputedStyle(element);
  const of = (name: string): string => style.getPropertyValue(`--lane-${name}`);
  return {
    output: of('output'),
    input: of('input'),
    command: of('command'),
    marker: of('marker'),
    alternate: of('alternate'),
    idle: of('idle'),
    discrepancy: of('discrepancy'),
    hit: of('hit'),
    hidden: of('hidden'),
    change: of('change'),
    text: of('text'),
    line: of('line'),
    head: of('head'),
    viewed: of('viewed'),
    ground: of('ground'),
    annotation: of('annotation'),
    redaction: of('redaction'),
    explicit: of('explicit'),
    audit: of('audit'),
    participant: of('participant'),
    control: of('control'),
    severity: {
      info: style.getPropertyValue('--severity-info'),
      low: style.getPropertyValue('--severity-low'),
      medium: style.getPropertyValue('--severity-medium'),
      high: style.getPropertyValue('--severity-high'),
      critical: style.getPropertyValue('--severity-critical'),
    },
  };
}

// A grouped list as one list of lines: the head of each group, and under those that are open its rows. An ungrouped list is one open
// group without a head. Pure.

export interface Section {
  /** Value of the facet that it is grouped by; null: the list is not grouped. */
  readonly value: string | null;
  readonly rows: number;
  readonly open: boolean;
}

export type Line =
  | { readonly kind: 'head'; readonly section: number }
  | { readonly kind: 'row'; readonly section: number; readonly index: number };

export interface Layout {
  readonly total: number;
  /** What stands in a line. */
  at(line: number): Line | null;
  /** The line of a group's head; of its first row where it has none. */
  start(section: number): number;
  /** For a span of lines, the rows of each group that are in it, `to` not among them. */
  rowsIn(from: number, to: number): readonly { readonly section: number; readonly from: number; readonly to: number }[];
}

const headOf = ({ value }: Section): number => (value === null ? 0 : 1);

export function layoutOf(sections: readonly Section[]): Layout {
  const starts: number[] = [];
  let total = 0;
  for (const section of sections) {
    starts.push(total);
    total += headOf(section) + (section.open ? section.rows : 0);
  }
  const sectionAt = (line: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= line) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return {
    total,
    start: (section) => starts[section] ?? 0,
    at: (line) => {
      if (line < 0 || line >= total) return null;
      const section = sectionAt(line);
      const index = line - starts[section]! - headOf(sections[section]!);
      return index < 0 ? { kind: 'head', section } : { kind: 'row', section, index };
    },
    rowsIn: (from, to) => {
      const found: { section: number; from: number; to: number }[] = [];
      for (let i = sectionAt(Math.max(0, from)); i < sections.length && starts[i]! < to; i++) {
        const section = sections[i]!;
        if (!section.open) continue;
        const first = starts[i]! + headOf(section);
        const rows = { from: Math.max(0, from - first), to: Math.min(section.rows, to - first) };
        if (rows.to > rows.from) found.push({ section: i, ...rows });
      }
      return found;
    },
  };
}

// The recorded screen in its place: drawn as large as fits, with marks over cells, and its text for those who do not see it.

import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Region, Screen } from './screen.ts';
import type { Place } from './screen-text.ts';
import './screen.css';

export interface ScreenViewProps {
  readonly screen: Screen;
  /** Text that is marked wherever it stands; empty for none. */
  readonly marked: string;
  /** The cells that are meant, among those marked. */
  readonly meant: Place | null;
  /** The screen stands still: its text may be read. */
  readonly still: boolean;
  /** Cells with an outline and a name: what annotations point at. */
  readonly outlined?: readonly Outline[];
  /** What lies over the cells, as large as they are. */
  readonly over?: React.ReactNode;
}

export interface Outline {
  readonly region: Region;
  readonly name: string;
}

/** Space around the cells, in CSS pixels. */
const PADDING = 10;

export function ScreenView({ screen, marked, meant, still, outlined = [], over }: ScreenViewProps): React.JSX.Element {
  const stage = useRef<HTMLDivElement>(null);
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const box = stage.current!;
    const show = (): void => {
      const width = Math.max(0, box.clientWidth - 2 * PADDING);
      const height = Math.max(0, box.clientHeight - 2 * PADDING);
      screen.show(host.current!, { width, height });
    };
    show();
    // The bundled face may come later than the first picture: then its cells have another size.
    void document.fonts.ready.then(show);
    const observer = new ResizeObserver(show);
    observer.observe(box);
    return () => observer.disconnect();
  }, [screen]);
  return (
    // It scrolls when the recorded screen is larger than the window.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div ref={stage} className="stage" tabIndex={0} role="group" aria-label="Recorded screen">
      <div className="cells">
        <div ref={host} />
        <Marks screen={screen} marked={marked} meant={meant} />
        {outlined.length === 0 ? null : <Outlines screen={screen} outlined={outlined} />}
        {over}
      </div>
      {still ? <ScreenWords screen={screen} /> : null}
    </div>
  );
}

/** Redraws with the screen. */
function useScreen(screen: Screen): number {
  const [version, setVersion] = useState(0);
  useEffect(() => screen.subscribe(() => setVersion((n) => n + 1)), [screen]);
  return version;
}

function Marks({ screen, marked, meant }: Pick<ScreenViewProps, 'screen' | 'marked' | 'meant'>): React.JSX.Element | null {
  useScreen(screen);
  const cell = screen.cell();
  if (cell === null || (marked === '' && meant === null)) return null;
  const found = marked === '' ? [] : screen.find(marked);
  const same = (place: Place): boolean => meant !== null && place.row === meant.row && place.col === meant.col;
  const scrolled = screen.scrolled();
  const { rows } = screen.state();
  const places = (meant === null || found.some(same) ? found : [...found, meant]).filter(({ row }) => row + scrolled < rows);
  return (
    <div className="cell-marks" aria-hidden="true">
      {places.map((place, i) => (
        <span
          key={i}
          className={same(place) || (meant === null && places.length === 1) ? 'meant' : ''}
          style={{
            left: `${String(place.col * cell.width)}px`,
            top: `${String((place.row + scrolled) * cell.height)}px`,
            width: `${String(place.width * cell.width)}px`,
            height: `${String(cell.height)}px`,
          }}
        />
      ))}
    </div>
  );
}

function Outlines({ screen, outlined }: Required<Pick<ScreenViewProps, 'screen' | 'outlined'>>): React.JSX.Element | null {
  useScreen(screen);
  const cell = screen.cell();
  if (cell === null || screen.scrolled() > 0) return null;
  return (
    <div className="cell-outlines" aria-hidden="true">
      {outlined.map(({ region, name }, i) => (
        <span key={i} style={placeOf(region, cell)}>
          <span className="name">{name}</span>
        </span>
      ))}
    </div>
  );
}

/** A region of cells as a place over them. */
export const placeOf = (
  { row, col, rows, cols }: Region,
  cell: { readonly width: number; readonly height: number },
): React.CSSProperties => ({
  left: `${String(col * cell.width)}px`,
  top: `${String(row * cell.height)}px`,
  width: `${String(cols * cell.width)}px`,
  height: `${String(rows * cell.height)}px`,
});

function ScreenWords({ screen }: { readonly screen: Screen }): React.JSX.Element {
  useScreen(screen);
  const rows = screen.rows().map(({ text }) => text);
  const last = rows.findLastIndex((text) => text !== '');
  return (
    <pre className="unseen" aria-label="Text on the screen" role="region">
      {rows.slice(0, last + 1).join('\n')}
    </pre>
  );
}

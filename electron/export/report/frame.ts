// A frame in the report: the still as it is (real text in SVG), its region where one was marked, and its text for whoever does not see it.

import type { ScreenRegion } from '../../../shared/api/case-shapes.ts';
import type { ReportFrame } from './report-input.ts';
import { lines, markup, Markup, NOTHING, plain } from './markup.ts';
import { offset } from './words.ts';

/** As stillOf begins its pictures. Anything else is not one. */
const BEGIN = /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="(\d+)" height="(\d+)"/;
const END = '</svg>';

function withRegion(svg: string, { cols, rows }: ReportFrame, region: ScreenRegion | null): string {
  const size = BEGIN.exec(svg);
  if (size === null) throw new Error('a frame is no picture of a screen');
  const end = svg.lastIndexOf(END);
  if (region === null) return svg.slice(0, end + END.length);
  const cell = { width: Number(size[1]) / cols, height: Number(size[2]) / rows };
  const place = [region.col * cell.width, region.row * cell.height, region.cols * cell.width, region.rows * cell.height];
  const [x, y, width, height] = place.map(String);
  return `${svg.slice(0, end)}<rect class="region" x="${x!}" y="${y!}" width="${width!}" height="${height!}"/>${END}`;
}

export function svgOf(frame: ReportFrame, region: ScreenRegion | null, label: string): Markup {
  return new Markup(withRegion(frame.svg, frame, region).replace('<svg ', () => `<svg role="img" aria-label="${plain(label)}" `));
}

/** `region`: cells that are marked. */
export function frameFigure(frame: ReportFrame, region: ScreenRegion | null): Markup {
  const { atUs, seq, cols, rows, screen, file, text } = frame;
  const at = `Screen at ${offset(atUs)}`;
  const place = seq === null ? 'before the first event' : `after event ${seq}`;
  return markup`
<figure class="frame">
<div class="still">${svgOf(frame, region, `${at}; its text follows`)}</div>
<figcaption><b>${at}</b>, ${place}, ${cols} × ${rows} cells${region === null ? '' : '; the marked region is framed'}.
${screen === null ? NOTHING : markup` Screen hash <code class="hash">${screen}</code>.`}
${file === null ? NOTHING : markup` In the bundle: <code>data/${file}.svg</code>, with its certificate.`}</figcaption>
<details class="frame-text"><summary>Text of this screen</summary><pre>${new Markup(`\n${lines(text.trimEnd())}`)}</pre></details>
</figure>`;
}

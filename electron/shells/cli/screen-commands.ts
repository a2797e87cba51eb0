// exhibit sessions screen and check-frame: what stood on the screen at a moment, as a picture with a certificate, and whether one holds.

import type { Api } from '../../../shared/api/contract.ts';
import { ExhibitError } from '../../../shared/api/errors.ts';
import type { Moment } from '../../../shared/api/shapes.ts';
import { parseInstant, tellClock, type Micros } from '../../../shared/recording/time.ts';
import { usage, type Call, type Command } from './arguments.ts';
import type { Context } from './context.ts';
import { parseMoment } from './moment.ts';
import { json } from './output.ts';
import { FILE } from './session-commands.ts';
import { save } from './save.ts';
import { readBytes, readText } from './read-file.ts';
import { visible } from '../../../shared/recording/safe-text.ts';

/** Says where the moment that is shown is another one than was asked for: the recording has none before its start and behind its end. */
async function noteElsewhere(context: Context, api: Api, id: string, moment: Moment, atUs: number): Promise<void> {
  let asked = atUs;
  if (moment.kind === 'offset') asked = moment.atUs;
  else if (moment.kind === 'instant') {
    const { startedAt } = await api.call('sessions.show', { id });
    if (startedAt !== null) asked = parseInstant(moment.at)! - parseInstant(startedAt)!;
  }
  if (asked < atUs) context.note('exhibit: the recording begins after that moment: what is shown is its start');
  if (asked > atUs)
    context.note(`exhibit: the recording ends before that moment, at ${tellClock(atUs as Micros)}: what is shown is its end`);
}

async function showScreen(context: Context, call: Call): Promise<void> {
  const at = call.text('at');
  const moment = parseMoment(at ?? 'end');
  const output = call.text('output');
  if (output !== undefined && output !== 'json')
    throw usage(`a screen has no form ${output}; --format names those it has`, ['sessions', 'screen']);
  const format = call.text('format') ?? output ?? 'text';
  const api = await context.api(call);
  const id = call.operands[0]!;
  const certificate = call.text('certificate');
  if (certificate !== undefined) {
    if (format === 'json')
      throw new ExhibitError(
        'usage',
        'certify frame',
        'a certificate is of the text, the SVG and the PNG',
        'choose one of these forms',
      );
    const { text } = await api.call('frames.certificate', { id, at: moment });
    await save(context, certificate, [Buffer.from(text)]);
  }
  if (format === 'svg' || format === 'png') {
    const still = await api.call('sessions.still', { id, at: moment, format });
    await noteElsewhere(context, api, id, moment, still.atUs);
    await save(context, call.text('file'), [still.bytes]);
    return;
  }
  const { atUs, seq, cols, rows, cursorRow, cursorCol, cursorVisible, pendingWrap, alternate, title, modes, screen } =
    await api.call('sessions.screen', { id, at: moment });
  await noteElsewhere(context, api, id, moment, atUs);
  const file = call.text('file');
  // A terminal would act on what turns the reading direction; what is piped or written to a file is the rows as they are.
  const isShown = context.stdout.isTTY && (file === undefined || file === '-');
  const text =
    format === 'text'
      ? `${(isShown ? screen.map(visible) : screen).join('\n')}\n`
      : json({
          atUs,
          seq,
          size: { cols, rows },
          cursor: { row: cursorRow, col: cursorCol, visible: cursorVisible, pendingWrap },
          alternate,
          title,
          modes,
          screen,
        });
  await save(context, file, [Buffer.from(text)]);
}

/** Longest certificate, and largest image of a frame. */
const CERTIFICATE_BYTES = 20_000;
const IMAGE_BYTES = 300 * 1024 * 1024;

async function checkFrame(context: Context, call: Call): Promise<void> {
  const [id, path, image] = call.operands;
  const certificate = readText(path!, CERTIFICATE_BYTES);
  const bytes = image === undefined ? null : new Uint8Array(readBytes(image, IMAGE_BYTES));
  const api = await context.api(call);
  const check = await api.call('frames.check', { id: id!, certificate, image: bytes });
  await context.printList(
    call,
    check.steps,
    [
      { head: 'what', value: ({ what }) => what },
      { head: 'holds', value: ({ holds }) => (holds ? 'yes' : 'no') },
      { head: 'detail', value: ({ detail }) => detail },
    ],
    check,
  );
  if (check.holds) return;
  const failed = check.steps.filter(({ holds }) => !holds).map(({ what }) => what);
  throw new ExhibitError('altered', `check ${path!}`, `the certificate does not hold: ${failed.join(', ')}`);
}

export const SCREEN_COMMANDS: readonly Command<Context>[] = [
  {
    path: ['sessions', 'screen'],
    operands: ['ID'],
    options: [
      { name: 'at', value: 'TIME', help: 'seconds (12.5), clock (00:01:23.4), sequence number (#42), RFC 3339 moment, or end' },
      { name: 'format', value: 'F', choices: ['text', 'json', 'svg', 'png'], help: 'form of the screen' },
      FILE,
      { name: 'certificate', value: 'FILE', help: 'also write a certificate of the frame there, which check-frame can check' },
    ],
    summary: 'Show what was on the screen at a moment',
    examples: [
      'exhibit sessions screen 4k9mz2 --at 97.5',
      "exhibit sessions screen 4k9mz2 --at '#120' --format json",
      'exhibit sessions screen 4k9mz2 --at 00:05:28 --format svg --file screen.svg',
      'exhibit sessions screen 4k9mz2 --at 97.5 --format png --file screen.png --certificate screen.json',
    ],
    run: showScreen,
  },
  {
    path: ['sessions', 'check-frame'],
    operands: ['ID', 'CERTIFICATE', '[IMAGE]'],
    options: [],
    summary: 'Make the frame of a certificate again and say whether it holds (exit code 3 when not)',
    examples: ['exhibit sessions check-frame 4k9mz2 screen.json screen.png'],
    run: checkFrame,
  },
];

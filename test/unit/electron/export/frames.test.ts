// A frame and its certificate: what is certified can be made again from the recording, and nothing else passes for it.

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { certificateText, checkFrame, frameAt, type FrameOf } from '../../../../electron/export/frames.ts';
import { NO_KEYFRAMES, screenAt } from '../../../../electron/replay/replay.ts';
import { frameCertificate, type FrameCertificate } from '../../../../shared/api/frame-shapes.ts';
import { screenHash } from '../../../../shared/evidence/screen-hash.ts';
import { KEPT_RECORDINGS } from '../../../support/recording-files.ts';
import { truthsIn } from '../replay/truths.ts';

const { source } = truthsIn(KEPT_RECORDINGS).find(({ name }) => name === 'resize.cast')!;
const OF: FrameOf = { recording: 'r-1', root: 'ab'.repeat(32), records: source.count + 1, redacted: false };

const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const made = await frameAt(source, NO_KEYFRAMES, 5, OF);
const check = (certificate: FrameCertificate, image: Uint8Array | null = null, of = OF): ReturnType<typeof checkFrame> =>
  checkFrame(source, NO_KEYFRAMES, of, certificate, image);
const failed = async (certificate: FrameCertificate, image: Uint8Array | null = null, of = OF): Promise<string[]> =>
  (await check(certificate, image, of)).steps.filter(({ holds }) => !holds).map(({ what }) => what);

describe('a frame', () => {
  it('has a certificate that names the recording, the event, the screen and its files', () => {
    const shown = screenAt(source, NO_KEYFRAMES, 5);
    expect(made.text).toBe(shown.screen.map((row) => `${row}\n`).join(''));
    expect(made.certificate).toMatchObject({
      schema: 'exhibit-frame/1',
      recording: 'r-1',
      root: OF.root,
      records: OF.records,
      redacted: false,
      event: 4,
      seq: shown.seq,
      at_us: shown.atUs,
      size: { cols: shown.cols, rows: shown.rows },
      screen: screenHash((...parts) => createHash('sha256').update(Buffer.concat(parts)).digest(), shown),
      svg: sha256(made.svg),
      png: sha256(made.png!),
      txt: sha256(made.text),
    });
    expect(frameCertificate.parse(JSON.parse(certificateText(made.certificate)))).toEqual(made.certificate);
  });

  it('is made in turns with other work, which may end it', async () => {
    const runs = {
      ...source,
      *runs(from: number) {
        for (const { firstIndex, events } of source.runs(from))
          for (const [i, event] of events.entries()) yield { firstIndex: firstIndex + i, events: [event] };
      },
    };
    let turns = 0;
    const frame = await frameAt(runs, NO_KEYFRAMES, 5, OF, () => {
      turns += 1;
      return Promise.resolve();
    });
    expect(frame).toEqual(made);
    expect(turns).toBe(5);
    await expect(frameAt(runs, NO_KEYFRAMES, 5, OF, () => Promise.reject(new Error('cancelled')))).rejects.toThrow('cancelled');
  });

  it('before the first event has no sequence number', async () => {
    const { certificate } = await frameAt(source, NO_KEYFRAMES, 0, OF);
    expect(certificate).toMatchObject({ event: -1, seq: null, at_us: 0 });
    expect(await failed(certificate)).toEqual([]);
  });
});

describe('a certificate', () => {
  it('holds against its recording, alone and with each of its images', async () => {
    expect((await check(made.certificate)).holds).toBe(true);
    for (const image of [Buffer.from(made.svg), made.png!, Buffer.from(made.text)])
      expect(await failed(made.certificate, image)).toEqual([]);
  });

  it('does not hold when anything in it is another', async () => {
    const other = '0'.repeat(64);
    expect(await failed({ ...made.certificate, screen: other })).toEqual(['hash of the screen']);
    expect(await failed({ ...made.certificate, svg: other })).toEqual(['SVG']);
    expect(await failed({ ...made.certificate, at_us: made.certificate.at_us + 1 })).toEqual(['time of the event']);
    expect(await failed({ ...made.certificate, root: other })).toEqual(['root of the acquisition tree']);
    expect(await failed({ ...made.certificate, event: source.count })).toContain('event');
    expect(await failed(made.certificate, null, { ...OF, recording: 'r-2' })).toEqual(['recording']);
  });

  it('does not hold for an image in which one byte is another', async () => {
    const image = Uint8Array.from(made.png!);
    image[100]! ^= 1;
    expect(await failed(made.certificate, image)).toEqual(['image']);
  });

  it('of a redacted stream does not hold against the recording itself', async () => {
    expect(await failed({ ...made.certificate, redacted: true })).toEqual(['redacted or not']);
  });
});

// Bytes for reading, and what was open before an event.

import { describe, expect, test } from 'vitest';
import {
  asciiBytes,
  beforeEvent,
  escapedText,
  hexBytes,
  offsetText,
} from '../../../../../renderer/player/inspector/event-bytes.ts';
import type { RecordingEvent } from '../../../../../shared/recording/event.ts';
import { printed } from '../fake-recording.ts';

const encoder = new TextEncoder();

describe('bytes', () => {
  test('are shown in hex, as characters, and with offsets of one width', () => {
    const bytes = encoder.encode('A\n\u00e9');
    expect([hexBytes(bytes), asciiBytes(bytes)]).toEqual([
      ['41', '0a', 'c3', 'a9'],
      ['A', '·', '·', '·'],
    ]);
    expect([offsetText(8, 40), offsetText(8, 0x123456)]).toEqual(['0008', '000008']);
  });

  test('are escaped so that nothing of them steers or hides', () => {
    expect(escapedText(encoder.encode('a\x1b[1m\té\u202e\\\r\nb'), 100)).toBe('a\\x1b[1m\\té\\u{202e}\\\\\\r\\n\nb');
    expect(escapedText(Uint8Array.of(0x61, 0xff, 0xe2, 0x82), 100)).toBe('a\\xff\\xe2\\x82');
    expect(escapedText(encoder.encode('abcdef'), 3)).toBe('abc');
  });
});

describe('what was open before an event', () => {
  const at =
    (...texts: readonly (readonly [string, 'stdin' | 'stdout'])[]) =>
    (index: number): RecordingEvent | undefined =>
      texts[index] === undefined ? undefined : printed(index, index, texts[index][0], texts[index][1]);
  const opened = (look: (index: number) => RecordingEvent | undefined, index: number): string | null => {
    const before = beforeEvent(look, index);
    return before.kind === 'known' ? String.fromCharCode(...before.head.bytes) : null;
  };

  test('is a sequence that began in output before it, also over input in between', () => {
    expect(opened(at(['x\x1b[3', 'stdout'], ['k', 'stdin'], ['1m', 'stdout']), 2)).toBe('\x1b[3');
    expect(opened(at(['x\x1b[3', 'stdout'], ['1', 'stdout'], ['m', 'stdout']), 2)).toBe('\x1b[31');
    expect(opened(at(['\x1b[3', 'stdin'], ['1m', 'stdout']), 1)).toBe('');
  });

  test('is nothing at the beginning of the recording', () => {
    expect(opened(at(['plain', 'stdout'], ['1m', 'stdout']), 1)).toBe('');
    expect(opened(at(['1m', 'stdout']), 0)).toBe('');
  });

  test('asks for the events that it lacks', () => {
    const known = at(['x\x1b[3', 'stdout'], ['1m', 'stdout']);
    expect(beforeEvent((index) => (index === 0 ? undefined : known(index)), 1)).toEqual({ kind: 'missing', index: 0 });
  });

  test('is not known where megabytes of text tell nothing', () => {
    const big = 'a'.repeat(70_000);
    expect(beforeEvent(at(['\x1b]0;', 'stdout'], [big, 'stdout'], ['b', 'stdout']), 2)).toEqual({ kind: 'unknown' });
  });
});

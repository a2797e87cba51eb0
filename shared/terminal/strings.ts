// String sequences: operating system commands, device control strings and the strings that no terminal shows. None of them has an
// effect beyond the title and the addresses of links; all are reported. What is kept of one string is bounded, whatever its length.

import { decodeBase64 } from '../recording/base64.ts';
import { decodeUtf8 } from '../recording/utf8.ts';
import type { Emulator } from './emulator.ts';
import type { StringAction } from './internals.ts';
import { MAX_STRING } from './notice.ts';

/** Longest title that is kept, in UTF-16 units. */
export const MAX_TITLE = 1000;
/** Addresses that cells can point at, and their length in all; links beyond are reported but not attached to cells. */
const MAX_LINKS = 1000;
const MAX_LINK_UNITS = 65_536;
const MAX_LINK = 2048;

const STRING_KINDS: Readonly<Record<string, 'apc' | 'pm' | 'sos' | 'screen-title'>> = {
  X: 'sos',
  '^': 'pm',
  _: 'apc',
  k: 'screen-title',
};

/** The bytes of a sequence's name, as xterm.js packs them. */
export function nameOf(packed: number): string {
  let name = '';
  for (let rest = packed; rest > 0; rest = Math.floor(rest / 256)) name = String.fromCharCode(rest % 256) + name;
  return name;
}

export interface Strings {
  osc(code: number, action: StringAction, payload: string | boolean | undefined): void;
  dcs(name: number, action: StringAction, payload: unknown): void;
  /** An operating system command without a number: some of its text, or its end. */
  nameless(action: 'PUT' | 'END', text: string): void;
}

/** The fallback handlers of one terminal, through which every string sequence goes. */
export function createStrings(emulator: Emulator): Strings {
  const { inner, own } = emulator;
  const input = inner._inputHandler;

  const begin = (): void => {
    own.string = { text: '', length: 0 };
  };

  const put = (text: string): void => {
    const room = MAX_STRING - own.string.text.length;
    own.string.length += text.length;
    if (room > 0) own.string.text += text.slice(0, room);
  };

  const setLink = (address: string): void => {
    let link = own.links.indexOf(address) + 1;
    const units = own.links.reduce((sum, { length }) => sum + length, address.length);
    if (link === 0 && address.length <= MAX_LINK && own.links.length < MAX_LINKS && units <= MAX_LINK_UNITS)
      link = own.links.push(address);
    const attributes = input._curAttrData;
    attributes.extended = attributes.extended.clone();
    attributes.extended._urlId = address === '' ? 0 : link;
    attributes.updateExtended();
  };

  const clipboard = (text: string, length: number): void => {
    const data = text.slice(text.indexOf(';') + 1);
    if (data === '?') emulator.watcher.notice?.({ kind: 'clipboard', asks: true, text: '', length: 0 });
    else {
      // A string that was cut ends in the middle of a group.
      const bytes = decodeBase64(length > text.length ? data.slice(0, data.length - (data.length % 4)) : data);
      const decoded = bytes === null ? data : decodeUtf8(bytes).text;
      emulator.watcher.notice?.({ kind: 'clipboard', asks: false, text: decoded, length: decoded.length + length - text.length });
    }
  };

  const runOsc = (code: number): void => {
    const { text, length } = own.string;
    switch (code) {
      case 0:
      case 2:
        own.title = text.slice(0, MAX_TITLE);
        emulator.watcher.notice?.({ kind: 'title', text: own.title, length });
        break;
      case 8: {
        const address = text.slice(text.indexOf(';') + 1);
        setLink(address);
        if (address !== '')
          emulator.watcher.notice?.({ kind: 'link', text: address, length: length - text.length + address.length });
        break;
      }
      case 52:
        clipboard(text, length);
        break;
      case 9:
      case 99:
      case 777:
        emulator.watcher.notice?.({ kind: 'notification', text, length });
        break;
      default:
        emulator.watcher.notice?.({ kind: 'osc', code, text, length });
    }
  };

  /** A command that does nothing: without a number, or broken off. */
  const tellUnused = (): void => {
    emulator.watcher.notice?.({ kind: 'string', of: 'osc', ...own.string });
  };

  return {
    osc: (code, action, payload) => {
      if (action === 'START') begin();
      else if (action === 'PUT') put(payload as string);
      else {
        if (payload === true) runOsc(code);
        else tellUnused();
        begin();
      }
    },

    dcs: (name, action, payload) => {
      if (action === 'HOOK') begin();
      else if (action === 'PUT') put(payload as string);
      else {
        const { text, length } = own.string;
        const packed = nameOf(name);
        const of = STRING_KINDS[packed] ?? 'dcs';
        // The name of a device control string is what comes before its data, and tells it from others.
        const shown = of === 'dcs' ? packed + text : text;
        emulator.watcher.notice?.({ kind: 'string', of, text: shown, length: length + shown.length - text.length });
        begin();
      }
    },

    nameless: (action, text) => {
      if (action === 'PUT') put(text);
      else {
        tellUnused();
        begin();
      }
    },
  };
}

// A web socket as a port of the contract: one binary frame (shared/api/frames.ts) is one message. Whatever is no frame ends the
// connection; nothing is guessed at.

import type { WebSocket } from 'ws';
import { decodeFrame, encodeFrame } from '../../../shared/api/frames.ts';
import type { Port } from '../../../shared/api/wire.ts';

/** Bytes that may wait for a page that does not read, before it is cut off: several of the largest answers. */
const MOST_WAITING = 128 * 1024 * 1024;

/** Close codes of RFC 6455 section 7.4.1. */
const UNSUPPORTED_DATA = 1003;
const INVALID_DATA = 1007;

export function socketPort(socket: WebSocket): Port {
  return {
    post: (message) => {
      if (socket.readyState !== socket.OPEN) return;
      socket.send(encodeFrame(message));
      if (socket.bufferedAmount > MOST_WAITING) socket.terminate();
    },
    onMessage: (listener) => {
      socket.on('message', (data, isBinary) => {
        if (!isBinary || !Buffer.isBuffer(data)) {
          socket.close(UNSUPPORTED_DATA);
          return;
        }
        let message: unknown;
        try {
          message = decodeFrame(new Uint8Array(data.buffer, data.byteOffset, data.length));
        } catch {
          socket.close(INVALID_DATA);
          return;
        }
        listener(message);
      });
    },
    onClose: (listener) => {
      socket.once('close', listener);
    },
  };
}

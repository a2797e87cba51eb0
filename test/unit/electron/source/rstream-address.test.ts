// Addresses of servers as people write them.

import { describe, expect, it } from 'vitest';
import { serverAddress } from '../../../../electron/source/source.ts';

describe('the address of a server', () => {
  it.each([
    ['engine.example.net', 'https://engine.example.net'],
    ['engine.example.net:8443', 'https://engine.example.net:8443'],
    ['https://engine.example.net:443/', 'https://engine.example.net'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
    ['https://[2001:db8::1]:8443', 'https://[2001:db8::1]:8443'],
  ])('%s is %s', (text, address) => {
    expect(serverAddress(text, 'engine')).toBe(address);
  });

  it.each([
    ['', 'no address'],
    ['https://', 'no address'],
    ['https://a b', 'no address'],
    ['http://engine.example.net', 'without TLS'],
    ['http://127.0.0.1.example.net', 'without TLS'],
    ['ftp://engine.example.net', 'only https'],
    ['https://me:secret@engine.example.net', 'a name or a password'],
    ['https://engine.example.net/api', 'must end after the port'],
    ['https://engine.example.net?x=1', 'must end after the port'],
  ])('%j is refused', (text, why) => {
    expect(() => serverAddress(text, 'engine')).toThrow(
      expect.objectContaining({ kind: 'usage', why: expect.stringContaining(why) as string }) as Error,
    );
  });
});

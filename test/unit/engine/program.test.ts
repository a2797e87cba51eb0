// The recordings server as a program of its own, and over TLS.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:https';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { engineOf, get, list } from './client.ts';
import type { Engine } from '../../engine/start-engine.ts';

const PROGRAM = join(import.meta.dirname, '../../engine/engine.ts');
const ROOT = join(import.meta.dirname, '../../..');

type Line = Pick<Engine, 'url' | 'token'> & { readonly ca?: string };

function start(words: readonly string[]): ChildProcess {
  const child = spawn(words[0]!, words.slice(1), { stdio: ['ignore', 'pipe', 'pipe'], cwd: ROOT });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

async function firstLine(child: ChildProcess): Promise<Line> {
  let text = '';
  for await (const piece of child.stdout!) {
    text += String(piece);
    if (text.includes('\n')) break;
  }
  return JSON.parse(text) as Line;
}

/** Status of a request over TLS that trusts this certificate only. */
function statusOver(url: string, token: string, ca: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = { ca, headers: { authorization: `Bearer ${token}` }, agent: false } as const;
    request(`${url}/api/webtty/sessions`, options, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .once('error', reject)
      .end();
  });
}

describe('the program', () => {
  it('says where it is on its first line, serves the vectors, and ends on SIGTERM', async () => {
    const child = start([process.execPath, PROGRAM, '--port', '0']);
    const { url, token } = await firstLine(child);
    const engine = { url, token } as Engine;
    const sessions = await list(engine, 'webtty/sessions');
    expect(sessions.length).toBeGreaterThan(20);
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([0, null]);
    await expect(get(engine, 'auth')).rejects.toThrow();
  });

  it('is a task of the project', async () => {
    const child = start([process.execPath, join(ROOT, 'build/run.mjs'), 'engine', '--port', '0']);
    const { url, token } = await firstLine(child);
    expect((await get({ url, token } as Engine, 'auth')).status).toBe(200);
  });

  it('misbehaves and grows as it is told', async () => {
    const fault = JSON.stringify({ at: 'groups', fault: { kind: 'status', status: 503 } });
    const live = '32c84e84-5a25-4f97-8f7a-9ce00e20561f';
    const child = start([process.execPath, PROGRAM, '--fault', fault, '--live', live, '--every', '3600000']);
    const engine = (await firstLine(child)) as Engine;
    expect((await get(engine, 'webtty/groups')).status).toBe(503);
    expect((await get(engine, `webtty/sessions/${live}`)).json()).toMatchObject({ status: 'active' });
    expect(await list(engine, `webtty/sessions/${live}/events`)).toHaveLength(1);
  });

  it.each([['--port', 'x'], ['--nonsense'], ['--vectors', '/nowhere/at/all'], ['--live', 'nobody']])(
    'refuses %s %s',
    async (...words) => {
      const child = start([process.execPath, PROGRAM, ...words]);
      let said = '';
      child.stderr!.on('data', (piece: Buffer) => {
        said += piece.toString();
      });
      expect(await once(child, 'close')).toEqual([2, null]);
      expect(said).toContain('usage: engine');
    },
  );
});

describe('TLS', () => {
  it('is trusted with the certificate that the engine shows, and with no other', async () => {
    const engine = await engineOf({ tls: true });
    const other = await engineOf({ tls: true });
    expect(engine.url).toMatch(/^https:/);
    expect(await statusOver(engine.url, engine.token, engine.ca!)).toBe(200);
    expect(await statusOver(engine.url.replace('127.0.0.1', 'localhost'), engine.token, engine.ca!)).toBe(200);
    await expect(statusOver(engine.url, engine.token, other.ca!)).rejects.toThrow();
  });

  it('can be broken like a plain connection', async () => {
    const engine = await engineOf({ tls: true });
    engine.misbehave({ at: 'sessions', fault: { kind: 'reset' } });
    await expect(statusOver(engine.url, engine.token, engine.ca!)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});

// A plain client for the tests of the recordings server: one request, its status and its text.

import { onTestFinished } from 'vitest';
import { startEngine, type Engine, type EngineOptions } from '../../engine/start-engine.ts';

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  /** The text as JSON. */
  readonly json: () => unknown;
}

/** An engine of one test alone. */
export async function engineOf(options: EngineOptions = {}): Promise<Engine> {
  const engine = await startEngine(options);
  onTestFinished(() => engine.close());
  return engine;
}

async function ask(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, { redirect: 'manual', ...init });
  const text = await response.text();
  return { status: response.status, text, headers: response.headers, json: () => JSON.parse(text) as unknown };
}

/** `params` becomes the query parameter of that name. */
export function get(engine: Engine, path: string, params?: unknown, token = engine.token): Promise<Answer> {
  const query = params === undefined ? '' : `?params=${encodeURIComponent(JSON.stringify(params))}`;
  return ask(`${engine.url}/api/${path}${query}`, { headers: { authorization: `Bearer ${token}` } });
}

export function post(engine: Engine, path: string, body: unknown): Promise<Answer> {
  return ask(`${engine.url}/api/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${engine.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

export type Members = Readonly<Record<string, unknown>>;

/** The list that a path answers. */
export async function list(engine: Engine, path: string, params?: unknown): Promise<Members[]> {
  return (await get(engine, path, params)).json() as Members[];
}

/** All events of a session by pages, as a client gets them: until a page is empty. */
export async function allEvents(engine: Engine, id: string, limit: number): Promise<Members[]> {
  const events: Members[] = [];
  let from = 0n;
  for (;;) {
    const page = await list(engine, `webtty/sessions/${encodeURIComponent(id)}/events`, { from_seq: String(from), limit });
    if (page.length === 0) return events;
    events.push(...page);
    from = BigInt(String(page.at(-1)!['seq'])) + 1n;
  }
}

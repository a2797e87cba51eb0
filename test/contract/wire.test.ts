// What neither end of a port takes from the other: answers, events and messages that do not fit the contract.

import { MessageChannel } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { bridgePort, type Bridge } from '../../shared/api/bridge.ts';
import type { Api } from '../../shared/api/contract.ts';
import { withOwnBytes } from '../../shared/api/own-bytes.ts';
import { connect, serve, type Port } from '../../shared/api/wire.ts';
import { openFakeCore } from '../support/fake-core.ts';
import { channelPort } from './transports.ts';

function portPair(): [Port, Port] {
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port1.close());
  return [channelPort(port1), channelPort(port2)];
}

/** A port whose other end is the test. */
function openEnd(): { readonly port: Port; readonly sent: unknown[]; receive(message: unknown): void } {
  const sent: unknown[] = [];
  let listener: (message: unknown) => void = () => undefined;
  return {
    sent,
    receive: (message) => listener(message),
    port: {
      post: (message) => sent.push(message),
      onMessage: (given) => {
        listener = given;
      },
      onClose: () => undefined,
    },
  };
}

test('an answer of the core that does not fit the contract never leaves it', async () => {
  const lying = { call: () => Promise.resolve({ name: 7, secret: 'key' }), on: () => () => undefined } as unknown as Api;
  const [here, there] = portPair();
  serve(lying, there);
  await expect(connect(here).call('app.info', null)).rejects.toMatchObject({ kind: 'bug', what: 'app.info' });
});

test('members that the contract does not name never leave the core', async () => {
  const core = openFakeCore();
  const talkative = {
    on: core.on,
    call: async () => ({ ...(await core.call('app.info', null)), secret: 'key' }),
  } as unknown as Api;
  const end = openEnd();
  serve(talkative, end.port);
  end.receive({ id: 1, name: 'app.info', input: null });
  await expect.poll(() => end.sent).toHaveLength(1);
  expect(end.sent).toEqual([{ id: 1, output: await core.call('app.info', null) }]);
});

test('an answer that does not fit the contract is not taken by who asked', async () => {
  const { port, sent, receive } = openEnd();
  const asked = connect(port).call('app.info', null);
  expect(sent).toEqual([{ id: 1, name: 'app.info', input: null }]);
  receive({ id: 1, output: { name: 7 } });
  await expect(asked).rejects.toMatchObject({ kind: 'bug', why: 'the answer does not fit the contract (name)' });
});

test('a failure of an unknown kind is a bug, and keeps its words', async () => {
  const { port, receive } = openEnd();
  const asked = connect(port).call('app.info', null);
  receive({ id: 1, failure: { kind: 'weather', what: 'app.info', why: 'it rains', todo: '' } });
  await expect(asked).rejects.toMatchObject({ kind: 'bug', why: 'it rains' });
});

test.each([[null], ['text'], [[]], [{}], [{ id: 1 }], [{ id: '1', name: 'app.info' }], [{ id: 1.5, name: 'app.info' }]])(
  'a message that is no call is not answered: %j',
  async (message) => {
    const { port, sent, receive } = openEnd();
    serve(openFakeCore(), port);
    receive(message);
    receive({ id: 2, name: 'app.info', input: null });
    await expect.poll(() => sent).toHaveLength(1);
    expect(sent).toMatchObject([{ id: 2 }]);
  },
);

test('an event that does not fit the contract reaches nobody', () => {
  const { port, receive } = openEnd();
  const heard: unknown[] = [];
  connect(port).on('library', (value) => heard.push(value));
  receive({ event: 'library', value: { sessions: 'all' } });
  receive({ event: 'constructor', value: {} });
  receive({ event: 'library', value: { sessions: ['s-0001'] } });
  expect(heard).toEqual([{ sessions: ['s-0001'] }]);
});

test('a bridge that refuses makes the call fail', async () => {
  const refusing: Bridge = { invoke: () => Promise.reject(new Error('refused')), on: () => () => undefined };
  await expect(connect(bridgePort(refusing, [])).call('app.info', null)).rejects.toMatchObject({ kind: 'bug', why: 'refused' });
});

test('bytes that are part of a larger buffer travel alone', () => {
  const pool = new TextEncoder().encode('somebody else’s key, and our bytes');
  const ours = pool.subarray(pool.length - 5);
  const message = { id: 1, output: { events: [{ data: ours, text: 'x' }], next: null } };
  const sent = withOwnBytes(message) as typeof message;
  expect(sent).toEqual(message);
  expect(sent.output.events[0]!.data.buffer.byteLength).toBe(5);
});

test('bytes that have a buffer of their own are not copied', () => {
  const whole = new Uint8Array([1, 2, 3]);
  expect((withOwnBytes({ bytes: whole }) as { bytes: Uint8Array }).bytes).toBe(whole);
});

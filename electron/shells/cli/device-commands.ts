// exhibit device …: the keys of this machine. Enrolling shows what an administrator compares, and waits. No private key is ever
// an argument or an answer: files are named, and what is printed is public.

import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExhibitError } from '../../../shared/api/errors.ts';
import type { Api } from '../../../shared/api/contract.ts';
import type { DeviceKey } from '../../../shared/api/source-shapes.ts';
import { usage, type Call, type Command } from './arguments.ts';
import type { Context } from './context.ts';
import type { Column } from './output.ts';
import { visible } from '../../../shared/recording/safe-text.ts';

/** Time between two questions whether a device was approved. */
const POLL_MS = 3000;

const COLUMNS: readonly Column<DeviceKey>[] = [
  { head: 'id', value: ({ id }) => id },
  { head: 'kind', value: ({ kind }) => kind },
  { head: 'label', value: ({ label }) => label },
  { head: 'kept in', value: ({ place }) => place },
  { head: 'suite', value: ({ suite }) => suite },
  { head: 'workspace', value: ({ workspaceId }) => workspaceId },
  { head: 'status', value: ({ status }) => status },
  { head: 'trusted', value: ({ trusted }) => (trusted === null ? null : trusted ? 'yes' : 'no') },
  { head: 'key id', value: ({ keyId }) => keyId },
];

/** One key, line by line; the others as lists are. */
async function printKey(context: Context, call: Call, key: DeviceKey): Promise<void> {
  if (context.format(call) !== 'table') {
    await context.printList(call, [key], COLUMNS, key);
    return;
  }
  const line = (name: string, value: string | null): string => (value === null ? '' : `${name.padEnd(18)}${visible(value)}\n`);
  await context.write(
    [
      line('id', key.id),
      line('kind', key.kind),
      line('label', key.label),
      line('kept in', key.place),
      line('suite', key.suite),
      line('key id', key.keyId),
      line('fingerprint', key.fingerprint),
      line('workspace', key.workspaceId),
      line('device key id', key.deviceKeyId),
      line('status', key.status),
      line('trusted', key.trusted === null ? null : key.trusted ? 'yes' : 'no'),
      line('verification code', key.verificationCode),
      line('created', key.createdAt),
    ].join(''),
  );
}

async function listKeys(context: Context, call: Call): Promise<void> {
  const api = await context.api(call);
  const found = await api.call('device.list', null);
  for (const { what, why, todo } of found.faults)
    context.note(`exhibit: ${visible(what)}: ${visible(why)}${todo === '' ? '' : `; ${visible(todo)}`}`);
  await context.printList(call, found.keys, COLUMNS, found);
}

async function createDevice(context: Context, call: Call): Promise<void> {
  const api = await context.apiForWriting(call);
  const label = call.text('label');
  const suite = call.text('suite') as DeviceKey['suite'] | undefined;
  const key = await api.call('device.create', {
    ...(label === undefined ? {} : { label }),
    ...(suite === undefined || suite === null ? {} : { suite }),
  });
  await printKey(context, call, key);
}

/** Set apart and spaced out: it is read aloud, or compared character by character. */
function codeBox(code: string): string {
  const spaced = Array.from(code).join(' ');
  const rule = '─'.repeat(spaced.length + 6);
  return `    ┌${rule}┐\n    │   ${spaced}   │\n    └${rule}┘\n`;
}

/** What somebody has to do now, on standard error. */
function askForApproval(context: Context, key: DeviceKey): void {
  context.note(
    [
      'This machine asks to join the workspace as a device. Its verification code:',
      '',
      codeBox(key.verificationCode ?? ''),
      `    fingerprint   ${visible(key.fingerprint ?? '')}`,
      `    workspace     ${visible(key.workspaceId ?? '')}`,
      `    device        ${visible(key.deviceKeyId ?? '')} (${visible(key.label)})`,
      '',
      'Tell an administrator of the workspace, over a channel that you trust, to open the list of devices in a browser that is',
      'already trusted, to compare this code with the one shown there, and to approve the device only if both are the same.',
      '',
    ].join('\n'),
  );
}

/** Asks until the device is no longer pending, or the user has had enough. */
async function approval(context: Context, api: Api, key: DeviceKey, source: string): Promise<DeviceKey> {
  const ended = new AbortController();
  const forget = context.onInterrupt(() => ended.abort());
  context.note(
    'Waiting for the approval. Ctrl-C ends the waiting; the device stays pending (`exhibit device status` asks again).',
  );
  try {
    let now = key;
    while (now.status === 'pending') {
      await sleep(POLL_MS, undefined, { signal: ended.signal });
      now = (await api.call('device.status', { source, id: key.id }))[0] ?? now;
    }
    return now;
  } catch (error) {
    if (!ended.signal.aborted) throw error;
    const todo = `ask again with \`exhibit device status ${key.id}\``;
    throw new ExhibitError('cancelled', 'wait for the approval', 'it was ended; the device stays pending', todo, {
      cause: error,
    });
  } finally {
    forget();
  }
}

function outcome({ id, status, trusted }: DeviceKey): string {
  if (status === 'active' && trusted === true)
    return 'Approved: the workspace trusts this device. It opens the sessions that are granted to it.';
  if (status === 'active')
    return 'The device is active, and the workspace has left no envelope for it: until then it is not trusted. Ask for its status later.';
  if (status === 'pending') return `The device is pending. \`exhibit device status ${id}\` asks how it stands.`;
  return `The device is ${status ?? 'in a state that Exhibit does not know'}: it opens nothing. Remove it, and enrol this machine again if it is to be trusted.`;
}

async function enrol(context: Context, call: Call): Promise<void> {
  const api = await context.api(call);
  const source = call.operands[0]!;
  const workspace = call.text('workspace');
  const id = call.operands[1];
  const enrolled = await api.call('device.enroll', {
    source,
    ...(workspace === undefined ? {} : { workspace }),
    ...(id === undefined ? {} : { id }),
  });
  const waits = enrolled.status === 'pending' && call.flag('wait') !== false;
  if (enrolled.status === 'pending') askForApproval(context, enrolled);
  const key = waits ? await approval(context, api, enrolled, source) : enrolled;
  context.note(outcome(key));
  await printKey(context, call, key);
  if (key.status !== 'pending' && key.status !== 'active') {
    throw new ExhibitError(
      'permission',
      `enrolment of device ${key.id}`,
      `the workspace has it as ${String(key.status)}`,
      'ask its administrator',
    );
  }
}

async function showStatus(context: Context, call: Call): Promise<void> {
  const api = await context.api(call);
  const source = call.text('source');
  const id = call.operands[0];
  const keys = await api.call('device.status', {
    ...(source === undefined ? {} : { source }),
    ...(id === undefined ? {} : { id }),
  });
  await context.printList(call, keys, [...COLUMNS, { head: 'verification code', value: (key) => key.verificationCode }]);
  for (const key of keys) if (key.status !== 'active' || key.trusted !== true) context.note(`${key.id}: ${outcome(key)}`);
}

async function importKey(context: Context, call: Call): Promise<void> {
  const file = call.operands[0];
  const fromEnvironment = call.flag('from-env') === true;
  if ((file === undefined) !== fromEnvironment) throw usage('name a file, or give --from-env', ['device', 'import']);
  const identity = call.text('identity');
  const api = await context.apiForWriting(call);
  const key = await api.call('device.import', {
    path: file === undefined ? null : resolve(file),
    ...(identity === undefined ? {} : { identityPath: resolve(identity) }),
  });
  await printKey(context, call, key);
}

async function exportPublic(context: Context, call: Call): Promise<void> {
  const api = await context.api(call);
  const id = call.operands[0];
  const { text } = await api.call('device.exportPublic', id === undefined ? {} : { id });
  await context.write(text);
}

async function removeKey(context: Context, call: Call): Promise<void> {
  const api = await context.api(call);
  await api.call('device.remove', { id: call.operands[0]! });
}

export const DEVICE_COMMANDS: readonly Command<Context>[] = [
  {
    path: ['device', 'create'],
    operands: [],
    options: [
      { name: 'label', value: 'TEXT', help: 'what an administrator reads beside it' },
      { name: 'suite', value: 'SUITE', choices: ['x25519', 'p256'], help: 'of its terminal key: p256 for the FIPS profile' },
    ],
    summary: 'Make the keys of a device; they stay in the keychain',
    examples: ['exhibit device create --label "evidence workstation"'],
    run: createDevice,
  },
  {
    path: ['device', 'enroll'],
    operands: ['SOURCE', '[ID]'],
    options: [
      { name: 'workspace', value: 'ID', help: 'where the token belongs to more than one' },
      { name: 'wait', help: 'wait until the device is approved (the default)' },
    ],
    summary: 'Register this machine with a workspace, show its code, wait for the approval',
    examples: ['exhibit device enroll prod', 'exhibit device enroll prod --workspace ws_1 --wait=false'],
    run: enrol,
  },
  {
    path: ['device', 'status'],
    operands: ['[ID]'],
    options: [{ name: 'source', value: 'NAME', help: 'ask the control plane of this source' }],
    summary: 'Ask the workspaces how the enrolled devices stand',
    examples: ['exhibit device status', 'exhibit device status 3f9a1c -o json'],
    run: showStatus,
  },
  {
    path: ['device', 'import'],
    operands: ['[FILE]'],
    options: [
      { name: 'identity', value: 'FILE', help: 'terminal identity of a device file, where it is not at its usual place' },
      { name: 'from-env', help: 'take the identity in RSTREAM_WEBTTY_IDENTITY or RSTREAM_WEBTTY_IDENTITY_FILE' },
    ],
    summary: 'Take in a key of rstream: an identity, an endpoint identity, a workspace device',
    examples: [
      'exhibit device import ~/.rstream/webtty/identities/default.identity.json',
      'exhibit device import device.json --identity device.identity.json',
      'exhibit device import --from-env',
    ],
    run: importKey,
  },
  {
    path: ['device', 'export-public'],
    operands: ['[ID]'],
    options: [],
    summary: 'Print what an administrator needs of a key; nothing of it is secret',
    examples: ['exhibit device export-public > device-public.json'],
    run: exportPublic,
  },
  {
    path: ['device', 'list'],
    operands: [],
    options: [],
    summary: 'List the keys of this machine: of the keychain, of rstream, of the environment',
    examples: ['exhibit device list -o json'],
    run: listKeys,
  },
  {
    path: ['device', 'remove'],
    operands: ['ID'],
    options: [],
    summary: 'Forget a key of the keychain; a workspace that has the device keeps it until it is revoked there',
    examples: ['exhibit device remove 3f9a1c0b77de'],
    run: removeKey,
  },
];

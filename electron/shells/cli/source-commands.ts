// exhibit sources …: where recordings come from. A token is never an argument, which other programs could see: it comes from
// standard input, a file, the terminal, or the configuration of rstream's own tools.

import { ExhibitError } from '../../../shared/api/errors.ts';
import type { Source, SourceTest } from '../../../shared/api/source-shapes.ts';
import { usage, type Call, type Command } from './arguments.ts';
import type { Context } from './context.ts';
import { GivenJson, type Column } from './output.ts';
import { readSecret } from './prompt.ts';
import { visible } from '../../../shared/recording/safe-text.ts';
import { readText } from './read-file.ts';

const ADD = ['sources', 'add', 'rstream'];
const ADD_STACKSHIFT = ['sources', 'add', 'stackshift'];

const STACKSHIFT = 'https://api.stackshift.cloud';
const SET_TOKEN = ['sources', 'set-token'];

const TOKEN_OPTIONS = [
  { name: 'token-stdin', help: 'the token is on standard input' },
  { name: 'token-file', value: 'F', help: 'the token is in this file; - is standard input' },
];

const COLUMNS: readonly Column<Source>[] = [
  { head: 'name', value: ({ name }) => name },
  { head: 'kind', value: ({ kind }) => kind },
  { head: 'address', value: ({ engine }) => engine },
  { head: 'token', value: ({ token }) => (token.present ? (token.expiresAt ?? 'kept') : 'missing') },
  { head: 'sessions', value: ({ sessions }) => sessions, right: true },
  { head: 'last sync', value: ({ lastSync }) => lastSync?.at.slice(0, 19).replace('T', ' ') ?? null },
  { head: 'outcome', value: ({ lastSync }) => lastSync?.outcome ?? null },
];

const ABILITIES: readonly Column<SourceTest['abilities'][number]>[] = [
  { head: 'operation', value: ({ operation }) => operation },
  { head: 'allowed', value: ({ allowed }) => allowed },
  { head: 'why', value: ({ why }) => why },
  { head: 'permissions that allow it', value: ({ needs }) => needs.join(' ') || null },
];

const PATHS: readonly Column<NonNullable<SourceTest['paths']>[number]>[] = [
  { head: 'path for', value: ({ name }) => name },
  { head: 'path', value: ({ path, own }) => `${path}${own ? ' (set for this source)' : ''}` },
  { head: 'tried', value: ({ tried }) => tried },
  { head: 'what came', value: ({ answer }) => answer },
];

function fileText(path: string): string {
  const text = readText(path).trim();
  const shown = path === '-' ? 'standard input' : path;
  if (text === '') throw new ExhibitError('usage', 'read token', `${shown} is empty`, 'give the token there');
  return text;
}

/** The token from where the user said. `path` is the command that asks. */
async function readToken(call: Call, path: readonly string[]): Promise<string> {
  const file = call.text('token-file');
  const fromInput = call.flag('token-stdin') === true || file === '-';
  if (fromInput && call.text('passphrase-file') === '-')
    throw usage('token and passphrase cannot both come from standard input', path);
  const from = fromInput ? '-' : file;
  if (from !== undefined) return fileText(from);
  if (!process.stdin.isTTY) throw usage('give the token with --token-stdin or --token-file', path);
  return readSecret('Token: ');
}

async function addSource(context: Context, call: Call): Promise<void> {
  const name = call.text('name');
  const engine = call.text('engine');
  const apiUrl = call.text('api-url');
  const rstreamContext = call.text('context');
  const fromRstream = call.flag('from-rstream-config') === true;
  if (name === undefined) throw usage('--name is missing', ADD);
  const ways = [fromRstream, call.flag('token-stdin') === true, call.text('token-file') !== undefined].filter(Boolean);
  if (ways.length > 1) throw usage('--token-stdin, --token-file and --from-rstream-config exclude each other', ADD);
  if (rstreamContext !== undefined && !fromRstream) throw usage('--context goes with --from-rstream-config', ADD);
  if (fromRstream) {
    if (engine !== undefined || apiUrl !== undefined)
      throw usage('--from-rstream-config brings its own addresses: leave out --engine and --api-url', ADD);
    const api = await context.apiForWriting(call);
    const input = rstreamContext === undefined ? { name } : { name, context: rstreamContext };
    await printSource(context, call, await api.call('sources.addFromRstream', input));
    return;
  }
  if (engine === undefined) throw usage('--engine is missing', ADD);
  const token = await readToken(call, ADD);
  const api = await context.apiForWriting(call);
  const added = await api.call('sources.add', {
    name,
    kind: 'rstream',
    engine,
    token,
    ...(apiUrl === undefined ? {} : { apiUrl }),
  });
  await printSource(context, call, added);
}

/** `--path sessions=/api/v1/terminal/sessions`, as often as there are paths to set. */
function pathsOf(call: Call): Record<string, string> {
  const pairs = call.texts('path').map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw usage(`--path ${text} must be NAME=PATH`, ADD_STACKSHIFT);
    return [text.slice(0, at), text.slice(at + 1)] as const;
  });
  return Object.fromEntries(pairs);
}

async function addStackShift(context: Context, call: Call): Promise<void> {
  const name = call.text('name');
  if (name === undefined) throw usage('--name is missing', ADD_STACKSHIFT);
  if (call.flag('token-stdin') === true && call.text('token-file') !== undefined)
    throw usage('--token-stdin and --token-file exclude each other', ADD_STACKSHIFT);
  const paths = pathsOf(call);
  const token = await readToken(call, ADD_STACKSHIFT);
  const api = await context.apiForWriting(call);
  const engine = call.text('engine') ?? STACKSHIFT;
  await printSource(context, call, await api.call('sources.add', { name, kind: 'stackshift', engine, token, paths }));
}

async function setToken(context: Context, call: Call): Promise<void> {
  if (call.flag('token-stdin') === true && call.text('token-file') !== undefined)
    throw usage('--token-stdin and --token-file exclude each other', SET_TOKEN);
  const token = await readToken(call, SET_TOKEN);
  const api = await context.api(call);
  await printSource(context, call, await api.call('sources.setToken', { name: call.operands[0]!, token }));
}

const printSource = (context: Context, call: Call, source: Source): Promise<void> =>
  context.printList(call, [source], COLUMNS, source);

async function testSource(context: Context, call: Call): Promise<void> {
  const api = await context.api(call);
  const answer = await api.call('sources.test', { name: call.operands[0]! });
  if (context.format(call) === 'table') {
    const { identity, clockOffsetMs } = answer;
    const line = (name: string, value: string | null): string => (value === null ? '' : `${name.padEnd(10)}${visible(value)}\n`);
    await context.write(
      [
        line('address', answer.engine),
        line('identity', identity === null ? null : [identity.id, identity.name, identity.role].filter(Boolean).join(', ')),
        line('clock', clockOffsetMs === null ? null : `${(clockOffsetMs / 1000).toFixed(1)} s from this machine's`),
        '\n',
      ].join(''),
    );
  }
  if (context.format(call) === 'table' && answer.paths !== null) {
    context.note("exhibit: the paths of StackShift's terminal interface are not public; these were used, and --path sets others");
    await context.printList(call, answer.paths, PATHS);
    await context.write('\n');
  }
  await context.printList(call, answer.abilities, ABILITIES, {
    ...answer,
    capabilities: new GivenJson(answer.capabilities),
  });
}

export const SOURCE_COMMANDS: readonly Command<Context>[] = [
  {
    path: ADD,
    operands: [],
    options: [
      { name: 'name', value: 'NAME', help: 'how it is called here' },
      { name: 'engine', value: 'URL', help: 'address of the engine: https://host:port or host:port' },
      { name: 'api-url', value: 'URL', help: 'address of the control plane, for devices' },
      ...TOKEN_OPTIONS,
      { name: 'from-rstream-config', help: "address and token from the settings of rstream's own tools" },
      { name: 'context', value: 'C', help: 'with --from-rstream-config: this context' },
    ],
    summary: 'Add an rstream engine as a source of recordings',
    examples: [
      'exhibit sources add rstream --name prod --engine engine.example.net:443 --token-stdin < token',
      'exhibit sources add rstream --name prod --from-rstream-config --context prod',
    ],
    run: addSource,
  },
  {
    path: ADD_STACKSHIFT,
    operands: [],
    options: [
      { name: 'name', value: 'NAME', help: 'how it is called here' },
      { name: 'engine', value: 'URL', help: `base address of its interface; ${STACKSHIFT} by default` },
      ...TOKEN_OPTIONS,
      {
        name: 'path',
        value: 'NAME=PATH',
        repeat: true,
        help: 'another path than the usual one; `sources test` shows all of them',
      },
    ],
    summary: 'Add a StackShift account as a source of recordings; the paths of its terminal interface are not public',
    examples: [
      'exhibit sources add stackshift --name platform --token-stdin < token',
      'exhibit sources add stackshift --name platform --token-file token --path sessions=/api/v1/terminal/history',
    ],
    run: addStackShift,
  },
  {
    path: ['sources', 'list'],
    operands: [],
    options: [],
    summary: 'List the sources, and how their last synchronisation ended',
    examples: ['exhibit sources list', 'exhibit sources list -o json'],
    run: async (context, call) => {
      const api = await context.api(call);
      await context.printList(call, await api.call('sources.list', null), COLUMNS);
    },
  },
  {
    path: ['sources', 'remove'],
    operands: ['NAME'],
    options: [],
    summary: 'Forget a source and its token; what was acquired stays',
    examples: ['exhibit sources remove prod'],
    run: async (context, call) => {
      const api = await context.api(call);
      await api.call('sources.remove', { name: call.operands[0]! });
    },
  },
  {
    path: SET_TOKEN,
    operands: ['NAME'],
    options: TOKEN_OPTIONS,
    summary: 'Give a source another token; what was acquired stays',
    examples: ['exhibit sources set-token prod --token-stdin < token'],
    run: setToken,
  },
  {
    path: ['sources', 'test'],
    operands: ['NAME'],
    options: [],
    summary: 'Try a source: who its token is, and what it may do',
    examples: ['exhibit sources test prod'],
    run: testSource,
  },
];

// The address and the credential that rstream's own tools would use: environment variables first, then the selected context of
// `~/.rstream/config.yaml` (or RSTREAM_CONFIG), then the environment entry of the same API URL. Two things are refused as these tools
// refuse them: a stored credential goes to no other engine than its context's, and a context without API URL takes no environment's
// token. No message shows a line of the file: tokens stand in it.

import { open } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { ExhibitError } from '../../shared/api/errors.ts';
import { isObject, quoted, textOf, type JsonObject } from '../../shared/recording/json-text.ts';
import { serverAddress, type Credential } from './rstream-address.ts';
import { checkToken } from './rstream-token.ts';

export interface RstreamSettings {
  /** As `serverAddress` gives it; null where only the project is known, whose engine the control plane knows. */
  readonly engine: string | null;
  readonly projectEndpoint: string | null;
  /** Null where neither the environment nor the context names one. */
  readonly apiUrl: string | null;
  readonly credential: Credential;
}

/** A configuration has a few kB. */
const MAX_BYTES = 1_048_576;

const WHAT = 'read the settings of rstream';
const GIVE = 'give the address with --engine and the token with --token-stdin';

const refused = (why: string, todo: string): ExhibitError => new ExhibitError('refused', WHAT, why, todo);

/** Text of a file, or null where there is none. A private one is refused where others than its owner can reach it. */
async function readText(path: string, isPrivate: boolean): Promise<string | null> {
  try {
    await using file = await open(path, 'r');
    const stats = await file.stat();
    if (!stats.isFile()) throw refused(`${path} is no regular file`, GIVE);
    if (isPrivate && process.platform !== 'win32' && (stats.mode & 0o077) !== 0)
      throw refused(`others than its owner can reach ${path}, which holds secrets`, `chmod 600 ${path}`);
    if (stats.size > MAX_BYTES) throw refused(`${path} is larger than any such file is`, GIVE);
    return await file.readFile('utf8');
  } catch (error) {
    if (error instanceof ExhibitError) throw error;
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new ExhibitError('disk', WHAT, `${path} cannot be read (${code})`, 'check that it is yours to read', { cause: error });
  }
}

/** The file's object; an empty one where there is no file. */
async function readConfiguration(path: string): Promise<JsonObject> {
  const text = await readText(path, true);
  if (text === null || text.trim() === '') return {};
  const document = parseDocument(text, { prettyErrors: false, logLevel: 'silent' });
  const error = document.errors[0];
  if (error !== undefined) {
    const line = text.slice(0, error.pos[0]).split('\n').length;
    throw refused(`${path} is no YAML: see line ${String(line)}`, 'correct the file');
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch {
    throw refused(`${path} repeats itself without an end`, 'correct the file');
  }
  if (!isObject(value)) throw refused(`${path} is no configuration of rstream`, 'correct the file');
  if (value['version'] !== undefined && value['version'] !== 1)
    throw refused(`the version of ${path} is not 1, which is the one that Exhibit reads`, GIVE);
  return value;
}

/** A member that is an object; an empty one where it is none. */
const part = (object: JsonObject, name: string): JsonObject => {
  const value = object[name];
  return isObject(value) ? value : {};
};

const list = (object: JsonObject, name: string): readonly JsonObject[] => {
  const value = object[name];
  return Array.isArray(value) ? value.filter(isObject) : [];
};

const trimmed = (value: string | undefined): string | null => {
  const text = value?.trim() ?? '';
  return text === '' ? null : text;
};

const member = (object: JsonObject, name: string): string | null => trimmed(textOf(object, name));

const apiUrlOf = (object: JsonObject): string | null => {
  const url = member(object, 'apiUrl');
  return url === null ? null : serverAddress(url, 'apiUrl of rstream');
};

/** The context of a name; with several of one name, the API URL decides. */
function findContext(configuration: JsonObject, name: string, apiUrl: string | null): JsonObject {
  const named = list(configuration, 'contexts').filter((context) => member(context, 'name') === name);
  const fitting = apiUrl === null ? named : named.filter((context) => apiUrlOf(context) === apiUrl);
  if (fitting.length === 1) return fitting[0]!;
  if (fitting.length > 1)
    throw refused(`more than one context has the name ${quoted(name)}`, 'choose between them with RSTREAM_API_URL');
  const only = named.length === 1 && apiUrlOf(named[0]!) === null ? named[0] : undefined;
  if (only !== undefined) return only;
  const known = list(configuration, 'contexts').flatMap((context) => member(context, 'name') ?? []);
  throw refused(
    named.length === 0
      ? `there is no context ${quoted(name)}`
      : `no context ${quoted(name)} belongs to the API URL in RSTREAM_API_URL`,
    known.length === 0 ? GIVE : `its contexts are ${known.slice(0, 20).map(quoted).join(', ')}`,
  );
}

/** The token in `auth.token`, or null where there is none. */
function storedToken(auth: JsonObject): string | null {
  const storage = part(part(auth, 'token'), 'storage');
  const kind = member(storage, 'kind');
  if (kind === null) return null;
  if (kind === 'inline') return member(storage, 'value');
  const place = [member(storage, 'provider'), kind].flatMap((word) => (word === null ? [] : quoted(word))).join(' ');
  throw refused(`rstream keeps its token in a place that Exhibit does not read (storage ${place})`, GIVE);
}

/** The certificate in `auth.mtls`, or null where there is none. Names of files are seen from the configuration's folder. */
async function storedCertificate(auth: JsonObject, folder: string): Promise<Credential | null> {
  const mtls = part(auth, 'mtls');
  if (Object.keys(mtls).length === 0) return null;
  if (isObject(mtls['storage'])) {
    const kind = member(mtls['storage'], 'kind') ?? 'unnamed';
    throw refused(`rstream keeps its client certificate where Exhibit does not read it (storage ${quoted(kind)})`, GIVE);
  }
  const pem = async (inline: string, file: string, isPrivate: boolean): Promise<string | null> => {
    const path = member(mtls, file);
    return member(mtls, inline) ?? (path === null ? null : pemFile(isAbsolute(path) ? path : resolve(folder, path), isPrivate));
  };
  return certificate(await pem('certificate', 'certificateFile', false), await pem('key', 'keyFile', true));
}

async function pemFile(path: string, isPrivate: boolean): Promise<string> {
  const text = await readText(path, isPrivate);
  if (text === null) throw refused(`there is no file ${path}`, 'correct the path of the certificate or its key');
  return text;
}

function certificate(cert: string | null, key: string | null): Credential {
  if (cert === null || key === null)
    throw refused('of a client certificate and its key only one is given', 'give both, or a token');
  return { kind: 'certificate', cert, key };
}

/** The credential that the environment gives, or null. */
async function givenCredential(environment: Readonly<Record<string, string | undefined>>): Promise<Credential | null> {
  const token = trimmed(environment['RSTREAM_AUTHENTICATION_TOKEN']);
  const cert = trimmed(environment['RSTREAM_MTLS_CERT_FILE']);
  const key = trimmed(environment['RSTREAM_MTLS_KEY_FILE']);
  if (token !== null && (cert !== null || key !== null))
    throw refused('the environment has a token and a client certificate, which exclude each other', 'unset one of them');
  if (token !== null) return { kind: 'token', token };
  if (cert === null && key === null) return null;
  return certificate(cert === null ? null : await pemFile(cert, false), key === null ? null : await pemFile(key, true));
}

/** The stored credential of a context, or else of its environment: a token or a certificate, never both. */
async function storedCredential(auths: readonly JsonObject[], folder: string): Promise<Credential | null> {
  for (const auth of auths) {
    const token = storedToken(auth);
    const mtls = await storedCertificate(auth, folder);
    if (token !== null && mtls !== null)
      throw refused('a token and a client certificate are stored together, which exclude each other', 'remove one of them');
    if (token !== null) return { kind: 'token', token };
    if (mtls !== null) return mtls;
  }
  return null;
}

/**
 * What rstream's own tools would use. `context` goes before RSTREAM_CONTEXT and the configuration's default. `now` is in
 * milliseconds since 1970-01-01 UTC. Throws kinds `refused`, `permission` (the token has ended), `usage` (an address that is none).
 */
export async function readRstreamSettings(
  home: string,
  environment: Readonly<Record<string, string | undefined>>,
  now: number,
  context?: string,
): Promise<RstreamSettings> {
  const path = trimmed(environment['RSTREAM_CONFIG']) ?? join(home, '.rstream', 'config.yaml');
  const configuration = await readConfiguration(path);
  const variable = (name: string): string | null => {
    const text = trimmed(environment[name]);
    return text === null ? null : serverAddress(text, name);
  };
  const givenApiUrl = variable('RSTREAM_API_URL');
  const givenEngine = variable('RSTREAM_ENGINE');
  const name =
    trimmed(context) ??
    trimmed(environment['RSTREAM_CONTEXT']) ??
    member(part(part(configuration, 'defaults'), 'context'), 'name');
  const selected = name === null ? {} : findContext(configuration, name, givenApiUrl);
  const ownApiUrl = apiUrlOf(selected);
  const apiUrl = givenApiUrl ?? ownApiUrl;
  const ownEngine = member(selected, 'engine');
  const storedEngine = ownEngine === null ? null : serverAddress(ownEngine, 'engine of rstream');
  const engine = givenEngine ?? storedEngine;
  const projectEndpoint = member(selected, 'projectEndpoint');
  if (engine === null && (projectEndpoint === null || apiUrl === null))
    throw refused(
      name === null
        ? `no context is selected in ${path}, and RSTREAM_ENGINE is not set`
        : `the context ${quoted(name)} has no engine`,
      'choose a context with --context, or give the address with --engine',
    );

  const given = await givenCredential(environment);
  const entry = list(configuration, 'environments').find((one) => ownApiUrl !== null && apiUrlOf(one) === ownApiUrl);
  const stored =
    given === null ? await storedCredential([part(selected, 'auth'), part(entry ?? {}, 'auth')], resolve(path, '..')) : null;
  if (stored !== null && givenEngine !== null && givenEngine !== storedEngine)
    throw refused(
      'a stored token is not sent to an engine that is not its own: RSTREAM_ENGINE names another one',
      'unset RSTREAM_ENGINE, or give the token with RSTREAM_AUTHENTICATION_TOKEN',
    );
  if (stored !== null && givenApiUrl !== null && givenApiUrl !== ownApiUrl)
    throw refused(
      'a stored token is not sent to a control plane that is not its own: RSTREAM_API_URL names another one',
      'unset RSTREAM_API_URL, or give the token with RSTREAM_AUTHENTICATION_TOKEN',
    );
  const credential = given ?? stored;
  if (credential === null) throw refused('no token and no client certificate is there', 'log in with `rstream login`');
  if (credential.kind === 'token') checkToken(credential.token, WHAT, now);
  return { engine, projectEndpoint, apiUrl, credential };
}

/** The address of a project's engine, from the project as the control plane gives it. Throws kind `refused` where it has none. */
export function engineOfProject(project: JsonObject): string {
  const endpoint = member(project, 'endpoint');
  const domain = member(project, 'domain');
  const url = member(project, 'url');
  const port = project['enginePort'];
  if (endpoint !== null && domain !== null)
    return serverAddress(`${endpoint}.${domain}:${typeof port === 'number' ? String(port) : '443'}`, 'engine of the project');
  if (url === null) throw refused('the project has no engine', GIVE);
  return serverAddress(url, 'engine of the project');
}

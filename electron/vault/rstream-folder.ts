// The keys that rstream's own programs keep on this machine, read where they lie: `~/.rstream`, or RSTREAM_DATA_DIR. Read only.
// As rstream does, a file that group or others can reach is refused, and so is an id that would lead out of its folder.

import { closeSync, fstatSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import { asExhibitError, ExhibitError } from '../../shared/api/errors.ts';
import type { LocalDevice, LocalKeys } from './rstream-choice.ts';
import { parseDeviceIdentity, parseWorkspaceDevice } from './rstream-device.ts';
import { parseEndpointIdentity, parseIdentity, type EndpointIdentity, type Identity } from './rstream-identity.ts';
import { MAX_FILE_BYTES } from './rstream-strict-file.ts';

const IDENTITY = '.identity.json';

type Environment = Readonly<Record<string, string | undefined>>;

/** The root of rstream's files. Throws kind `usage` where RSTREAM_DATA_DIR is not absolute. */
export function rstreamRoot(home: string, environment: Environment): string {
  const named = environment['RSTREAM_DATA_DIR'] ?? '';
  if (named === '') return join(home, '.rstream');
  if (isAbsolute(named)) return named;
  throw new ExhibitError('usage', 'find the keys of rstream', 'RSTREAM_DATA_DIR is not an absolute path', 'set it to one');
}

/** Whether an id of a workspace or a device can be the name of a folder or file. */
function isName(id: string): boolean {
  return id.trim() !== '' && id !== '.' && id !== '..' && !/[/\\\0]/.test(id);
}

/** Text of a private file. Throws kind `refused` where others than its owner can reach it, kind `disk` where it cannot be read. */
export function readPrivateFile(path: string): string {
  const what = `read ${basename(path)}`;
  let descriptor: number | null = null;
  try {
    descriptor = openSync(path, 'r');
    const { mode, size } = fstatSync(descriptor);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new ExhibitError('refused', what, 'others than its owner can reach this private key', `chmod 600 ${path}`);
    }
    if (size > MAX_FILE_BYTES) throw new ExhibitError('refused', what, 'it is larger than any file of keys is');
    return readFileSync(descriptor, 'utf8');
  } catch (error) {
    if (error instanceof ExhibitError) throw error;
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new ExhibitError('disk', what, `${path} cannot be read (${code})`, 'check that it is there and yours to read', {
      cause: error,
    });
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}

/** Names in a folder that end so, in their order; none where there is no such folder. */
function namesIn(folder: string, ending: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(ending))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function readDevices(root: string, workspaceId: string): LocalDevice[] {
  if (!isName(workspaceId)) {
    throw new ExhibitError('refused', 'read devices', 'the workspace id of the session can be no folder', 'report the source');
  }
  const workspace = join(root, 'workspaces', workspaceId);
  return namesIn(join(workspace, 'devices'), '.json').map((name) => {
    const device = parseWorkspaceDevice(readPrivateFile(join(workspace, 'devices', name)), name);
    if (!isName(device.deviceKeyId)) throw new ExhibitError('refused', `read ${name}`, 'its device_key_id can be no file name');
    const identityName = `${device.deviceKeyId}${IDENTITY}`;
    const path = device.identityPath ?? join(workspace, 'webtty', 'identities', identityName);
    return { device, identity: () => parseDeviceIdentity(device, readPrivateFile(path), basename(path)) };
  });
}

/** Endpoint identities in a folder of rstream, and why those that are none were passed over. */
function readIdentities(root: string): { identities: LocalKeys['identities']; passedOver: ExhibitError[] } {
  const folder = join(root, 'webtty', 'identities');
  const identities: { name: string; identity: EndpointIdentity }[] = [];
  const passedOver: ExhibitError[] = [];
  for (const file of namesIn(folder, IDENTITY)) {
    try {
      identities.push({
        name: file.slice(0, -IDENTITY.length),
        identity: parseEndpointIdentity(readPrivateFile(join(folder, file)), file),
      });
    } catch (error) {
      passedOver.push(asExhibitError(error, `read ${file}`));
    }
  }
  return { identities, passedOver };
}

/**
 * The keys of this machine for sessions of a workspace, or without one those for explicit keys alone. rstream's own programs
 * pass over files that are no valid endpoint identities without a word; `passedOver` has the word.
 */
export function readLocalKeys(
  root: string,
  workspaceId: string | null,
): LocalKeys & { readonly passedOver: readonly ExhibitError[] } {
  let devices: readonly LocalDevice[] = [];
  let devicesFault: ExhibitError | null = null;
  try {
    devices = workspaceId === null ? [] : readDevices(root, workspaceId);
  } catch (error) {
    devicesFault = asExhibitError(error, 'read devices');
  }
  return { devices, devicesFault, ...readIdentities(root) };
}

/**
 * The identity that the environment names: RSTREAM_WEBTTY_IDENTITY holds its JSON, RSTREAM_WEBTTY_IDENTITY_FILE its path. Null
 * where neither is set. Throws kind `usage` where both are, since they could name different keys, and what reading throws.
 */
export function environmentIdentity(environment: Environment): { readonly name: string; readonly identity: Identity } | null {
  const inline = environment['RSTREAM_WEBTTY_IDENTITY'] ?? '';
  const path = environment['RSTREAM_WEBTTY_IDENTITY_FILE'] ?? '';
  if (inline !== '' && path !== '') {
    const both = 'RSTREAM_WEBTTY_IDENTITY and RSTREAM_WEBTTY_IDENTITY_FILE are both set';
    throw new ExhibitError('usage', 'read the identity of the environment', both, 'set one of them');
  }
  if (inline !== '') return { name: 'RSTREAM_WEBTTY_IDENTITY', identity: parseIdentity(inline, 'RSTREAM_WEBTTY_IDENTITY') };
  return path === '' ? null : { name: path, identity: parseIdentity(readPrivateFile(path), basename(path)) };
}

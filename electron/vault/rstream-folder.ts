// The keys that rstream's own programs keep on this machine, read where they lie: `~/.rstream`, or RSTREAM_DATA_DIR. Read only.
// As rstream does, a file that group or others can reach is refused, and so is an id that would lead out of its folder.

import { closeSync, fstatSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import { asExhibitError, ExhibitError } from '../../shared/api/errors.ts';
import type { LocalDevice, LocalIdentity, LocalKeys } from './rstream-choice.ts';
import { parseDeviceIdentity, parseWorkspaceDevice, type WorkspaceDevice } from './rstream-device.ts';
import { parseEndpointIdentity, parseIdentity, type TerminalIdentity } from './rstream-identity.ts';
import { MAX_FILE_BYTES } from './rstream-strict-file.ts';

const IDENTITY = '.identity.json';

export type Environment = Readonly<Record<string, string | undefined>>;

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
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw new ExhibitError('disk', `read ${folder}`, `it cannot be listed (${code})`, 'check that it is yours to read', {
      cause: error,
    });
  }
}

/** The place of a device's terminal identity, from the folder of its workspace. */
export function identityPath({ identityPath: named, deviceKeyId }: WorkspaceDevice, workspace: string): string {
  if (named !== null) return named;
  if (!isName(deviceKeyId)) throw new ExhibitError('refused', 'read device', 'its device_key_id can be no file name');
  return join(workspace, 'webtty', 'identities', `${deviceKeyId}${IDENTITY}`);
}

/** Devices of one workspace. One whose file names another workspace is none of this one's. */
function readDevices(root: string, workspaceId: string): LocalDevice[] {
  const workspace = join(root, 'workspaces', workspaceId);
  return namesIn(join(workspace, 'devices'), '.json').flatMap((name) => {
    const device = parseWorkspaceDevice(readPrivateFile(join(workspace, 'devices', name)), name);
    const path = identityPath(device, workspace);
    const identity = (): TerminalIdentity => parseDeviceIdentity(device, readPrivateFile(path), basename(path));
    return device.workspaceId === workspaceId ? [{ place: 'rstream', device, identity }] : [];
  });
}

/** Collects what can be read, and the faults of what cannot. */
class Reading {
  readonly devices: LocalDevice[] = [];
  readonly devicesFaults = new Map<string, ExhibitError>();
  readonly identities: LocalIdentity[] = [];
  readonly faults: ExhibitError[] = [];

  guarded(what: string, read: () => void): ExhibitError | null {
    try {
      read();
      return null;
    } catch (error) {
      const fault = asExhibitError(error, what);
      this.faults.push(fault);
      return fault;
    }
  }

  workspaces(root: string): void {
    for (const workspaceId of namesIn(join(root, 'workspaces'), '')) {
      const fault = this.guarded('read devices', () => this.devices.push(...readDevices(root, workspaceId)));
      if (fault !== null) this.devicesFaults.set(workspaceId, fault);
    }
  }

  /** rstream's own programs pass over files that are no valid endpoint identities without a word. */
  endpoints(root: string): void {
    const folder = join(root, 'webtty', 'identities');
    for (const file of namesIn(folder, IDENTITY)) {
      this.guarded(`read ${file}`, () => {
        const identity = parseEndpointIdentity(readPrivateFile(join(folder, file)), file);
        this.identities.push({ place: 'rstream', name: file.slice(0, -IDENTITY.length), identity });
      });
    }
  }

  given(environment: Environment): void {
    const given = givenIdentity(environment);
    if (given === null) return;
    this.identities.push({ place: 'environment', name: given.name, identity: parseIdentity(given.text, given.name) });
  }
}

/**
 * The keys that rstream's own programs have on this machine: in their folder, of all workspaces, and in the environment. A
 * folder that is not there holds no keys. Never throws: what cannot be used stands in `faults`.
 */
export function readLocalKeys(home: string, environment: Environment): LocalKeys {
  const reading = new Reading();
  reading.guarded("find rstream's folder", () => {
    const root = rstreamRoot(home, environment);
    reading.guarded('read workspaces', () => reading.workspaces(root));
    reading.guarded('read identities', () => reading.endpoints(root));
  });
  reading.guarded('read the identity of the environment', () => reading.given(environment));
  const { devices, devicesFaults, identities, faults } = reading;
  return { devices, devicesFaults, identities, faults };
}

/** The text of the identity that the environment gives, with a name for messages. */
export interface GivenIdentity {
  readonly name: string;
  readonly text: string;
}

/**
 * The identity that the environment names: RSTREAM_WEBTTY_IDENTITY holds its JSON, RSTREAM_WEBTTY_IDENTITY_FILE its path. Null
 * where neither is set. Throws kind `usage` where both are, since they could name different keys, and what reading throws.
 */
export function givenIdentity(environment: Environment): GivenIdentity | null {
  const inline = environment['RSTREAM_WEBTTY_IDENTITY'] ?? '';
  const path = environment['RSTREAM_WEBTTY_IDENTITY_FILE'] ?? '';
  if (inline !== '' && path !== '') {
    const both = 'RSTREAM_WEBTTY_IDENTITY and RSTREAM_WEBTTY_IDENTITY_FILE are both set';
    throw new ExhibitError('usage', 'read the identity of the environment', both, 'set one of them');
  }
  if (inline !== '') return { name: 'RSTREAM_WEBTTY_IDENTITY', text: inline };
  return path === '' ? null : { name: basename(path), text: readPrivateFile(path) };
}

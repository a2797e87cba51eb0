// Which key on this machine opens a session: the order of the vendor's command line, so that both open the same sessions with
// the same key. First the trusted devices of the session's workspace, oldest first; then the endpoint identities, by name; and
// where nothing opened, the kinds of the grants tell the reader which of the known situations it is. Among devices, and among
// identities, Exhibit's own come before those of rstream's folder, and these before the environment's. Being trusted by a
// workspace never implies a grant for a session.

import { asExhibitError, type ExhibitError } from '../../shared/api/errors.ts';
import { isObject, type JsonObject } from '../../shared/recording/json-text.ts';
import { isTrusted, type WorkspaceDevice } from './rstream-device.ts';
import { openEnvelope, type PayloadKey } from './rstream-envelope.ts';
import type { Identity, TerminalIdentity } from './rstream-identity.ts';
import { refused, type Refusal } from './rstream-refusal.ts';

/** Where a key lies, in the order in which keys are tried: Exhibit's own vault, rstream's folder, the environment. */
export const PLACES = ['keychain', 'rstream', 'environment'] as const;

export type Place = (typeof PLACES)[number];

/** A workspace device of this machine. `identity` reads its terminal identity and throws where that is not fit for use. */
export interface LocalDevice {
  readonly place: Place;
  readonly device: WorkspaceDevice;
  readonly identity: () => TerminalIdentity;
}

export interface LocalIdentity {
  readonly place: Place;
  readonly name: string;
  readonly identity: Identity;
}

/** The keys that this machine has for a session. */
export interface LocalKeys {
  readonly devices: readonly LocalDevice[];
  /** Why the devices of a workspace in rstream's folder could not be listed: one bad file stands for all of that workspace. */
  readonly devicesFaults: ReadonlyMap<string, ExhibitError>;
  /** Endpoint identities, and terminal identities that were given for themselves. */
  readonly identities: readonly LocalIdentity[];
  /** Every file that could not be used, with the reason. */
  readonly faults: readonly ExhibitError[];
}

export interface Recipient {
  readonly id: string;
  readonly kind: 'workspace_device' | 'public_key';
}

function deviceRecipient({ device }: LocalDevice): Recipient {
  return { id: device.deviceKeyId, kind: 'workspace_device' };
}

function identityRecipient({ identity }: LocalIdentity): Recipient {
  return { id: identity.keyId, kind: 'public_key' };
}

/** The recipients that {@link chooseKey} asks material for, for a session of this workspace; each once. */
export function recipientsOf(local: LocalKeys, workspaceId: string | null): Recipient[] {
  const devices = trustedDevices(local, workspaceId).filter(({ device }) => device.keys.terminal !== null);
  const all = [...devices.map(deviceRecipient), ...local.identities.toSorted(byName).map(identityRecipient)];
  return all.filter(({ kind, id }, at) => all.findIndex((one) => one.kind === kind && one.id === id) === at);
}

/** What a source says about the keys of one session. Elements are JSON as received. */
export interface SessionGrants {
  /** Decrypt material for one recipient. */
  material(recipient: Recipient): Promise<readonly unknown[]>;
  /** Decrypt material for any workspace device, as far as the source gave it. */
  ofDevices(): Promise<readonly unknown[]>;
  /** The list of key grants, which carries no key. */
  list(): Promise<readonly unknown[]>;
}

export interface OpenedSession {
  readonly kind: 'opened';
  readonly key: PayloadKey;
  readonly recipient: Recipient;
  /** Id of the grant that opened it, for the record; null where it has none. */
  readonly grant: string | null;
}

function grantOf(material: unknown): string | null {
  const id = isObject(material) ? material['id'] : null;
  return typeof id === 'string' ? id : null;
}

/** An element of the answer that opens, or why the last of them does not, or null where the answer is empty. */
async function attempt(grants: SessionGrants, recipient: Recipient, identity: Identity): Promise<OpenedSession | Refusal | null> {
  let last: Refusal | null = null;
  for (const material of await grants.material(recipient)) {
    const key = openEnvelope(material, identity);
    if (key.kind === 'payload-key') return { kind: 'opened', key, recipient, grant: grantOf(material) };
    last = { ...key, detail: [`${recipient.kind} ${recipient.id}`, key.detail].filter((part) => part !== '').join(', ') };
  }
  return last;
}

/**
 * A device's terminal identity that was given by itself, without the device's file: it opens what was granted to that device,
 * which the envelope names by the identity's key id. The vendor's programs do not look for this.
 */
async function tryAlone(identities: readonly LocalIdentity[], grants: SessionGrants): Promise<OpenedSession | Refusal | null> {
  const terminal = identities.filter(({ identity }) => identity.kind === 'terminal');
  if (terminal.length === 0) return null;
  let first: Refusal | null = null;
  for (const material of await grants.ofDevices()) {
    if (!isObject(material) || typeof material['recipient_id'] !== 'string') continue;
    const recipient = { id: material['recipient_id'], kind: 'workspace_device' } as const;
    for (const { identity } of terminal) {
      const key = openEnvelope(material, identity);
      if (key.kind === 'payload-key') return { kind: 'opened', key, recipient, grant: grantOf(material) };
      if (key.reason !== 'no_envelope_for_identity') first ??= key;
    }
  }
  return first;
}

function notTried(cause: unknown, what: string): Refusal {
  return { ...refused('key_not_tried'), cause: asExhibitError(cause, what) };
}

function byPlace(a: { readonly place: Place }, b: { readonly place: Place }): number {
  return PLACES.indexOf(a.place) - PLACES.indexOf(b.place);
}

/** In one place oldest first; times are RFC 3339 and may differ in form. Two of one moment keep the order they came in. */
function byAge(a: LocalDevice, b: LocalDevice): number {
  return byPlace(a, b) || (Date.parse(a.device.createdAt) || 0) - (Date.parse(b.device.createdAt) || 0);
}

function byName(a: LocalIdentity, b: LocalIdentity): number {
  return byPlace(a, b) || (a.name < b.name ? -1 : 1);
}

function trustedDevices({ devices }: LocalKeys, workspaceId: unknown): LocalDevice[] {
  return devices.filter(({ device }) => device.workspaceId === workspaceId && isTrusted(device)).toSorted(byAge);
}

/** Goes through the trusted devices: what opened, or the first thing that went wrong, or null. */
async function tryDevices(devices: readonly LocalDevice[], grants: SessionGrants): Promise<OpenedSession | Refusal | null> {
  let first: Refusal | null = null;
  for (const local of devices) {
    if (local.device.keys.terminal === null) continue;
    try {
      const outcome = await attempt(grants, deviceRecipient(local), local.identity());
      if (outcome?.kind === 'opened') return outcome;
      first ??= outcome;
    } catch (error) {
      first ??= notTried(error, `use of device ${local.device.deviceKeyId}`);
    }
  }
  return first;
}

/**
 * Finds the key that opens a session, or says why none does. `session` is the session object of the source. No request is made
 * for a managed session, nor for a device that is not trusted or has no terminal key. Throws what `grants.list` throws.
 */
export async function chooseKey(session: JsonObject, local: LocalKeys, grants: SessionGrants): Promise<OpenedSession | Refusal> {
  if (session['encryption_mode'] === 'managed') return refused('managed_payload_not_returned');
  const workspace = session['workspace_id'];
  const trusted = trustedDevices(local, workspace);
  const tried = await tryDevices(trusted, grants);
  if (tried?.kind === 'opened') return tried;
  const unread = typeof workspace === 'string' ? local.devicesFaults.get(workspace) : undefined;
  const deviceFault = tried ?? (unread === undefined ? null : notTried(unread, 'reading devices'));

  for (const one of local.identities.toSorted(byName)) {
    try {
      const outcome = await attempt(grants, identityRecipient(one), one.identity);
      // Material that was made for this key and does not open is the answer: a look at the grants would only hide it.
      if (outcome !== null) return outcome;
    } catch (error) {
      return notTried(error, `use of identity ${one.name}`);
    }
  }

  const alone = await tryAlone(local.identities.toSorted(byName), grants);
  if (alone !== null) return alone;

  const listed = (await grants.list()).filter(isObject);
  const ours = recipientsOf(local, typeof workspace === 'string' ? workspace : null).find(({ id, kind }) =>
    listed.some((grant) => grant['recipient_id'] === id && grant['recipient_kind'] === kind),
  );
  if (ours !== undefined && deviceFault === null) return refused('granted_without_material', `${ours.kind} ${ours.id}`);
  const kinds = new Set(listed.map((grant) => grant['recipient_kind']));
  if (kinds.has('workspace_device')) {
    return deviceFault ?? refused(trusted.length > 0 ? 'trusted_device_without_session_grant' : 'no_trusted_device');
  }
  return refused(kinds.has('public_key') || kinds.has('server') ? 'explicit_key_identity_missing' : 'no_key_available');
}

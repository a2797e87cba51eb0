// Which key on this machine opens a session: the order of the vendor's command line, so that both open the same sessions with
// the same key. First the trusted devices of the session's workspace, oldest first; then the endpoint identities, by name; and
// where nothing opened, the kinds of the grants tell the reader which of the known situations it is. Being trusted by a
// workspace never implies a grant for a session.

import { asExhibitError, type ExhibitError } from '../../shared/api/errors.ts';
import { isObject, type JsonObject } from '../../shared/recording/json-text.ts';
import { isTrusted, type WorkspaceDevice } from './rstream-device.ts';
import { openEnvelope, type PayloadKey } from './rstream-envelope.ts';
import type { Identity, TerminalIdentity } from './rstream-identity.ts';
import { refused, type Refusal } from './rstream-refusal.ts';

/** A workspace device of this machine. `identity` reads its terminal identity and throws where that is not fit for use. */
export interface LocalDevice {
  readonly device: WorkspaceDevice;
  readonly identity: () => TerminalIdentity;
}

/** The keys that this machine has for a session. */
export interface LocalKeys {
  readonly devices: readonly LocalDevice[];
  /** Why the devices could not be listed: one bad device file stands for the whole list, which is then empty. */
  readonly devicesFault: ExhibitError | null;
  /** Endpoint identities, and any that was given inline. */
  readonly identities: readonly { readonly name: string; readonly identity: Identity }[];
}

export interface Recipient {
  readonly id: string;
  readonly kind: 'workspace_device' | 'public_key';
}

/** What a source says about the keys of one session. Elements are JSON as received. */
export interface SessionGrants {
  /** Decrypt material for one recipient. */
  material(recipient: Recipient): Promise<readonly unknown[]>;
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

/** An element of the answer that opens, or why the last of them does not, or null where the answer is empty. */
async function attempt(grants: SessionGrants, recipient: Recipient, identity: Identity): Promise<OpenedSession | Refusal | null> {
  let last: Refusal | null = null;
  for (const material of await grants.material(recipient)) {
    const key = openEnvelope(material, identity);
    if (key.kind === 'payload-key') {
      const id = isObject(material) ? material['id'] : null;
      return { kind: 'opened', key, recipient, grant: typeof id === 'string' ? id : null };
    }
    last = { ...key, detail: [`${recipient.kind} ${recipient.id}`, key.detail].filter((part) => part !== '').join(', ') };
  }
  return last;
}

function notTried(cause: unknown, what: string): Refusal {
  return { ...refused('key_not_tried'), cause: asExhibitError(cause, what) };
}

/** Oldest first; times are RFC 3339 and may differ in form. Two of one moment keep the order they came in. */
function byAge(a: LocalDevice, b: LocalDevice): number {
  return (Date.parse(a.device.createdAt) || 0) - (Date.parse(b.device.createdAt) || 0);
}

/** Goes through the trusted devices: what opened, or the first thing that went wrong, or null. */
async function tryDevices(devices: readonly LocalDevice[], grants: SessionGrants): Promise<OpenedSession | Refusal | null> {
  let first: Refusal | null = null;
  for (const { device, identity } of devices) {
    if (device.keys.terminal === null) continue;
    try {
      const recipient = { id: device.deviceKeyId, kind: 'workspace_device' } as const;
      const outcome = await attempt(grants, recipient, identity());
      if (outcome?.kind === 'opened') return outcome;
      first ??= outcome;
    } catch (error) {
      first ??= notTried(error, `use of device ${device.deviceKeyId}`);
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
  const trusted = local.devices.filter(({ device }) => device.workspaceId === workspace && isTrusted(device)).toSorted(byAge);
  const tried = await tryDevices(trusted, grants);
  if (tried?.kind === 'opened') return tried;
  const deviceFault = tried ?? (local.devicesFault === null ? null : notTried(local.devicesFault, 'reading devices'));

  for (const { name, identity } of local.identities.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    try {
      const outcome = await attempt(grants, { id: identity.keyId, kind: 'public_key' }, identity);
      // Material that was made for this key and does not open is the answer: a look at the grants would only hide it.
      if (outcome !== null) return outcome;
    } catch (error) {
      return notTried(error, `use of identity ${name}`);
    }
  }

  const kinds = new Set((await grants.list()).map((grant) => (isObject(grant) ? grant['recipient_kind'] : null)));
  if (kinds.has('workspace_device')) {
    return deviceFault ?? refused(trusted.length > 0 ? 'trusted_device_without_session_grant' : 'no_trusted_device');
  }
  return refused(kinds.has('public_key') || kinds.has('server') ? 'explicit_key_identity_missing' : 'no_key_available');
}

// Why a session is locked, told apart by its code: each has its own sign, a word or two, and the step that helps. The reason itself comes
// with the lock, in the core's words.

import { Button } from './button.tsx';
import { Command } from './copy.tsx';
import { Icon, type IconName } from './icon.tsx';
import { sentence } from './notice.tsx';

/** The shape of the contract's lock (shared/api/shapes.ts). */
export interface LockText {
  readonly state: 'open' | 'locked';
  readonly code: string | null;
  readonly reason: string;
  readonly todo: string;
}

/** Where a step leads. `enrol`: enrolling this device; `device`: its keys; `sync`: the sources, to synchronise; `source`: the same, for the token. */
export type LockStep = 'enrol' | 'device' | 'sync' | 'source';

export interface LockLook {
  readonly icon: IconName;
  /** A few words for lists. */
  readonly label: string;
  readonly step: LockStep | null;
  /** A command that helps, where the command line alone can. */
  readonly command?: string;
}

export const IMPORT_COMMAND = 'exhibit device import FILE';

const LOOKS: Readonly<Record<string, LockLook>> = {
  no_trusted_device: { icon: 'device', label: 'No trusted device', step: 'enrol' },
  trusted_device_without_session_grant: { icon: 'ungranted', label: 'Not granted', step: null },
  granted_without_material: { icon: 'key', label: 'Granted, no material', step: 'sync' },
  explicit_key_identity_missing: { icon: 'key', label: 'Needs a key file', step: 'device', command: IMPORT_COMMAND },
  no_key_available: { icon: 'ungranted', label: 'No key', step: null },
  managed_payload_not_returned: { icon: 'sources', label: 'Token may not read', step: 'source' },
  grant_revoked: { icon: 'revoked', label: 'Grant revoked', step: 'sync' },
  no_grants_here: { icon: 'file', label: 'File without grants', step: 'sync' },
  not_tried: { icon: 'clock', label: 'Not tried yet', step: null },
  key_not_tried: { icon: 'warning', label: 'Key unusable', step: 'device' },
  key_unwrap: { icon: 'failed', label: 'Envelope damaged', step: 'sync' },
  no_envelope_for_identity: { icon: 'key', label: 'No envelope', step: 'sync' },
  identity_suite_mismatch: { icon: 'key', label: 'Other suite', step: 'sync' },
  purged: { icon: 'purged', label: 'Purged', step: null },
  forbidden: { icon: 'lock', label: 'Not permitted', step: 'source', command: 'exhibit sources rights' },
  unsupported_suite: { icon: 'failed', label: 'Unknown suite', step: null },
};

const OTHER: LockLook = { icon: 'lock', label: 'Locked', step: null };

export const lockLook = ({ code }: LockText): LockLook => (code !== null && Object.hasOwn(LOOKS, code) ? LOOKS[code]! : OTHER);

const STEPS: Readonly<Record<LockStep, { readonly icon: IconName; readonly text: string }>> = {
  enrol: { icon: 'device', text: 'Enrol this device …' },
  device: { icon: 'device', text: 'Keys of this device' },
  sync: { icon: 'sync', text: 'Go to the sources' },
  source: { icon: 'sources', text: 'Go to the sources' },
};

/** The step that helps: a button, or a command to copy. Null where nothing does. */
export function LockHelp({
  lock,
  onStep,
}: {
  readonly lock: LockText;
  readonly onStep: (step: LockStep) => void;
}): React.JSX.Element | null {
  const { step, command } = lockLook(lock);
  if (step === null && command === undefined) return null;
  return (
    <div className="lock-help">
      {command === undefined ? null : <Command text={command} />}
      {step === null ? null : (
        <Button icon={STEPS[step].icon} onClick={() => onStep(step)}>
          {STEPS[step].text}
        </Button>
      )}
    </div>
  );
}

/** The reason and what to do, in place. */
export function LockNotice({
  lock,
  onStep,
}: {
  readonly lock: LockText;
  readonly onStep: (step: LockStep) => void;
}): React.JSX.Element {
  const { icon, label } = lockLook(lock);
  return (
    <div className="notice caution lock">
      <Icon name={icon} />
      <div>
        <p>
          <strong>{label === 'Locked' ? 'Locked' : `Locked: ${label.toLowerCase()}`}</strong>
        </p>
        <p>{sentence(lock.reason)}</p>
        {lock.todo === '' ? null : <p className="soft">{sentence(lock.todo)}</p>}
        <LockHelp lock={lock} onStep={onStep} />
      </div>
    </div>
  );
}

const SUITES = { x25519: 'X25519', p256: 'P-256' } as const;

/** The contract's `openedWith` (shared/api/shapes.ts). */
export interface OpenedWith {
  readonly suite: keyof typeof SUITES;
  readonly recipientKind: string;
  readonly recipientId: string;
  readonly grant: string | null;
}

/** What opened an encrypted session: `workspace device dvk_91c2a7, X25519, grant grt_5512e0`. */
export function openedText({ suite, recipientKind, recipientId, grant }: OpenedWith): string {
  const parts = [`${recipientKind.replaceAll('_', ' ')} ${recipientId}`, SUITES[suite], grant === null ? '' : `grant ${grant}`];
  return parts.filter((part) => part !== '').join(', ');
}

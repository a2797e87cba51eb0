// Sources, the keys of this machine, and synchronisation, as they cross the process boundary.

import { z } from 'zod';
import { failure, instant } from './shapes.ts';

/** How a synchronisation ended. `partial`: some sessions could not be read; they are named in its report. */
export const syncOutcome = z.object({
  at: instant,
  outcome: z.enum(['done', 'partial', 'failed', 'cancelled']),
  sessions: z.int(),
  events: z.int(),
  failed: z.int(),
  failure: failure.nullable(),
});

export const SOURCE_KINDS = ['rstream', 'stackshift'] as const;
export const sourceKind = z.enum(SOURCE_KINDS);

/** Paths of an interface, by name. */
export const sourcePaths = z.record(z.string().max(50), z.string().max(500));

/** Where recordings come from. Its token is in the keychain and in no answer. */
export const source = z.object({
  name: z.string(),
  kind: sourceKind,
  /** Address of the engine, or of the StackShift interface: `https://host:port`. */
  engine: z.string(),
  /** Address of rstream's control plane, where workspaces and devices are. */
  apiUrl: z.string().nullable(),
  /** Paths of the StackShift interface that differ from the usual ones, by their names in its table. */
  paths: sourcePaths,
  addedAt: instant,
  /** Whether the keychain has a token for it, and when that ends, where the token says so. */
  token: z.object({ present: z.boolean(), expiresAt: instant.nullable() }),
  sessions: z.int(),
  lastSync: syncOutcome.nullable(),
});
export type Source = z.infer<typeof source>;

export const sourceName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'letters, digits, dot, underscore and hyphen, 64 at most');

export const sourceTest = z.object({
  /** What the engine is reached at. */
  engine: z.string(),
  /** The engine's clock less this machine's, milliseconds; null where it gave no date. */
  clockOffsetMs: z.number().nullable(),
  /** Who the token belongs to, where the control plane was asked and answered. */
  identity: z.object({ id: z.string(), name: z.string().nullable(), role: z.string().nullable() }).nullable(),
  /** What can be done with the token, by operation. */
  abilities: z.array(
    z.object({
      operation: z.string(),
      /** Permissions that the source names for it. */
      needs: z.array(z.string()),
      allowed: z.enum(['yes', 'no', 'unknown']),
      why: z.string(),
    }),
  ),
  /** What the source says of itself, as JSON. */
  capabilities: z.string(),
  /** The paths that were used, where they are not public and can be set for a source; null where they are public. */
  paths: z
    .array(
      z.object({
        name: z.string(),
        path: z.string(),
        own: z.boolean(),
        tried: z.enum(['yes', 'no', 'failed']),
        answer: z.string(),
      }),
    )
    .nullable(),
});
export type SourceTest = z.infer<typeof sourceTest>;

/** A workspace that a source's token belongs to, as the control plane names it. */
export const workspace = z.object({ id: z.string(), name: z.string().nullable(), type: z.string().nullable() });
export type Workspace = z.infer<typeof workspace>;

/** A key of this machine that may open sessions. Its private half is in no answer. */
export const deviceKey = z.object({
  /** How other calls name it. */
  id: z.string(),
  kind: z.enum(['workspace-device', 'endpoint-identity', 'terminal-identity']),
  /** `keychain`: kept by Exhibit; `rstream`: in rstream's own folder; `environment`: given by RSTREAM_WEBTTY_IDENTITY. */
  place: z.enum(['keychain', 'rstream', 'environment']),
  label: z.string(),
  suite: z.enum(['x25519', 'p256']).nullable(),
  /** Key id of the terminal or endpoint identity. */
  keyId: z.string().nullable(),
  /** Of a workspace device. */
  workspaceId: z.string().nullable(),
  deviceKeyId: z.string().nullable(),
  fingerprint: z.string().nullable(),
  status: z.enum(['new', 'pending', 'active', 'lost', 'revoked']).nullable(),
  /** Active, and the workspace has given it an envelope. */
  trusted: z.boolean().nullable(),
  /** What somebody at a trusted browser compares before approving. */
  verificationCode: z.string().nullable(),
  createdAt: z.string().nullable(),
});
export type DeviceKey = z.infer<typeof deviceKey>;

export const deviceList = z.object({
  keys: z.array(deviceKey),
  /** Files that could not be used, with the reason. */
  faults: z.array(failure),
  /** This device's own key for signing evidence (Ed25519), as OpenSSH shows it: `SHA256:…`. */
  signingFingerprint: z.string(),
});
export type DeviceList = z.infer<typeof deviceList>;

export const syncFilter = z.object({
  serverId: z.string().optional(),
  status: z.string().optional(),
  origin: z.string().optional(),
  groupId: z.string().optional(),
  userId: z.string().optional(),
  startedFrom: instant.optional(),
  startedTo: instant.optional(),
  /** Sessions the source may list at most. */
  limit: z.int().min(1).optional(),
});
export type SyncFilter = z.infer<typeof syncFilter>;

export const syncedSession = z.object({
  source: z.string(),
  nativeId: z.string(),
  /** Null where nothing of it is in the library. */
  id: z.string().nullable(),
  /** `history`: its history came; it goes on, or has no recording that can be had. */
  outcome: z.enum(['new', 'grown', 'unchanged', 'history', 'failed', 'cancelled']),
  /** Events received in this run. */
  events: z.int(),
  discrepancies: z.int(),
  failure: failure.nullable(),
});
export type SyncedSession = z.infer<typeof syncedSession>;

export const syncReport = z.object({
  sources: z.array(z.object({ name: z.string(), outcome: syncOutcome.shape.outcome, failure: failure.nullable() })),
  sessions: z.array(syncedSession),
});
export type SyncReport = z.infer<typeof syncReport>;

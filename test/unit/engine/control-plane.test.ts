// The control plane: finding the way to an engine, and the life of a workspace device, with the values of the vectors.

import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  canonicalPayload,
  fingerprintOf,
  isSignedBy,
  lookupPayload,
  proofPayload,
  revokePayload,
  verificationCode,
  type DeviceKeys,
} from '../../engine/device-proofs.ts';
import type { Engine } from '../../engine/start-engine.ts';
import { readVectorText, VECTORS } from '../../engine/vectors.ts';
import { engineOf, get, post, type Members } from './client.ts';
import { sampleRecording } from './sample.ts';

interface Values {
  readonly device_file: Readonly<Record<string, string>>;
  readonly fingerprint: { readonly canonical_json: string; readonly value: string };
  readonly proof: { readonly canonical_json: string; readonly signature_example: string };
  readonly verification: { readonly code: string };
  readonly lookup: {
    readonly payload: Readonly<Record<string, string>>;
    readonly canonical_json: string;
    readonly request_body: Members;
  };
  readonly revoke: {
    readonly payload: Readonly<Record<string, string>>;
    readonly canonical_json: string;
    readonly signature_example: string;
  };
  readonly p256_device: { readonly device_file: Readonly<Record<string, string>>; readonly verification_code: string };
}

const values = JSON.parse(readVectorText(join(VECTORS, '12-device-enrolment.json.gz'))) as Values;

function keysOf(file: Readonly<Record<string, string>>): DeviceKeys {
  return {
    encryption: file['public_encryption_key']!,
    signing: file['public_signing_key']!,
    terminal: { key: file['webtty_public_key']!, id: file['webtty_key_id']!, algorithm: file['webtty_key_algorithm']! },
  };
}

describe('what a device signs', () => {
  const file = values.device_file;
  const keys = keysOf(file);
  const workspace = file['workspace_id']!;

  it('is what the vectors say, byte for byte', () => {
    expect(fingerprintOf(keys)).toBe(values.fingerprint.value);
    expect(proofPayload(workspace, file['kind']!, file['label'], keys)).toBe(values.proof.canonical_json);
    expect(verificationCode(workspace, file['device_key_id']!, file['kind']!, keys)).toBe(values.verification.code);
    const { payload } = values.lookup;
    expect(lookupPayload(workspace, payload['device_fingerprint']!, payload['challenge']!, payload['signed_at']!)).toBe(
      values.lookup.canonical_json,
    );
    const { actor_device_key_id: actor, target_device_key_id: target, reason } = values.revoke.payload;
    expect(revokePayload(workspace, actor!, target!, reason)).toBe(values.revoke.canonical_json);
    const other = values.p256_device.device_file;
    expect(verificationCode(other['workspace_id']!, other['device_key_id']!, other['kind']!, keysOf(other))).toBe(
      values.p256_device.verification_code,
    );
  });

  it('is accepted with the signatures of the vectors, and with no other', () => {
    expect(isSignedBy(keys.signing, values.proof.canonical_json, values.proof.signature_example)).toBe(true);
    expect(isSignedBy(keys.signing, values.revoke.canonical_json, values.revoke.signature_example)).toBe(true);
    expect(isSignedBy(keys.signing, `${values.proof.canonical_json} `, values.proof.signature_example)).toBe(false);
  });

  it('has the escapes of Go', () => {
    expect(canonicalPayload({ b: '<&>\u2028\u2029é"', a: 1, c: undefined })).toBe(
      '{"a":1,"b":"\\u003c\\u0026\\u003e\\u2028\\u2029é\\""}',
    );
  });
});

describe('the way to an engine', () => {
  it('leads from the token over workspaces and projects to the address', async () => {
    const engine = await engineOf({ recordings: [sampleRecording('s')] });
    expect((await get(engine, 'whoami')).json()).toMatchObject({ role: 'user', permissions: expect.any(Array) as unknown });
    expect((await get(engine, 'workspaces')).json()).toMatchObject({ workspaces: [{ id: 'ws_sample' }] });
    const { projects, total } = (await get(engine, 'workspaces/ws_sample/projects/tunnels')).json() as {
      projects: Members[];
      total: number;
    };
    expect(total).toBe(1);
    expect(`http://${String(projects[0]!['url'])}`).toBe(engine.url);
    expect((await get(engine, 'projects/tunnels/prj_sample')).json()).toEqual(projects[0]);
    expect((await get(engine, `projects/tunnels/resolve/${String(projects[0]!['endpoint'])}`)).json()).toEqual(projects[0]);
    expect((await get(engine, 'projects/tunnels/prj_sample/webtty/servers')).json()).toMatchObject({
      servers: [{ id: 'srv_sample', projectId: 'prj_sample' }],
    });
    expect((await get(engine, 'workspaces/other/projects/tunnels')).json()).toMatchObject({ projects: [], total: 0 });
    expect(await get(engine, 'projects/tunnels/none')).toMatchObject({
      status: 404,
      text: '{"error":"there is no such project"}',
    });
  });

  it('comes in pages', async () => {
    const projects = ['a', 'b', 'c'].map((name) => sampleRecording(name, { session: { project_id: `prj_${name}` } }));
    const engine = await engineOf({ recordings: projects });
    const page = (await get(engine, 'projects/tunnels?page=2&pageSize=2')).json();
    expect(page).toMatchObject({ projects: [{ id: 'prj_c' }], page: 2, pageSize: 2, total: 3, totalPages: 2 });
    expect((await get(engine, 'projects/tunnels?q=_b')).json()).toMatchObject({ projects: [{ id: 'prj_b' }], total: 1 });
    expect((await get(engine, 'projects/tunnels?page=0')).status).toBe(400);
  });
});

/** A device on its owner's side. */
function newDevice(label: string): {
  readonly keys: DeviceKeys;
  readonly enrolment: Members;
  readonly signed: (payload: string) => string;
  readonly proof: () => Members;
} {
  const pair = (): { publicKey: KeyObject; privateKey: KeyObject } => generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const text = (key: KeyObject): string => key.export({ format: 'der', type: 'spki' }).toString('base64url');
  const signing = pair();
  const keys = { encryption: text(pair().publicKey), signing: text(signing.publicKey) };
  const signed = (payload: string): string => sign('sha256', Buffer.from(payload), signing.privateKey).toString('base64url');
  const challenge = Buffer.alloc(32, 7).toString('base64url');
  const signedAt = '2026-06-01T10:20:30.400Z';
  return {
    keys,
    signed,
    enrolment: {
      kind: 'cli',
      label,
      publicEncryptionKey: keys.encryption,
      publicSigningKey: keys.signing,
      fingerprint: fingerprintOf(keys),
      proofSignature: signed(proofPayload('ws', 'cli', label, keys)),
    },
    proof: () => ({
      deviceFingerprint: fingerprintOf(keys),
      challenge,
      signedAt,
      signature: signed(lookupPayload('ws', fingerprintOf(keys), challenge, signedAt)),
    }),
  };
}

const DEVICES = 'workspaces/ws/enterprise/devices';

async function enrolled(engine: Engine, device: ReturnType<typeof newDevice>): Promise<string> {
  const answer = (await post(engine, DEVICES, device.enrolment)).json() as { deviceKeyId: string; status: string };
  expect(answer.status).toBe('pending');
  return answer.deviceKeyId;
}

describe('a workspace device', () => {
  it('is pending after enrolment, active with an envelope after approval', async () => {
    const engine = await engineOf();
    const device = newDevice('a <laptop>');
    const id = await enrolled(engine, device);
    const lookup = async (): Promise<unknown> => (await post(engine, `${DEVICES}/lookup`, { proofs: [device.proof()] })).json();
    expect(await lookup()).toMatchObject({ devices: [{ id, kind: 'cli', status: 'pending' }], deviceEnvelopes: [] });
    expect(engine.devices()[0]!.code).toBe(verificationCode('ws', id, 'cli', device.keys));
    engine.approve(id);
    expect(await lookup()).toMatchObject({
      devices: [{ id, status: 'active', approvedAt: expect.any(String) as unknown }],
      deviceEnvelopes: [{ recipientKind: 'device', recipientId: id, crypto: { suite: 'p256-hkdf-sha256-aes-256-gcm' } }],
    });
    expect(() => engine.approve(id)).toThrow('no pending device');
  });

  it('is refused with a fingerprint or a signature that is not its own', async () => {
    const engine = await engineOf();
    const { enrolment } = newDevice('one');
    expect(await post(engine, DEVICES, { ...enrolment, fingerprint: 'sha256:x' })).toMatchObject({ status: 400 });
    expect(await post(engine, DEVICES, { ...enrolment, label: 'two' })).toMatchObject({
      status: 403,
      text: '{"error":"the signature does not fit"}',
    });
    expect(await post(engine, DEVICES, { ...enrolment, webttyPublicKey: 'AAAA' })).toMatchObject({ status: 400 });
    expect(engine.devices()).toEqual([]);
  });

  it('shows itself to nobody else', async () => {
    const engine = await engineOf();
    const device = newDevice('one');
    await enrolled(engine, device);
    const stranger = newDevice('two');
    const stolen = { ...stranger.proof(), deviceFingerprint: device.proof()['deviceFingerprint'] };
    expect((await post(engine, `${DEVICES}/lookup`, { proofs: [stolen] })).status).toBe(403);
    expect((await post(engine, `${DEVICES}/lookup`, { proofs: [stranger.proof()] })).json()).toEqual({
      devices: [],
      deviceEnvelopes: [],
    });
    expect((await post(engine, 'workspaces/elsewhere/enterprise/devices/lookup', { proofs: [device.proof()] })).json()).toEqual({
      devices: [],
      deviceEnvelopes: [],
    });
  });

  it('is revoked without more while it is pending, and by an active device after that', async () => {
    const engine = await engineOf();
    const pending = await enrolled(engine, newDevice('pending'));
    expect((await post(engine, `${DEVICES}/${pending}/revoke`, {})).json()).toMatchObject({ id: pending, status: 'revoked' });

    const actor = newDevice('actor');
    const actorId = await enrolled(engine, actor);
    const target = await enrolled(engine, newDevice('target'));
    engine.approve(target);
    const path = `${DEVICES}/${target}/revoke`;
    const order = { reason: 'lost <bag>', markLost: true, actorDeviceKeyId: actorId };
    const signature = actor.signed(revokePayload('ws', actorId, target, order.reason));
    expect((await post(engine, path, {})).status).toBe(403);
    expect((await post(engine, path, { ...order, signature })).status).toBe(403);
    engine.approve(actorId);
    expect((await post(engine, path, { ...order, reason: 'other', signature })).status).toBe(403);
    expect((await post(engine, path, { ...order, signature })).json()).toMatchObject({ id: target, status: 'lost' });
    expect((await post(engine, `${DEVICES}/none/revoke`, {})).status).toBe(404);
  });

  it('comes from the vectors with its envelope', async () => {
    const engine = await engineOf({ vectors: VECTORS });
    const workspace = values.device_file['workspace_id']!;
    const answer = await post(engine, `workspaces/${workspace}/enterprise/devices/lookup`, values.lookup.request_body);
    expect(answer.json()).toMatchObject({
      devices: [{ id: values.device_file['device_key_id'], status: 'active', fingerprint: values.fingerprint.value }],
      deviceEnvelopes: [values.device_file['device_envelope']],
    });
  });
});

// Stop the server as a service manager does, start it again on the same directory: nothing has changed.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { byToken, logIn, plain } from '../../huawei.mjs';
import { digest } from '../../outside.mjs';
import { describe, importMaterial, instant, newKey, newName } from './begin.mjs';

const plain_text = 'before and after';
const encryption_context = { over: 'a restart' };

// The holder has a token of before.
export function restart(test, server, client, holder) {
  const made = {};
  const aged = `rotates, ${crypto.randomUUID()}`;
  let before;

  // All there is to say of all keys.
  async function everything(kms) {
    const { key_details } = await kms.call('list-keys');
    const { tags } = await kms.call('GET tags');
    const ofKey = await kms.call('GET {key_id}/tags', {}, { key_id: made.key });
    const quotas = await kms.call('GET user-quotas');
    const pair = await kms.call('get-publickey', { key_id: made.pair });
    const rotation = await kms.call('get-key-rotation-status', { key_id: made.rotates });
    return { key_details, tags, ofKey, quotas, pair, rotation };
  }

  test('before: keys in every state, tags, ciphertexts, a signature, tokens, a key that rotates', async () => {
    const kms = client();
    made.name = newName('stays/the-same');
    made.key = await newKey(kms, { key_alias: made.name, key_description: '留' });
    for (const name of ['disabled', 'pending']) made[name] = await newKey(kms);
    for (const name of ['external', 'waiting']) made[name] = await newKey(kms, { origin: 'external' });
    made.rotates = await newKey(kms, { key_description: aged });
    made.pair = await newKey(kms, { key_spec: 'EC_P256' });
    await kms.call('enable-key-rotation', { key_id: made.rotates });
    await importMaterial(kms, made.external, Buffer.alloc(32, 7));
    await kms.call('POST {key_id}/tags/action', {
      action: 'create', tags: [{ key: '密 钥', value: '值' }, { key: 'b', value: '' }],
    }, { key_id: made.key });
    made.encrypted = [];
    for (const key_id of [made.key, made.disabled, made.pending, made.external, made.rotates]) {
      made.encrypted.push(await kms.call('encrypt-data', { key_id, plain_text, encryption_context }));
    }
    made.dataKey = await kms.call('create-datakey', { key_id: made.key, datakey_length: '512' });
    const message = digest('ECDSA_SHA_256', '', Buffer.from('signed before')).toString('base64');
    made.signed = { key_id: made.pair, signing_algorithm: 'ECDSA_SHA_256', message };
    made.signed.signature = (await kms.call('sign', made.signed)).signature;
    await kms.call('disable-key', { key_id: made.disabled });
    await kms.call('schedule-key-deletion', { key_id: made.pending, pending_days: '1096' });
    const { headers } = await logIn(server.http);
    made.revoked = headers['x-subject-token'];
    await plain(`${server.http}/v3/auth/tokens`, {
      method: 'DELETE', headers: { 'x-auth-token': made.revoked, 'x-subject-token': made.revoked },
    });
    before = await everything(holder());
  });

  test('SIGTERM ends it with exit code 0, and it starts again', async () => {
    assert.equal(await server.stop(), 0, server.output);
    server.age(aged);
    await server.start();
  });

  test('after: all of it is as it was, for who has a token too', async () => {
    const kms = client();
    for (const each of [kms, holder()]) assert.deepEqual(await everything(each), before);
    await kms.refused('create-key', { key_alias: made.name }, 'KMS.1104');
    await byToken(server.http, { token: made.revoked }).refused('list-keys', {}, 'KMS.0302', { status: 403 });
  });

  test('after: states go on from where they were, and everything decrypts', async () => {
    const kms = client();
    const [, disabled, pending] = made.encrypted;
    await kms.refused('decrypt-data', { cipher_text: disabled.cipher_text, encryption_context }, 'KMS.0209');
    await kms.refused('decrypt-data', { cipher_text: pending.cipher_text, encryption_context }, 'KMS.0210');
    await kms.call('enable-key', { key_id: made.disabled });
    await kms.call('cancel-key-deletion', { key_id: made.pending });
    await kms.call('enable-key', { key_id: made.pending });
    await importMaterial(kms, made.waiting, Buffer.alloc(32, 8));
    for (const { key_id, cipher_text } of made.encrypted) {
      const decrypted = await kms.call('decrypt-data', { cipher_text, encryption_context });
      assert.deepEqual([decrypted.key_id, decrypted.plain_text], [key_id, plain_text]);
    }
    const { key_id, cipher_text, plain_text: dataKey } = made.dataKey;
    const decrypted = await kms.call('decrypt-datakey', { key_id, cipher_text, datakey_cipher_length: '64' });
    assert.equal(decrypted.data_key, dataKey);
    assert.equal((await kms.call('verify', made.signed)).signature_valid, 'true');
  });

  test('a key that is a month old rotates when its interval is as long', async () => {
    const kms = client();
    const key_id = made.rotates;
    await kms.call('update-key-rotation-interval', { key_id, rotation_interval: 30 });
    const until = Date.now() + 10_000;
    let status;
    do {
      await delay(20);
      status = await kms.call('get-key-rotation-status', { key_id });
    } while (status.number_of_rotations === 0 && Date.now() < until);
    const { last_rotation_time, ...rest } = status;
    assert.deepEqual(rest, { key_rotation_enabled: true, rotation_interval: 30, number_of_rotations: 1 });
    assert.match(last_rotation_time, instant);
    assert.ok(Math.abs(Date.now() - Number(last_rotation_time)) < 60_000);
    const { cipher_text } = made.encrypted.at(-1);
    assert.equal((await kms.call('decrypt-data', { cipher_text, encryption_context })).plain_text, plain_text);
    assert.equal((await describe(kms, key_id)).key_state, '2');
  });
}

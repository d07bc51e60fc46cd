// Stop the server as a service manager does, start it again on the same directory: nothing has changed.
import assert from 'node:assert/strict';
import { base64, describe, newAlias, newKey } from '../../tencent.mjs';

export function restart(test, server, client) {
  const alias = newAlias('stays');
  const made = [];

  test('before: keys in every state, ciphertexts', async () => {
    const kms = client();
    for (const parameters of [{ alias, description: '留' }, {}, {}]) {
      const keyId = await newKey(kms, parameters);
      const { ciphertextBlob } = await kms.call('Encrypt', { keyId, plaintext: base64('before') });
      made.push({ keyId, ciphertextBlob });
    }
    await kms.call('DisableKey', { keyId: made[1].keyId });
    await kms.call('ScheduleKeyDeletion', { keyId: made[2].keyId, pendingWindowInDays: 30 });
    for (const key of made) key.before = await describe(kms, key.keyId);
  });

  test('after: all of it is as it was', async () => {
    assert.equal(await server.stop(), 0, server.output);
    await server.start();
    const kms = client();
    for (const { keyId, before } of made) assert.deepEqual(await describe(kms, keyId), before);
    await kms.refused('CreateKey', { alias }, 4500, 10480);
    await kms.call('EnableKey', { keyId: made[1].keyId });
    await kms.call('CancelKeyDeletion', { keyId: made[2].keyId });
    await kms.call('EnableKey', { keyId: made[2].keyId });
    for (const { keyId, ciphertextBlob } of made) {
      assert.deepEqual(await kms.call('Decrypt', { ciphertextBlob }), { keyId, plaintext: base64('before') });
    }
  });
}

// The life of keys.
import assert from 'node:assert/strict';
import { base64, describe, newAlias, newKey } from '../../tencent.mjs';
import { uuid } from '../../server.mjs';

export function keys(test, client) {
  test('a key is what was asked for', async () => {
    const kms = client();
    const [alias, description] = [newAlias('名'), '测试 a+b &=%"\'<>'];
    const { keyMetadata } = await kms.call('CreateKey', { alias, description, keyUsage: 'ENCRYPT/DECRYPT', type: 1 });
    const { keyId, createTime, ...rest } = keyMetadata;
    assert.match(keyId, uuid);
    assert.ok(Math.abs(Date.now() / 1000 - createTime) < 60);
    assert.deepEqual(rest, {
      alias, description, keyState: 'Enabled', keyUsage: 'ENCRYPT/DECRYPT', type: 1, deleteTime: 0,
    });
    assert.deepEqual(await describe(kms, keyId), keyMetadata);
  });

  test('a name is unique, can be changed and given up', async () => {
    const kms = client();
    const [first, second] = [newAlias('first'), newAlias('second')];
    const [keyId, other] = [await newKey(kms, { alias: first }), await newKey(kms, { alias: second })];
    await kms.refused('CreateKey', { alias: first }, 4500, 10480);
    await kms.refused('SetKeyAttributes', { keyId, alias: second }, 4500, 10480);
    await kms.call('SetKeyAttributes', { keyId: other, alias: '' });
    await kms.call('SetKeyAttributes', { keyId, alias: second });
    const names = [(await describe(kms, keyId)).alias, (await describe(kms, other)).alias];
    assert.deepEqual(names, [second, '']);
    await newKey(kms, { alias: first });
  });

  test('what looks like a file, which the SDK does not sign in a form, is a text', async () => {
    const kms = client();
    const alias = `@${newAlias()}`;
    assert.equal((await describe(kms, await newKey(kms, { alias }))).alias, alias);
  });

  test('disabled and enabled, twice', async () => {
    const kms = client();
    const keyId = await newKey(kms);
    const { ciphertextBlob } = await kms.call('Encrypt', { keyId, plaintext: base64('before') });
    for (const [action, keyState] of [['DisableKey', 'Disabled'], ['EnableKey', 'Enabled']]) {
      for (let i = 0; i < 2; i++) await kms.call(action, { keyId });
      assert.equal((await describe(kms, keyId)).keyState, keyState);
      if (keyState === 'Enabled') continue;
      await kms.refused('Encrypt', { keyId, plaintext: base64('now') }, 4560, 10660);
      await kms.refused('GenerateDataKey', { keyId }, 4560, 10660);
      await kms.refused('Decrypt', { ciphertextBlob }, 4560, 10670);
    }
    assert.equal((await kms.call('Decrypt', { ciphertextBlob })).plaintext, base64('before'));
  });

  test('deletion is scheduled and cancelled', async () => {
    const kms = client();
    const keyId = await newKey(kms);
    await kms.refused('CancelKeyDeletion', { keyId }, 4000, 10350);
    for (const pendingWindowInDays of [6, 31]) {
      await kms.refused('ScheduleKeyDeletion', { keyId, pendingWindowInDays }, 4000, 10350);
    }
    await kms.call('ScheduleKeyDeletion', { keyId, pendingWindowInDays: 7 });
    const { keyState, deleteTime } = await describe(kms, keyId);
    assert.equal(keyState, 'PendingDelete');
    assert.ok(Math.abs(Date.now() / 1000 + 7 * 86_400 - deleteTime) < 60);
    await kms.refused('EnableKey', { keyId }, 4000, 10350);
    await kms.call('CancelKeyDeletion', { keyId });
    const { keyState: after, deleteTime: never } = await describe(kms, keyId);
    assert.deepEqual([after, never], ['Disabled', 0]);
  });

  test('offset and limit visit every key once', async () => {
    const kms = client();
    const made = [await newKey(kms), await newKey(kms), await newKey(kms)];
    const seen = new Set();
    let total = 1;
    for (let offset = 0; offset < total; offset += 7) {
      const page = await kms.call('ListKey', { offset, limit: 7 });
      total = page.totalCount;
      assert.equal(page.keys.length, Math.min(7, total - offset));
      for (const { keyId } of page.keys) {
        assert.ok(!seen.has(keyId));
        seen.add(keyId);
      }
    }
    for (const keyId of made) assert.ok(seen.has(keyId));
    assert.equal((await kms.call('ListKey')).keys.length, Math.min(10, total));
  });

  test('an array, which the SDK writes as keyId.0, keyId.1 and so on, names keys to list', async () => {
    const kms = client();
    const made = [];
    for (let i = 0; i < 11; i++) made.push(await newKey(kms));
    const { keys: named, totalCount } = await kms.call('ListKey', { keyId: made, limit: 20 });
    assert.deepEqual([named.map((key) => key.keyId).sort(), totalCount], [made.sort(), 11]);
  });
}

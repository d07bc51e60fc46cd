// The same keys by the protocols of three vendors.
import assert from 'node:assert/strict';
import * as aliyun from '../../lib.mjs';
import { base64, describe, newAlias, newKey } from '../../tencent.mjs';
import * as huawei from '../huawei/begin.mjs';

const text = 'the same text 同文';
const context = { tenant: '7', for: '两' };
const encryptionContext = JSON.stringify(context);

export function protocols(test, tencent, ali, hua) {
  test('ciphertexts go all ways, whoever made the key', async () => {
    const [kms, aliKms, huaKms] = [tencent(), ali(), hua()];
    for (const keyId of [
      await newKey(kms), await aliyun.newKey(aliKms, { KeySpec: 'Aliyun_SM4' }), await huawei.newKey(huaKms),
    ]) {
      const { ciphertextBlob } = await kms.call('Encrypt', { keyId, plaintext: base64(text), encryptionContext });
      const byAli = await aliKms.call('Decrypt', { CiphertextBlob: ciphertextBlob, EncryptionContext: context });
      assert.deepEqual([byAli.KeyId, byAli.Plaintext], [keyId, base64(text)]);
      const byHua = await huaKms.call(
        'decrypt-data', { cipher_text: ciphertextBlob, encryption_context: context });
      assert.deepEqual([byHua.key_id, byHua.plain_text], [keyId, text]);

      const { CiphertextBlob } = await aliKms.call(
        'Encrypt', { KeyId: keyId, Plaintext: base64(text), EncryptionContext: context });
      const { cipher_text } = await huaKms.call(
        'encrypt-data', { key_id: keyId, plain_text: text, encryption_context: context });
      for (const blob of [CiphertextBlob, cipher_text]) {
        const decrypted = await kms.call('Decrypt', { ciphertextBlob: blob, encryptionContext });
        assert.deepEqual(decrypted, { keyId, plaintext: base64(text) });
        await kms.refused('Decrypt', { ciphertextBlob: blob }, 4560, 10670);
      }
    }
  });

  test('names and states are the same keys\'', async () => {
    const [kms, aliKms, huaKms] = [tencent(), ali(), hua()];
    const alias = newAlias('of-all');
    const keyId = await newKey(kms, { alias });
    assert.equal((await aliyun.describe(aliKms, `alias/${alias}`)).KeyId, keyId);
    assert.equal((await huawei.describe(huaKms, keyId)).key_alias, alias);
    await huaKms.refused('create-key', { key_alias: alias }, 'KMS.1104');
    await huaKms.call('disable-key', { key_id: keyId });
    assert.equal((await describe(kms, keyId)).keyState, 'Disabled');
    await aliKms.call('ScheduleKeyDeletion', { KeyId: keyId, PendingWindowInDays: 7 });
    assert.equal((await describe(kms, keyId)).keyState, 'PendingDelete');
    await kms.call('CancelKeyDeletion', { keyId });
    assert.equal((await aliyun.describe(aliKms, keyId)).KeyState, 'Disabled');
  });
}

// Keys of SM4: used as others are, and imported with 128 bits instead of 256.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { describe, importMaterial, newKey, random, uuid, wrap } from '../lib.mjs';

const EncryptionContext = { with: 'SM4' };

export function sm4(test, client, has) {
  test('encrypts, decrypts, makes data keys, rotates', async () => {
    const kms = client();
    const { KeyMetadata } = await kms.call('CreateKey', {
      KeySpec: 'Aliyun_SM4', ProtectionLevel: 'HSM', EnableAutomaticRotation: true, RotationInterval: '365d',
    });
    const { KeyId, PrimaryKeyVersion } = KeyMetadata;
    assert.deepEqual([KeyMetadata.KeySpec, KeyMetadata.KeyUsage], ['Aliyun_SM4', 'ENCRYPT/DECRYPT']);
    assert.deepEqual([KeyMetadata.AutomaticRotation, KeyMetadata.RotationInterval], ['Enabled', '31536000s']);
    assert.match(PrimaryKeyVersion, uuid);
    for (const Plaintext of [random(1), random(48), random(6144), 'text that is not Base64']) {
      const encrypted = await kms.call('Encrypt', { KeyId, Plaintext, EncryptionContext });
      const { CiphertextBlob } = encrypted;
      assert.deepEqual([encrypted.KeyId, encrypted.KeyVersionId], [KeyId, PrimaryKeyVersion]);
      const decrypted = await kms.call('Decrypt', { CiphertextBlob, EncryptionContext });
      assert.deepEqual([decrypted.Plaintext, decrypted.KeyVersionId], [Plaintext, PrimaryKeyVersion]);
      await kms.refused('Decrypt', { CiphertextBlob }, 'InvalidParameter', 400);
      const changed = Buffer.from(CiphertextBlob, 'base64');
      changed[changed.length - 1] ^= 1;
      const parameters = { CiphertextBlob: changed.toString('base64'), EncryptionContext };
      await kms.refused('Decrypt', parameters, 'InvalidParameter', 400);
    }
    const { Plaintext, CiphertextBlob } = await kms.call('GenerateDataKey', { KeyId, KeySpec: 'AES_128' });
    assert.equal(Buffer.from(Plaintext, 'base64').length, 16);
    assert.equal((await kms.call('Decrypt', { CiphertextBlob })).Plaintext, Plaintext);
  });

  if (has('ReEncrypt')) test('ReEncrypt from AES to SM4 and back', async () => {
    const kms = client();
    const Plaintext = random(100);
    const ids = [await newKey(kms), await newKey(kms, { KeySpec: 'Aliyun_SM4' })];
    let { CiphertextBlob } = await kms.call('Encrypt', { KeyId: ids[0], Plaintext });
    for (const DestinationKeyId of [ids[1], ids[0]]) {
      ({ CiphertextBlob } = await kms.call('ReEncrypt', { CiphertextBlob, DestinationKeyId }));
      const decrypted = await kms.call('Decrypt', { CiphertextBlob });
      assert.deepEqual([decrypted.Plaintext, decrypted.KeyId], [Plaintext, DestinationKeyId]);
    }
  });

  for (const algorithm of ['SM2PKE', 'RSAES_OAEP_SHA_256', 'RSAES_PKCS1_V1_5']) {
    test(`16 bytes wrapped with ${algorithm}: import, use, erase, import again`, async () => {
      const kms = client();
      const material = crypto.randomBytes(16);
      const KeyId = await newKey(kms, { KeySpec: 'Aliyun_SM4', Origin: 'EXTERNAL' });
      await importMaterial(kms, KeyId, material, algorithm);
      const Plaintext = random(32);
      const { CiphertextBlob } = await kms.call('Encrypt', { KeyId, Plaintext });
      await kms.call('DeleteKeyMaterial', { KeyId });
      await kms.refused('Decrypt', { CiphertextBlob }, 'Rejected.PendingImport', 409);
      await importMaterial(kms, KeyId, material, algorithm);
      assert.equal((await kms.call('Decrypt', { CiphertextBlob })).Plaintext, Plaintext);
      const { KeySpec, Origin, KeyState } = await describe(kms, KeyId);
      assert.deepEqual([KeySpec, Origin, KeyState], ['Aliyun_SM4', 'EXTERNAL', 'Enabled']);
    });
  }

  test('32 bytes are for AES and 16 for SM4; a pair is of the kind that was asked for', async () => {
    const kms = client();
    const aes = await newKey(kms, { Origin: 'EXTERNAL' });
    const KeyId = await newKey(kms, { KeySpec: 'Aliyun_SM4', Origin: 'EXTERNAL' });
    for (const [key, right, wrong] of [[KeyId, 16, [15, 17, 32]], [aes, 32, [16, 31]]]) {
      const { ImportToken, PublicKey } = await kms.call(
        'GetParametersForImport', { KeyId: key, WrappingAlgorithm: 'SM2PKE', WrappingKeySpec: 'EC_SM2' });
      const importing = (bytes) => ({
        KeyId: key, ImportToken, EncryptedKeyMaterial: wrap(crypto.randomBytes(bytes), PublicKey, 'SM2PKE'),
      });
      for (const bytes of wrong) await kms.refused('ImportKeyMaterial', importing(bytes), 'InvalidKeyMaterial', 400);
      const damaged = { ...importing(right), EncryptedKeyMaterial: random(97 + right) };
      await kms.refused('ImportKeyMaterial', damaged, 'InvalidKeyMaterial', 400);
      await kms.call('ImportKeyMaterial', importing(right));
      assert.equal((await describe(kms, key)).KeyState, 'Enabled');
    }
    for (const [WrappingAlgorithm, WrappingKeySpec] of [
      ['SM2PKE', 'RSA_2048'], ['RSAES_OAEP_SHA_256', 'EC_SM2'], ['RSAES_OAEP_SHA_256', 'RSA_3072'],
    ]) {
      const asked = { KeyId, WrappingAlgorithm, WrappingKeySpec };
      await kms.refused('GetParametersForImport', asked, 'InvalidParameter', 400);
    }
  });
}

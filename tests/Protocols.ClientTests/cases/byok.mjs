// Bring your own key, with the runtime's own cryptography as the customer.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { describe, importMaterial, newKey, random, wrap } from '../lib.mjs';

export function byok(test, client) {
  const parametersFor = (kms, KeyId, WrappingAlgorithm = 'RSAES_OAEP_SHA_256') =>
    kms.call('GetParametersForImport', { KeyId, WrappingAlgorithm, WrappingKeySpec: 'RSA_2048' });

  for (const algorithm of ['RSAES_PKCS1_V1_5', 'RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256']) {
    test(`${algorithm}: import, use, erase, import again`, async () => {
      const kms = client();
      const material = crypto.randomBytes(32);
      const KeyId = await newKey(kms, { Origin: 'EXTERNAL' });
      const fresh = await describe(kms, KeyId);
      assert.deepEqual([fresh.Origin, fresh.KeyState], ['EXTERNAL', 'PendingImport']);

      await importMaterial(kms, KeyId, material, algorithm);
      const Plaintext = random(32);
      const { CiphertextBlob } = await kms.call('Encrypt', { KeyId, Plaintext });
      await kms.call('DeleteKeyMaterial', { KeyId });
      await kms.refused('Decrypt', { CiphertextBlob }, 'Rejected.PendingImport', 409);

      const expiry = Math.floor(Date.now() / 1000) + 3600;
      await importMaterial(kms, KeyId, material, algorithm, expiry);
      assert.equal((await kms.call('Decrypt', { CiphertextBlob })).Plaintext, Plaintext);
      const again = await describe(kms, KeyId);
      assert.equal(Date.parse(again.MaterialExpireTime), expiry * 1000);
    });
  }

  test('other material than before is refused', async () => {
    const kms = client();
    const KeyId = await newKey(kms, { Origin: 'EXTERNAL' });
    await importMaterial(kms, KeyId, crypto.randomBytes(32));
    const { PublicKey, ImportToken } = await parametersFor(kms, KeyId);
    const EncryptedKeyMaterial = wrap(crypto.randomBytes(32), PublicKey, 'RSAES_OAEP_SHA_256');
    await kms.refused('ImportKeyMaterial', { KeyId, ImportToken, EncryptedKeyMaterial }, 'InvalidKeyMaterial', 400);
  });

  test('a token is good for one import, one key, one algorithm, 256 bits', async () => {
    const kms = client();
    const [KeyId, other] = [await newKey(kms, { Origin: 'EXTERNAL' }), await newKey(kms, { Origin: 'EXTERNAL' })];
    const { PublicKey, ImportToken } = await parametersFor(kms, KeyId);
    const wrapped = (bytes, algorithm) => wrap(crypto.randomBytes(bytes), PublicKey, algorithm);
    const EncryptedKeyMaterial = wrapped(32, 'RSAES_OAEP_SHA_256');
    const good = { KeyId, ImportToken, EncryptedKeyMaterial };
    for (const wrong of [wrapped(32, 'RSAES_OAEP_SHA_1'), wrapped(31, 'RSAES_OAEP_SHA_256'), random(256)]) {
      await kms.refused('ImportKeyMaterial', { ...good, EncryptedKeyMaterial: wrong }, 'InvalidKeyMaterial', 400);
    }
    await kms.refused('ImportKeyMaterial', { ...good, KeyId: other }, 'InvalidImportToken', 400);
    await kms.refused('ImportKeyMaterial', { ...good, ImportToken: random(160) }, 'InvalidImportToken', 400);
    const past = Math.floor(Date.now() / 1000) - 1;
    await kms.refused('ImportKeyMaterial', { ...good, KeyMaterialExpireUnix: past }, 'InvalidParameter', 400);
    await kms.call('ImportKeyMaterial', good);
    await kms.refused('ImportKeyMaterial', good, 'InvalidImportToken', 400);
  });

  test('only a key of EXTERNAL origin takes material', async () => {
    const kms = client();
    const KeyId = await newKey(kms);
    const asked = { KeyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' };
    await kms.refused('GetParametersForImport', asked, 'Unsupported.Origin', 400);
    await kms.refused('DeleteKeyMaterial', { KeyId }, 'Unsupported.Origin', 400);
  });

  test('the same material under two keys: neither decrypts the other\'s ciphertext', async () => {
    const kms = client();
    const material = crypto.randomBytes(32);
    const ids = [await newKey(kms, { Origin: 'EXTERNAL' }), await newKey(kms, { Origin: 'EXTERNAL' })];
    for (const KeyId of ids) await importMaterial(kms, KeyId, material);
    const { CiphertextBlob } = await kms.call('Encrypt', { KeyId: ids[0], Plaintext: 'YQ==' });
    // The envelope names its key, so the customer's only way is to forge that.
    const forged = Buffer.from(CiphertextBlob, 'base64');
    const [from, to] = ids.map((id) => Buffer.from(id.replaceAll('-', ''), 'hex'));
    const at = forged.indexOf(from);
    assert.ok(at >= 0);
    to.copy(forged, at);
    await kms.refused('Decrypt', { CiphertextBlob: forged.toString('base64') }, 'InvalidParameter', 400);
  });
}

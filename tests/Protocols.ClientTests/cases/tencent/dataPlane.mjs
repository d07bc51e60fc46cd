// What keys are for.
import assert from 'node:assert/strict';
import { base64, newKey } from '../../tencent.mjs';
import { random } from '../../server.mjs';

export function dataPlane(test, client) {
  test('what is encrypted comes back', async () => {
    const kms = client();
    const keyId = await newKey(kms);
    for (const bytes of [1, 2, 3, 4096]) {
      const plaintext = random(bytes);
      const encrypted = await kms.call('Encrypt', { keyId, plaintext });
      assert.equal(encrypted.keyId, keyId);
      assert.equal(Buffer.from(encrypted.ciphertextBlob, 'base64').length, bytes + 140);
      const { ciphertextBlob } = encrypted;
      assert.deepEqual(await kms.call('Decrypt', { ciphertextBlob }), { keyId, plaintext });
    }
    await kms.refused('Encrypt', { keyId, plaintext: random(4097) }, 4000, 10350);
  });

  test('a context has to be the same, in any order', async () => {
    const kms = client();
    const keyId = await newKey(kms);
    const plaintext = base64('明文');
    const encryptionContext = '{"key1":"value1","键":"v +/=&%"}';
    const { ciphertextBlob } = await kms.call('Encrypt', { keyId, plaintext, encryptionContext });
    for (const same of [encryptionContext, ' {"键": "v +/=&%", "key1": "value1"} ']) {
      const decrypted = await kms.call('Decrypt', { ciphertextBlob, encryptionContext: same });
      assert.equal(decrypted.plaintext, plaintext);
    }
    for (const other of [{}, { encryptionContext: '{}' }, { encryptionContext: '{"key1":"value1"}' }]) {
      await kms.refused('Decrypt', { ciphertextBlob, ...other }, 4560, 10670);
    }
    await kms.refused('Encrypt', { keyId, plaintext, encryptionContext: 'nope' }, 4540, 10640);
  });

  test('data keys of every length; the number wins', async () => {
    const kms = client();
    const keyId = await newKey(kms);
    const encryptionContext = '{"for":"data keys"}';
    for (const [parameters, length] of [
      [{}, 32], [{ keySpec: 'AES_128' }, 16], [{ keySpec: 'AES_256' }, 32],
      [{ numberOfBytes: 1 }, 1], [{ keySpec: 'AES_128', numberOfBytes: 1024 }, 1024],
    ]) {
      const made = await kms.call('GenerateDataKey', { keyId, encryptionContext, ...parameters });
      assert.deepEqual([made.keyId, Buffer.from(made.plaintext, 'base64').length], [keyId, length]);
      const { ciphertextBlob } = made;
      assert.equal((await kms.call('Decrypt', { ciphertextBlob, encryptionContext })).plaintext, made.plaintext);
    }
    for (const numberOfBytes of [0, 1025]) {
      await kms.refused('GenerateDataKey', { keyId, numberOfBytes }, 4000, 10350);
    }
    await kms.refused('GenerateDataKey', { keyId, keySpec: 'DES' }, 4520, 10620);
  });
}

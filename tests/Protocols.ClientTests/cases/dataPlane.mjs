// What keys are for, in every form of request that an SDK makes.
import assert from 'node:assert/strict';
import { aliasName, newKey, random } from '../lib.mjs';

const context = { Example: 'Example', 'k 2': "v+/= ü*()'!~" };
const sameContext = { 'k 2': "v+/= ü*()'!~", Example: 'Example' };

export function dataPlane(test, client, has) {
  let key;
  test('a key to work with', async () => { key = await newKey(client(), { Description: 'data plane' }); });

  test('Encrypt and Decrypt, by key and by alias', async () => {
    const kms = client();
    const Plaintext = random(48);
    const AliasName = aliasName('data');
    await kms.call('CreateAlias', { AliasName, KeyId: key });
    for (const KeyId of [key, AliasName]) {
      const encrypted = await kms.call('Encrypt', { KeyId, Plaintext });
      assert.equal(encrypted.KeyId, key);
      const decrypted = await kms.call('Decrypt', { CiphertextBlob: encrypted.CiphertextBlob });
      assert.equal(decrypted.Plaintext, Plaintext);
      assert.equal(decrypted.KeyId, key);
    }
    await kms.call('DeleteAlias', { AliasName });
  });

  test('text that is not Base64 goes in and comes back as it is', async () => {
    const kms = client();
    const Plaintext = 'hello 世界 & = + %';
    const { CiphertextBlob } = await kms.call('Encrypt', { KeyId: key, Plaintext });
    assert.equal((await kms.call('Decrypt', { CiphertextBlob })).Plaintext, Plaintext);
  });

  test('6 KB, which makes request lines of up to 12 KB', async () => {
    const kms = client();
    const Plaintext = random(6144);
    const { CiphertextBlob } = await kms.call('Encrypt', { KeyId: key, Plaintext });
    assert.equal((await kms.call('Decrypt', { CiphertextBlob })).Plaintext, Plaintext);
    await kms.refused('Encrypt', { KeyId: key, Plaintext: random(6145) }, 'InvalidParameter', 400);
  });

  test('an encryption context, in any order, but none other', async () => {
    const kms = client();
    const Plaintext = random(16);
    const { CiphertextBlob } = await kms.call('Encrypt', { KeyId: key, Plaintext, EncryptionContext: context });
    const decrypted = await kms.call('Decrypt', { CiphertextBlob, EncryptionContext: sameContext });
    assert.equal(decrypted.Plaintext, Plaintext);
    await kms.refused('Decrypt', { CiphertextBlob }, 'InvalidParameter', 400);
    const other = { ...context, Example: 'example' };
    await kms.refused('Decrypt', { CiphertextBlob, EncryptionContext: other }, 'InvalidParameter', 400);
  });

  test('a ciphertext of which one bit has changed', async () => {
    const kms = client();
    const { CiphertextBlob } = await kms.call('Encrypt', { KeyId: key, Plaintext: random(16) });
    const changed = Buffer.from(CiphertextBlob, 'base64');
    changed[changed.length - 1] ^= 1;
    await kms.refused('Decrypt', { CiphertextBlob: changed.toString('base64') }, 'InvalidParameter', 400);
  });

  test('GenerateDataKey', async () => {
    const kms = client();
    const lengths = [[{}, 32], [{ KeySpec: 'AES_128' }, 16], [{ KeySpec: 'AES_128', NumberOfBytes: 1024 }, 1024]];
    for (const [asked, length] of lengths) {
      const parameters = { KeyId: key, EncryptionContext: context, ...asked };
      const { Plaintext, CiphertextBlob } = await kms.call('GenerateDataKey', parameters);
      assert.equal(Buffer.from(Plaintext, 'base64').length, length);
      const decrypted = await kms.call('Decrypt', { CiphertextBlob, EncryptionContext: context });
      assert.equal(decrypted.Plaintext, Plaintext);
    }
    await kms.refused('GenerateDataKey', { KeyId: key, NumberOfBytes: 1025 }, 'InvalidParameter', 400);
  });

  test('GenerateDataKeyWithoutPlaintext', async () => {
    const kms = client();
    const generated = await kms.call('GenerateDataKeyWithoutPlaintext', { KeyId: key, NumberOfBytes: 24 });
    assert.equal(generated.Plaintext, undefined);
    const { Plaintext } = await kms.call('Decrypt', { CiphertextBlob: generated.CiphertextBlob });
    assert.equal(Buffer.from(Plaintext, 'base64').length, 24);
  });

  if (has('ReEncrypt')) test('ReEncrypt to another context', async () => {
    const kms = client();
    const Plaintext = random(32);
    const { CiphertextBlob } = await kms.call('Encrypt', { KeyId: key, Plaintext, EncryptionContext: { a: '1' } });
    const moved = await kms.call('ReEncrypt', {
      CiphertextBlob, SourceEncryptionContext: { a: '1' },
      DestinationKeyId: key, DestinationEncryptionContext: context,
    });
    assert.notEqual(moved.CiphertextBlob, CiphertextBlob);
    const decrypted = await kms.call('Decrypt', { CiphertextBlob: moved.CiphertextBlob, EncryptionContext: context });
    assert.equal(decrypted.Plaintext, Plaintext);
  });

  test('a disabled key refuses, an unknown one is not found', async () => {
    const kms = client();
    const { CiphertextBlob } = await kms.call('Encrypt', { KeyId: key, Plaintext: 'YQ==' });
    await kms.call('DisableKey', { KeyId: key });
    await kms.refused('Encrypt', { KeyId: key, Plaintext: 'YQ==' }, 'Rejected.Disabled', 409);
    await kms.refused('Decrypt', { CiphertextBlob }, 'Rejected.Disabled', 409);
    await kms.refused('GenerateDataKey', { KeyId: key }, 'Rejected.Disabled', 409);
    await kms.call('EnableKey', { KeyId: key });
    const nobody = crypto.randomUUID();
    await kms.refused('Encrypt', { KeyId: nobody, Plaintext: 'YQ==' }, 'Forbidden.KeyNotFound', 404);
    await kms.refused('Encrypt', { KeyId: 'alias/nobody', Plaintext: 'YQ==' }, 'Forbidden.AliasNotFound', 404);
  });
}

// Data keys that leave encrypted for the holder of a key pair outside. The typed client knows neither call.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { newKey, random } from '../lib.mjs';
import { decrypt, keyPair } from '../outside.mjs';

// With how much each can take, and how much of that can be asked for when it is made at once.
const wrappings = [
  ['RSA_2048', 'RSAES_OAEP_SHA_256', 190, 190],
  ['RSA_2048', 'RSAES_OAEP_SHA_1', 214, 214],
  ['EC_SM2', 'SM2PKE', 6047, 1024],
];

// Made when a test first asks: they are no case's own.
const pairs = {};
const pairOf = (WrappingKeySpec) => (pairs[WrappingKeySpec] ??= WrappingKeySpec === 'RSA_2048'
  ? keyPair('rsa', { modulusLength: 2048 })
  : keyPair('ec', { namedCurve: 'SM2' }));

const EncryptionContext = { of: 'a data key' };

export function dataKeys(test, client) {
  for (const [WrappingKeySpec, WrappingAlgorithm, most, mostMade] of wrappings) {
    const setUp = () => {
      const { privateKey, PublicKeyBlob } = pairOf(WrappingKeySpec);
      const opened = (exported) =>
        decrypt(WrappingAlgorithm, privateKey, Buffer.from(exported, 'base64')).toString('base64');
      return { wrapping: { WrappingKeySpec, WrappingAlgorithm, PublicKeyBlob }, opened };
    };

    test(`ExportDataKey for ${WrappingAlgorithm}`, async () => {
      const kms = client();
      const { wrapping, opened } = setUp();
      const KeyId = await newKey(kms);
      const generate = (asked) => kms.call('GenerateDataKey', { KeyId, ...asked, EncryptionContext });
      const encrypt = async (Plaintext) => ({
        ...await kms.call('Encrypt', { KeyId, Plaintext, EncryptionContext }), Plaintext,
      });
      const longest = await encrypt(random(most));
      for (const made of [await generate({}), await generate({ KeySpec: 'AES_128' }), longest]) {
        const { CiphertextBlob, KeyVersionId } = made;
        const { ExportedDataKey, RequestId, ...exported } = await kms.call(
          'ExportDataKey', { CiphertextBlob, EncryptionContext, ...wrapping });
        assert.equal(opened(ExportedDataKey), made.Plaintext);
        assert.deepEqual(exported, { KeyId, KeyVersionId });
        await kms.refused('ExportDataKey', { CiphertextBlob, ...wrapping }, 'InvalidParameter', 400);
      }
      const { CiphertextBlob } = await encrypt(random(most + 1));
      const tooLong = { CiphertextBlob, EncryptionContext, ...wrapping };
      await kms.refused('ExportDataKey', tooLong, 'InvalidParameter', 400);
    });

    test(`GenerateAndExportDataKey for ${WrappingAlgorithm}`, async () => {
      const kms = client();
      const { wrapping, opened } = setUp();
      const KeyId = await newKey(kms);
      for (const [asked, length] of [
        [{}, 32], [{ KeySpec: 'AES_128' }, 16], [{ KeySpec: 'AES_128', NumberOfBytes: mostMade }, mostMade],
      ]) {
        const { CiphertextBlob, ExportedDataKey, RequestId, ...made } = await kms.call(
          'GenerateAndExportDataKey', { KeyId, ...asked, EncryptionContext, ...wrapping });
        const decrypted = await kms.call('Decrypt', { CiphertextBlob, EncryptionContext });
        assert.equal(Buffer.from(decrypted.Plaintext, 'base64').length, length);
        assert.equal(opened(ExportedDataKey), decrypted.Plaintext);
        assert.deepEqual(made, { KeyId, KeyVersionId: decrypted.KeyVersionId });
      }
      const tooLong = { KeyId, NumberOfBytes: mostMade + 1, ...wrapping };
      await kms.refused('GenerateAndExportDataKey', tooLong, 'InvalidParameter', 400);
    });
  }

  test('no other public keys, no other wrappings', async () => {
    const kms = client();
    const KeyId = await newKey(kms);
    const { CiphertextBlob } = await kms.call('GenerateDataKey', { KeyId });
    const { PublicKeyBlob, publicKey } = pairOf('RSA_2048');
    const good = { WrappingKeySpec: 'RSA_2048', WrappingAlgorithm: 'RSAES_OAEP_SHA_256', PublicKeyBlob };
    const short = keyPair('rsa', { modulusLength: 1024 });
    const p256 = keyPair('ec', { namedCurve: 'prime256v1' });
    const sm2 = { WrappingKeySpec: 'EC_SM2', WrappingAlgorithm: 'SM2PKE' };
    // A point that is not on its curve would give away what is encrypted for it.
    const offCurve = Buffer.from(pairOf('EC_SM2').PublicKeyBlob, 'base64');
    offCurve[offCurve.length - 1] ^= 1;
    for (const wrong of [
      { WrappingAlgorithm: 'SM2PKE' }, { WrappingKeySpec: 'EC_SM2' }, { WrappingAlgorithm: 'RSAES_PKCS1_V1_5' },
      { WrappingKeySpec: 'RSA_3072' }, { PublicKeyBlob: random(294) }, { PublicKeyBlob: short.PublicKeyBlob },
      { PublicKeyBlob: p256.PublicKeyBlob }, { PublicKeyBlob: pairOf('EC_SM2').PublicKeyBlob }, sm2,
      { ...sm2, PublicKeyBlob: p256.PublicKeyBlob }, { ...sm2, PublicKeyBlob: offCurve.toString('base64') },
      { PublicKeyBlob: PublicKeyBlob.slice(0, -4) }, { PublicKeyBlob: publicKey },
    ]) {
      await kms.refused('ExportDataKey', { CiphertextBlob, ...good, ...wrong }, 'InvalidParameter', 400);
      await kms.refused('GenerateAndExportDataKey', { KeyId, ...good, ...wrong }, 'InvalidParameter', 400);
    }
    for (const name of Object.keys(good)) {
      const { [name]: left, ...incomplete } = { ...good, CiphertextBlob };
      await kms.refused('ExportDataKey', incomplete, 'MissingParameter', 400);
    }
  });

  test('a data key of a key that is disabled does not leave', async () => {
    const kms = client();
    const KeyId = await newKey(kms);
    const { CiphertextBlob } = await kms.call('GenerateDataKey', { KeyId });
    const wrapping = {
      WrappingKeySpec: 'EC_SM2', WrappingAlgorithm: 'SM2PKE', PublicKeyBlob: pairOf('EC_SM2').PublicKeyBlob,
    };
    await kms.call('DisableKey', { KeyId });
    await kms.refused('ExportDataKey', { CiphertextBlob, ...wrapping }, 'Rejected.Disabled', 409);
    await kms.refused('GenerateAndExportDataKey', { KeyId, ...wrapping }, 'Rejected.Disabled', 409);
  });
}

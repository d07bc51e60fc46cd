// Stop the server as a service manager does, start it again on the same directory: nothing has changed.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { aliasName, describe, importMaterial, newKey, newPair, random, versionsOf, wrap } from '../lib.mjs';
import { digest, encrypt, verifies } from '../outside.mjs';

const message = Buffer.from('signed before, verified after');
const signing = {
  RSA_2048: 'RSA_PSS_SHA_256', RSA_3072: 'RSA_PKCS1_SHA_256', EC_SM2: 'SM2DSA',
  EC_P256: 'ECDSA_SHA_256', EC_P256K: 'ECDSA_SHA_256',
};
const encrypting = { RSA_2048: 'RSAES_OAEP_SHA_1', RSA_3072: 'RSAES_OAEP_SHA_256', EC_SM2: 'SM2PKE' };

export function restart(test, server, clients) {
  const Plaintext = random(32);
  const material = crypto.randomBytes(32);
  const EncryptionContext = { over: 'a restart' };
  const AliasName = aliasName('stays');
  const made = {};
  let before;

  async function everything(kms) {
    const keys = [];
    for (let PageNumber = 1; ; PageNumber++) {
      const { Keys, TotalCount } = await kms.call('ListKeys', { PageNumber, PageSize: 100 });
      keys.push(...Keys.Key.map((key) => key.KeyId));
      if (keys.length >= TotalCount) break;
    }
    const metadata = [];
    for (const key of keys) metadata.push(await describe(kms, key));
    const { Aliases } = await kms.call('ListAliases', { PageSize: 100 });
    const { Tags } = await kms.call('ListResourceTags', { KeyId: made.key });
    const versions = [];
    for (const { KeyId } of [...made.signed, ...made.encrypted].map(({ pair }) => pair)) {
      versions.push(...await versionsOf(kms, KeyId));
    }
    return { metadata, Aliases, Tags, versions };
  }

  test('before: key pairs, signatures of theirs, ciphertexts for them, keys that rotate', async () => {
    const [kms] = clients();
    const plaintext = Buffer.from(Plaintext, 'base64');
    made.signed = [];
    for (const [KeySpec, Algorithm] of Object.entries(signing)) {
      const { pair, publicKey } = await newPair(kms, KeySpec, 'SIGN/VERIFY');
      const parameters = { ...pair, Algorithm, Digest: digest(Algorithm, publicKey, message).toString('base64') };
      made.signed.push({ pair, publicKey, parameters, Value: (await kms.call('AsymmetricSign', parameters)).Value });
    }
    made.encrypted = [];
    for (const [KeySpec, Algorithm] of Object.entries(encrypting)) {
      const { pair, publicKey } = await newPair(kms, KeySpec, 'ENCRYPT/DECRYPT');
      const { CiphertextBlob } = await kms.call('AsymmetricEncrypt', { ...pair, Algorithm, Plaintext });
      const byOthers = encrypt(Algorithm, publicKey, plaintext).map((each) => each.toString('base64'));
      made.encrypted.push({ pair, Algorithm, ciphertexts: [CiphertextBlob, ...byOthers] });
    }
    made.rotates = await newKey(kms, { EnableAutomaticRotation: true, RotationInterval: '90d' });
    made.sm4 = await newKey(kms, { KeySpec: 'Aliyun_SM4', Origin: 'EXTERNAL' });
    await importMaterial(kms, made.sm4, crypto.randomBytes(16), 'SM2PKE');
  });

  test('before: keys in every state, an alias, tags, ciphertexts of every client', async () => {
    const [kms] = clients();
    made.key = await newKey(kms, { Description: 'stays' });
    made.disabled = await newKey(kms);
    made.pending = await newKey(kms);
    made.external = await newKey(kms, { Origin: 'EXTERNAL' });
    made.waiting = await newKey(kms, { Origin: 'EXTERNAL' });
    await kms.call('DisableKey', { KeyId: made.disabled });
    await kms.call('ScheduleKeyDeletion', { KeyId: made.pending, PendingWindowInDays: 30 });
    await kms.call('CreateAlias', { AliasName, KeyId: made.key });
    await kms.call('TagResource', { KeyId: made.key, Tags: '[{"TagKey":"kept","TagValue":"yes"}]' });
    made.used = await importMaterial(kms, made.external, material);
    made.parameters = await kms.call('GetParametersForImport', {
      KeyId: made.waiting, WrappingAlgorithm: 'RSAES_PKCS1_V1_5', WrappingKeySpec: 'RSA_2048',
    });
    made.ciphertexts = [];
    for (const client of clients()) {
      for (const KeyId of [made.key, made.external, made.sm4, made.rotates]) {
        made.ciphertexts.push(await client.call('Encrypt', { KeyId, Plaintext, EncryptionContext }));
      }
    }
    before = await everything(kms);
  });

  test('SIGTERM ends it with exit code 0, and it starts again', async () => {
    const { ca } = server;
    assert.equal(await server.stop(), 0, server.output);
    await server.start();
    assert.equal(server.ca, ca, 'the certificate that clients trust has not changed');
  });

  test('after: all of it is as it was', async () => {
    const [kms] = clients();
    assert.deepEqual(await everything(kms), before);
    assert.equal((await describe(kms, AliasName)).KeyId, made.key);
  });

  test('after: every client decrypts what every client encrypted', async () => {
    for (const client of clients()) {
      for (const { KeyId, CiphertextBlob } of made.ciphertexts) {
        const decrypted = await client.call('Decrypt', { CiphertextBlob, EncryptionContext });
        assert.deepEqual([decrypted.Plaintext, decrypted.KeyId], [Plaintext, KeyId]);
      }
    }
  });

  test('after: states go on from where they were', async () => {
    const [kms] = clients();
    await kms.refused('Encrypt', { KeyId: made.disabled, Plaintext }, 'Rejected.Disabled', 409);
    await kms.call('EnableKey', { KeyId: made.disabled });
    await kms.call('Encrypt', { KeyId: made.disabled, Plaintext });
    await kms.call('CancelKeyDeletion', { KeyId: made.pending });
    await kms.refused('ImportKeyMaterial', made.used, 'InvalidImportToken', 400);
    const { ImportToken, PublicKey } = made.parameters;
    const EncryptedKeyMaterial = wrap(material, PublicKey, 'RSAES_PKCS1_V1_5');
    await kms.call('ImportKeyMaterial', { KeyId: made.waiting, ImportToken, EncryptedKeyMaterial });
    assert.equal((await describe(kms, made.waiting)).KeyState, 'Enabled');
  });

  test('after: signatures verify, and the private keys sign and decrypt', async () => {
    for (const kms of clients()) {
      for (const { pair, publicKey, parameters, Value } of made.signed) {
        assert.equal((await kms.call('GetPublicKey', pair)).PublicKey, publicKey);
        assert.equal((await kms.call('AsymmetricVerify', { ...parameters, Value })).Value, true);
        const again = await kms.call('AsymmetricSign', parameters);
        assert.ok(verifies(parameters.Algorithm, publicKey, message, Buffer.from(again.Value, 'base64')));
      }
      for (const { pair, Algorithm, ciphertexts } of made.encrypted) {
        for (const CiphertextBlob of ciphertexts) {
          const decrypted = await kms.call('AsymmetricDecrypt', { ...pair, Algorithm, CiphertextBlob });
          assert.equal(decrypted.Plaintext, Plaintext);
        }
      }
    }
  });
}

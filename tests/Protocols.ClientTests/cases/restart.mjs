// Stop the server as a service manager does, start it again on the same directory: nothing has changed.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { aliasName, describe, importMaterial, newKey, random, wrap } from '../lib.mjs';

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
    return { metadata, Aliases, Tags };
  }

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
      for (const KeyId of [made.key, made.external]) {
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
}

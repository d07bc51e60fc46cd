// What keys do that are older than a week: for the server's sake, they are (Server.age).
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, newKey, random, versionsOf } from '../lib.mjs';
import { digest, verifies } from '../outside.mjs';

const Plaintext = random(32);
const message = Buffer.from('signed by two versions');

export function aMonthLater(test, server, clients) {
  const made = [];

  test('a pair and a key of every client, to become old', async () => {
    for (const kms of clients()) {
      const [pairName, keyName] = [`a pair, ${crypto.randomUUID()}`, `a key, ${crypto.randomUUID()}`];
      const pair = await newKey(kms, { KeySpec: 'EC_P256', Description: pairName });
      const key = await newKey(kms, { Description: keyName });
      const { CiphertextBlob } = await kms.call('Encrypt', { KeyId: key, Plaintext });
      made.push({ kms, names: [pairName, keyName], pair, key, CiphertextBlob });
    }
    assert.equal(await server.stop(), 0, server.output);
    for (const name of made.flatMap(({ names }) => names)) server.age(name);
    await server.start();
  });

  test('CreateKeyVersion, once a week; both versions sign and verify', async () => {
    for (const { kms, pair: KeyId } of made) {
      const [first] = await versionsOf(kms, KeyId);
      const { KeyVersion: second } = await kms.call('CreateKeyVersion', { KeyId });
      assert.notEqual(second.KeyVersionId, first.KeyVersionId);
      assert.ok(Math.abs(Date.now() - Date.parse(second.CreationDate)) < 60_000);
      assert.deepEqual(await versionsOf(kms, KeyId), [first, second]);
      const { KeyVersionId } = second;
      assert.deepEqual((await kms.call('DescribeKeyVersion', { KeyId, KeyVersionId })).KeyVersion, second);
      await kms.refused('CreateKeyVersion', { KeyId }, 'Rejected.UnsupportedOperation', 400);
      assert.equal((await describe(kms, KeyId)).LastRotationDate, second.CreationDate);

      const pairs = [first, second].map((version) => ({ KeyId, KeyVersionId: version.KeyVersionId }));
      const Algorithm = 'ECDSA_SHA_256';
      for (const [i, pair] of pairs.entries()) {
        const { PublicKey } = await kms.call('GetPublicKey', pair);
        const Digest = digest(Algorithm, PublicKey, message).toString('base64');
        const { Value } = await kms.call('AsymmetricSign', { ...pair, Algorithm, Digest });
        assert.ok(verifies(Algorithm, PublicKey, message, Buffer.from(Value, 'base64')));
        for (const [j, other] of pairs.entries()) {
          const verified = await kms.call('AsymmetricVerify', { ...other, Algorithm, Digest, Value });
          assert.equal(verified.Value, i === j);
        }
      }
    }
  });

  test('a policy rotates at once, and what was encrypted before still decrypts', async () => {
    const policy = { EnableAutomaticRotation: true, RotationInterval: '7d' };
    for (const { kms, key: KeyId } of made) await kms.call('UpdateRotationPolicy', { KeyId, ...policy });
    for (const { kms, key: KeyId, CiphertextBlob } of made) {
      const until = Date.now() + 10_000;
      let versions = await versionsOf(kms, KeyId);
      while (versions.length < 2 && Date.now() < until) {
        await delay(50);
        versions = await versionsOf(kms, KeyId);
      }
      assert.equal(versions.length, 2);
      const [first, second] = versions.map((version) => version.KeyVersionId);
      const { PrimaryKeyVersion, AutomaticRotation, NextRotationDate } = await describe(kms, KeyId);
      assert.deepEqual([PrimaryKeyVersion, AutomaticRotation], [second, 'Enabled']);
      assert.equal(Date.parse(NextRotationDate) - Date.parse(versions[1].CreationDate), 7 * 86_400_000);

      const decrypted = await kms.call('Decrypt', { CiphertextBlob });
      assert.deepEqual([decrypted.Plaintext, decrypted.KeyVersionId], [Plaintext, first]);
      assert.equal((await kms.call('Encrypt', { KeyId, Plaintext })).KeyVersionId, second);
      assert.equal((await kms.call('GenerateDataKey', { KeyId })).KeyVersionId, second);
      if (!kms.has('ReEncrypt')) continue;
      const moved = await kms.call('ReEncrypt', { CiphertextBlob, DestinationKeyId: KeyId });
      assert.equal(moved.KeyVersionId, second);
      const after = await kms.call('Decrypt', { CiphertextBlob: moved.CiphertextBlob });
      assert.deepEqual([after.Plaintext, after.KeyVersionId], [Plaintext, second]);
    }
  });
}

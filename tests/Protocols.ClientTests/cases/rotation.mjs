// Versions and the policies that make them, as far as a new key shows them; an old one does in aMonthLater.mjs.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { aliasName, describe, newKey, newPair, time, uuid, versionsOf } from '../lib.mjs';

const day = 86_400_000;
const policyOf = ({ AutomaticRotation, RotationInterval, NextRotationDate, LastRotationDate }) =>
  [AutomaticRotation, RotationInterval,
    NextRotationDate && Date.parse(NextRotationDate) - Date.parse(LastRotationDate)];

export function rotation(test, client, has) {
  test('CreateKey with a policy', async () => {
    const kms = client();
    const { KeyMetadata } = await kms.call('CreateKey', { EnableAutomaticRotation: true, RotationInterval: '7d' });
    assert.deepEqual(policyOf(KeyMetadata), ['Enabled', '604800s', 7 * day]);
    assert.equal(KeyMetadata.LastRotationDate, KeyMetadata.CreationDate);
    assert.match(KeyMetadata.NextRotationDate, time);
    assert.match(KeyMetadata.PrimaryKeyVersion, uuid);
    assert.equal(KeyMetadata.KeySpec, 'Aliyun_AES_256');
    assert.deepEqual(await describe(kms, KeyMetadata.KeyId), KeyMetadata);
  });

  test('UpdateRotationPolicy: on, in every unit, and off', async () => {
    const kms = client();
    const KeyId = await newKey(kms);
    const every = (RotationInterval) => ({ EnableAutomaticRotation: true, RotationInterval });
    const off = { KeyId, EnableAutomaticRotation: false };
    assert.deepEqual(policyOf(await describe(kms, KeyId)), ['Disabled', undefined, undefined]);
    for (const [interval, days] of [
      ['7d', 7], ['168h', 7], ['10081m', 7 + 1 / 1440], ['604801s', 7 + 1 / 86400], ['730d', 730], ['17520h', 730],
    ]) {
      await kms.call('UpdateRotationPolicy', { KeyId, ...every(interval) });
      assert.deepEqual(policyOf(await describe(kms, KeyId)), ['Enabled', `${days * 86400}s`, days * day]);
    }
    const wrongs = ['6d', '167h', '604799s', '731d', '17521h', '7', 'd', '7w', '7.5d', '-7d', ' 7d', '7 d', '٧d'];
    for (const wrong of wrongs) {
      await kms.refused('UpdateRotationPolicy', { KeyId, ...every(wrong) }, 'InvalidParameter', 400);
      await kms.refused('CreateKey', every(wrong), 'InvalidParameter', 400);
    }
    for (const incomplete of [{ EnableAutomaticRotation: true }, { RotationInterval: '7d' }]) {
      await kms.refused('UpdateRotationPolicy', { KeyId, ...incomplete }, 'MissingParameter', 400);
    }
    assert.deepEqual(policyOf(await describe(kms, KeyId)), ['Enabled', '63072000s', 730 * day]);
    await kms.call('UpdateRotationPolicy', off);
    await kms.call('UpdateRotationPolicy', off);
    assert.deepEqual(policyOf(await describe(kms, KeyId)), ['Disabled', undefined, undefined]);
    assert.equal((await versionsOf(kms, KeyId)).length, 1);
  });

  test('a policy is suspended as long as the key is not enabled', async () => {
    const kms = client();
    const KeyId = await newKey(kms, { EnableAutomaticRotation: true, RotationInterval: '30d' });
    const policy = async () => policyOf(await describe(kms, KeyId));
    const update = { KeyId, EnableAutomaticRotation: true, RotationInterval: '60d' };
    const suspended = ['Suspended', '2592000s', 30 * day];
    await kms.call('DisableKey', { KeyId });
    assert.deepEqual(await policy(), suspended);
    await kms.refused('UpdateRotationPolicy', update, 'Rejected.Disabled', 409);
    await kms.call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
    assert.deepEqual(await policy(), suspended);
    await kms.refused('UpdateRotationPolicy', update, 'Rejected.PendingDeletion', 409);
    await kms.call('CancelKeyDeletion', { KeyId });
    assert.deepEqual(await policy(), ['Enabled', '2592000s', 30 * day]);
    await kms.call('UpdateRotationPolicy', update);
    assert.deepEqual(await policy(), ['Enabled', '5184000s', 60 * day]);
  });

  test('what does not rotate by itself, and what not when asked', async () => {
    const kms = client();
    const policy = { EnableAutomaticRotation: true, RotationInterval: '7d' };
    const external = await newKey(kms, { Origin: 'EXTERNAL' });
    const symmetric = await newKey(kms);
    const { pair } = await newPair(kms, 'EC_P256', 'SIGN/VERIFY');
    await kms.refused('UpdateRotationPolicy', { KeyId: external, ...policy }, 'Unsupported.Origin', 400);
    await kms.refused('UpdateRotationPolicy', { KeyId: pair.KeyId, ...policy }, 'Rejected.UnsupportedOperation', 400);
    await kms.refused('CreateKey', { Origin: 'EXTERNAL', ...policy }, 'InvalidParameter', 400);
    await kms.refused('CreateKeyVersion', { KeyId: symmetric }, 'Rejected.UnsupportedOperation', 400);
    await kms.refused('CreateKeyVersion', { KeyId: crypto.randomUUID() }, 'Forbidden.KeyNotFound', 404);
    // A pair gets its second version a week after the first at the earliest.
    await kms.refused('CreateKeyVersion', { KeyId: pair.KeyId }, 'Rejected.UnsupportedOperation', 400);
    assert.equal((await versionsOf(kms, pair.KeyId)).length, 1);
  });

  test('the one version of a new key, in every answer that names one', async () => {
    const kms = client();
    const { KeyMetadata } = await kms.call('CreateKey', {});
    const { KeyId, PrimaryKeyVersion: KeyVersionId } = KeyMetadata;
    const version = { KeyId, KeyVersionId, CreationDate: KeyMetadata.CreationDate };
    const described = await kms.call('DescribeKeyVersion', { KeyId, KeyVersionId });
    assert.deepEqual(described.KeyVersion, version);
    const AliasName = aliasName('versions');
    await kms.call('CreateAlias', { AliasName, KeyId });
    assert.deepEqual(await versionsOf(kms, AliasName), [version]);
    const listed = await kms.call('ListKeyVersions', { KeyId });
    assert.deepEqual([listed.TotalCount, listed.PageNumber, listed.PageSize], [1, 1, 10]);
    const after = await kms.call('ListKeyVersions', { KeyId, PageNumber: 2, PageSize: 1 });
    assert.deepEqual([after.KeyVersions.KeyVersion, after.TotalCount, after.PageSize], [[], 1, 1]);

    const encrypted = await kms.call('Encrypt', { KeyId: AliasName, Plaintext: 'YQ==' });
    const { CiphertextBlob } = encrypted;
    const moving = { CiphertextBlob, DestinationKeyId: KeyId, DestinationEncryptionContext: { a: '1' } };
    for (const answer of [
      encrypted, await kms.call('Decrypt', { CiphertextBlob }), await kms.call('GenerateDataKey', { KeyId }),
      await kms.call('GenerateDataKeyWithoutPlaintext', { KeyId }),
      ...(has('ReEncrypt') ? [await kms.call('ReEncrypt', moving)] : []),
    ]) {
      assert.deepEqual([answer.KeyId, answer.KeyVersionId], [KeyId, KeyVersionId]);
    }

    const unknown = { KeyId, KeyVersionId: crypto.randomUUID() };
    await kms.refused('DescribeKeyVersion', unknown, 'Forbidden.KeyVersionNotFound', 404);
    const nobody = { KeyId: crypto.randomUUID(), KeyVersionId };
    await kms.refused('DescribeKeyVersion', nobody, 'Forbidden.KeyNotFound', 404);
    await kms.refused('ListKeyVersions', { KeyId: nobody.KeyId }, 'Forbidden.KeyNotFound', 404);
    await kms.refused('DescribeKeyVersion', { KeyId: AliasName, KeyVersionId }, 'Unsupported.Alias', 400);
  });
}

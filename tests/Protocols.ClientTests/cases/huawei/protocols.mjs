// The same keys by the protocols of two vendors.
import assert from 'node:assert/strict';
import * as aliyun from '../../lib.mjs';
import { service } from '../../server.mjs';
import { describe, newKey, newName } from './begin.mjs';

const plain_text = 'the same text 同文';
const Plaintext = Buffer.from(plain_text).toString('base64');
const context = { tenant: '7', for: '两' };

export function protocols(test, client, other) {
  test('ciphertexts go both ways, whoever made the key', async () => {
    const [huawei, ali] = [client(), other()];
    for (const key_id of [
      await newKey(huawei), await newKey(huawei, { key_spec: 'SM4' }),
      await aliyun.newKey(ali), await aliyun.newKey(ali, { KeySpec: 'Aliyun_SM4' }),
    ]) {
      const { cipher_text } = await huawei.call('encrypt-data', { key_id, plain_text, encryption_context: context });
      const theirs = await ali.call('Decrypt', { CiphertextBlob: cipher_text, EncryptionContext: context });
      assert.deepEqual([theirs.KeyId, theirs.Plaintext], [key_id, plain_text]);
      // What is text to the one is Base64 to the other, unless that one encrypted it.
      const { CiphertextBlob } = await ali.call('Encrypt', { KeyId: key_id, Plaintext, EncryptionContext: context });
      const ours = await huawei.call('decrypt-data', { cipher_text: CiphertextBlob, encryption_context: context });
      assert.deepEqual(ours, { key_id, plain_text, plain_text_base64: Plaintext });
      await huawei.refused('decrypt-data', { cipher_text: CiphertextBlob }, 'KMS.2201');
    }
  });

  test('data keys go both ways; bytes that are no text come in Base64', async () => {
    const [huawei, ali] = [client(), other()];
    const key_id = await newKey(huawei);
    const made = await huawei.call('create-datakey', { key_id, encryption_context: context });
    const theirs = await ali.call('Decrypt', {
      CiphertextBlob: Buffer.from(made.cipher_text, 'hex').toString('base64'), EncryptionContext: context,
    });
    assert.equal(theirs.Plaintext, Buffer.from(made.plain_text, 'hex').toString('base64'));
    const { CiphertextBlob } = await ali.call('GenerateDataKeyWithoutPlaintext', { KeyId: key_id, KeySpec: 'AES_128' });
    const cipher_text = Buffer.from(CiphertextBlob, 'base64').toString('hex');
    const ours = await huawei.call('decrypt-datakey', { key_id, cipher_text, datakey_cipher_length: '16' });
    const { Plaintext: dataKey } = await ali.call('Decrypt', { CiphertextBlob });
    assert.equal(dataKey, Buffer.from(ours.data_key, 'hex').toString('base64'));

    const noText = Buffer.from([0xff, 0xfe, 0]).toString('base64');
    const encrypted = await ali.call('Encrypt', { KeyId: key_id, Plaintext: noText });
    const decrypted = await huawei.call('decrypt-data', { cipher_text: encrypted.CiphertextBlob });
    assert.deepEqual(decrypted, { key_id, plain_text: noText, plain_text_base64: noText });
  });

  test('the name of a key is an alias of the other protocol, and unique among both', async () => {
    const [huawei, ali] = [client(), other()];
    const [first, second] = [newName('first'), newName('second')];
    const key_id = await newKey(huawei, { key_alias: first });
    const KeyId = await aliyun.newKey(ali);
    assert.equal((await aliyun.describe(ali, `alias/${first}`)).KeyId, key_id);
    await ali.refused('CreateAlias', { KeyId, AliasName: `alias/${first}` }, 'AliasAlreadyExists', 400);
    await ali.call('CreateAlias', { KeyId, AliasName: `alias/${second}` });
    assert.equal((await describe(huawei, KeyId)).key_alias, '');
    await huawei.refused('create-key', { key_alias: second }, 'KMS.1104');
    await huawei.refused('update-key-alias', { key_id, key_alias: second }, 'KMS.1104');
    await ali.call('DeleteAlias', { AliasName: `alias/${second}` });
    await huawei.call('update-key-alias', { key_id, key_alias: second });
    assert.equal((await aliyun.describe(ali, `alias/${second}`)).KeyId, key_id);
    await ali.refused('DescribeKey', { KeyId: `alias/${first}` }, 'Forbidden.AliasNotFound', 404);
  });

  test('states, descriptions, tags and lists are the same keys\'', async () => {
    const [huawei, ali] = [client(), other()];
    const key_id = await newKey(huawei, { key_description: 'seen by both' });
    const both = async () =>
      [(await describe(huawei, key_id)).key_state, (await aliyun.describe(ali, key_id)).KeyState];
    assert.equal((await aliyun.describe(ali, key_id)).Description, 'seen by both');
    await ali.call('DisableKey', { KeyId: key_id });
    assert.deepEqual(await both(), ['3', 'Disabled']);
    await huawei.refused('disable-key', { key_id }, 'KMS.1301');
    await huawei.call('schedule-key-deletion', { key_id, pending_days: '1096' });
    assert.deepEqual(await both(), ['4', 'PendingDeletion']);
    await ali.call('CancelKeyDeletion', { KeyId: key_id });
    assert.deepEqual(await both(), ['2', 'Enabled']);
    await ali.call('ScheduleKeyDeletion', { KeyId: key_id, PendingWindowInDays: 7 });
    await huawei.call('cancel-key-deletion', { key_id });
    assert.deepEqual(await both(), ['3', 'Disabled']);

    await huawei.call('POST {key_id}/tags', { tag: { key: 'a', value: '1' } }, { key_id });
    await ali.call('TagResource', { KeyId: key_id, Tags: '[{"TagKey":"b","TagValue":"2"}]' });
    const { tags } = await huawei.call('GET {key_id}/tags', {}, { key_id });
    assert.deepEqual(tags, [{ key: 'a', value: '1' }, { key: 'b', value: '2' }]);
    const { Tags } = await ali.call('ListResourceTags', { KeyId: key_id });
    assert.deepEqual(Tags.Tag.map((tag) => [tag.TagKey, tag.TagValue]), [['a', '1'], ['b', '2']]);

    const KeyId = await aliyun.newKey(ali, { KeySpec: 'EC_P256' });
    const { keys, total } = await huawei.call('list-keys');
    assert.ok(keys.includes(KeyId));
    assert.equal((await ali.call('ListKeys')).TotalCount, total);
    const described = await describe(huawei, KeyId);
    assert.deepEqual([described.key_spec, described.key_usage], ['EC_P256', 'SIGN_VERIFY']);
  });

  test('a service\'s default master key, made when its alias is first named', async () => {
    const [huawei, ali] = [client(), other()];
    const count = async () => (await huawei.call('GET user-instances')).instance_num;
    const before = await count();
    const encrypted = await ali.call('Encrypt', { KeyId: `alias/${service}/default`, Plaintext });
    const key_id = encrypted.KeyId;
    const { key_alias, default_key_flag, sys_enterprise_project_id } = await describe(huawei, key_id);
    assert.deepEqual([key_alias, default_key_flag, sys_enterprise_project_id], [`${service}/default`, '1', '0']);
    assert.equal(await count(), before);
    const { cipher_text } = await huawei.call('encrypt-data', { key_id, plain_text });
    assert.equal((await huawei.call('decrypt-data', { cipher_text })).plain_text, plain_text);
    for (const [endpoint, more] of [
      ['disable-key'], ['schedule-key-deletion', { pending_days: '7' }],
      ['update-key-alias', { key_alias: newName('x') }], ['update-key-description', { key_description: '' }],
    ]) {
      await huawei.refused(endpoint, { key_id, ...more }, 'KMS.0211');
    }
  });
}

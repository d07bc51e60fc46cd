// The life of keys, their tags and their aliases.
import assert from 'node:assert/strict';
import { account, aliasName, describe, importMaterial, newKey, random, region, time, uuid } from '../lib.mjs';

export function keys(test, client, has) {
  test('CreateKey answers with all of the metadata', async () => {
    const kms = client();
    const Description = 'key 密钥 +&=~*';
    const { KeyMetadata } = await kms.call(
      'CreateKey', { Description, KeyUsage: 'ENCRYPT/DECRYPT', Origin: 'Aliyun_KMS', ProtectionLevel: 'HSM' });
    const { KeyId, CreationDate, PrimaryKeyVersion, ...rest } = KeyMetadata;
    const protection = kms.reads('DeletionProtection') ? { DeletionProtection: 'Disabled' } : {};
    assert.match(KeyId, uuid);
    assert.match(PrimaryKeyVersion, uuid);
    assert.match(CreationDate, time);
    assert.ok(Math.abs(Date.now() - Date.parse(CreationDate)) < 60_000);
    assert.deepEqual(rest, {
      Description, KeyState: 'Enabled', KeyUsage: 'ENCRYPT/DECRYPT', DeleteDate: '', Creator: account,
      Arn: `acs:kms:${region}:${account}:key/${KeyId}`, Origin: 'Aliyun_KMS', MaterialExpireTime: '',
      ProtectionLevel: 'HSM', KeySpec: 'Aliyun_AES_256', LastRotationDate: CreationDate,
      AutomaticRotation: 'Disabled', ...protection,
    });
    assert.deepEqual(await describe(kms, KeyId), KeyMetadata);
    assert.deepEqual(await describe(kms, KeyMetadata.Arn), KeyMetadata);
  });

  test('a Description of 8192 characters, and UpdateKeyDescription', async () => {
    const kms = client();
    const key = await newKey(kms, { Description: '密'.repeat(8192) });
    assert.equal((await describe(kms, key)).Description, '密'.repeat(8192));
    await kms.call('UpdateKeyDescription', { KeyId: key, Description: 'shorter' });
    assert.equal((await describe(kms, key)).Description, 'shorter');
    await kms.refused('CreateKey', { Description: 'a'.repeat(8193) }, 'InvalidParameter', 400);
  });

  test('the states, and what each forbids', async () => {
    const kms = client();
    const KeyId = await newKey(kms);
    const state = async () => (await describe(kms, KeyId)).KeyState;
    await kms.refused('CancelKeyDeletion', { KeyId }, 'Rejected.StateModifiedFailed', 409);
    for (const twice of [1, 2]) {
      await kms.call('DisableKey', { KeyId });
      assert.equal(await state(), 'Disabled', `call ${twice}`);
    }
    await kms.refused('GenerateDataKey', { KeyId }, 'Rejected.Disabled', 409);
    await kms.call('EnableKey', { KeyId });
    assert.equal(await state(), 'Enabled');

    for (const days of [6, 31]) {
      await kms.refused('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: days }, 'InvalidParameter', 400);
    }
    const before = Math.floor(Date.now() / 1000) * 1000;
    await kms.call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
    const pending = await describe(kms, KeyId);
    assert.equal(pending.KeyState, 'PendingDeletion');
    const wait = Date.parse(pending.DeleteDate) - before - 7 * 86_400_000;
    assert.ok(wait >= 0 && wait < 60_000, pending.DeleteDate);
    for (const action of ['EnableKey', 'DisableKey']) {
      await kms.refused(action, { KeyId }, 'Rejected.StateModifiedFailed', 409);
    }
    await kms.refused('GenerateDataKey', { KeyId }, 'Rejected.PendingDeletion', 409);
    await kms.refused('CreateAlias', { KeyId, AliasName: aliasName('x') }, 'Rejected.StateModifiedFailed', 409);
    await kms.refused('UpdateKeyDescription', { KeyId, Description: '' }, 'Rejected.PendingDeletion', 409);
    await kms.call('CancelKeyDeletion', { KeyId });
    const back = await describe(kms, KeyId);
    assert.deepEqual([back.KeyState, back.DeleteDate], ['Enabled', '']);
  });

  test('tags', async () => {
    const kms = client();
    const KeyId = await newKey(kms);
    const tag = (tags) => kms.call('TagResource', {
      KeyId, Tags: JSON.stringify(Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }))),
    });
    const tags = async () => Object.fromEntries((await kms.call('ListResourceTags', { KeyId })).Tags.Tag.map((each) => {
      assert.equal(each.KeyId, KeyId);
      return [each.TagKey, each.TagValue];
    }));
    await tag({ Project: 'Test', env: '' });
    await tag({ Project: 'a/b_c-d.e+f=g@h:i' });
    assert.deepEqual(await tags(), { Project: 'a/b_c-d.e+f=g@h:i', env: '' });
    await kms.call('UntagResource', { KeyId, TagKeys: '["Project","absent"]' });
    assert.deepEqual(await tags(), { env: '' });
    await tag(Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`t${i}`, 'v'])));
    const Tags = '[{"TagKey":"eleventh","TagValue":""}]';
    await kms.refused('TagResource', { KeyId, Tags }, 'Rejected.LimitExceeded', 400);
    await kms.refused('TagResource', { KeyId, Tags: '[{"TagKey":"a b","TagValue":""}]' }, 'InvalidParameter', 400);
  });

  if (has('CreateKey', 'Tags')) test('a key that has tags from its beginning', async () => {
    const kms = client();
    const tags = [{ TagKey: 'a', TagValue: '1' }, { TagKey: 'b', TagValue: '' }];
    const KeyId = await newKey(kms, { KeySpec: 'Aliyun_SM4', Tags: JSON.stringify(tags) });
    const { Tags } = await kms.call('ListResourceTags', { KeyId });
    assert.deepEqual(Tags.Tag, tags.map((tag) => ({ KeyId, ...tag })));
    await kms.refused('CreateKey', { Tags: '[{"TagKey":"","TagValue":""}]' }, 'InvalidParameter', 400);
  });

  test('an alias moves from key to key', async () => {
    const kms = client();
    const [first, second] = [await newKey(kms), await newKey(kms)];
    const AliasName = aliasName('moving');
    const aliasesOf = async (KeyId) => (await kms.call('ListAliasesByKeyId', { KeyId })).Aliases.Alias;
    await kms.call('CreateAlias', { AliasName, KeyId: first });
    await kms.refused('CreateAlias', { AliasName, KeyId: second }, 'AliasAlreadyExists', 400);
    assert.equal((await describe(kms, AliasName)).KeyId, first);
    await kms.call('UpdateAlias', { AliasName, KeyId: second });
    assert.equal((await kms.call('GenerateDataKey', { KeyId: AliasName })).KeyId, second);
    assert.deepEqual(await aliasesOf(first), []);
    const AliasArn = `acs:kms:${region}:${account}:${AliasName}`;
    assert.deepEqual(await aliasesOf(second), [{ AliasName, KeyId: second, AliasArn }]);
    await kms.refused('DisableKey', { KeyId: AliasName }, 'Unsupported.Alias', 400);
    await kms.call('DeleteAlias', { AliasName });
    await kms.refused('DeleteAlias', { AliasName }, 'Forbidden.AliasNotFound', 404);
    await kms.refused('UpdateAlias', { AliasName, KeyId: first }, 'Forbidden.AliasNotFound', 404);
    await kms.refused('DescribeKey', { KeyId: AliasName }, 'Forbidden.AliasNotFound', 404);
    await kms.refused('CreateAlias', { AliasName: 'no-prefix', KeyId: first }, 'InvalidParameter', 400);
  });

  test('DescribeRegions', async () => {
    const { Regions } = await client().call('DescribeRegions');
    assert.deepEqual(Regions, { Region: [{ RegionId: region }] });
  });

  test('a key of EXTERNAL origin by this client', async () => {
    const kms = client();
    const KeyId = await newKey(kms, { Origin: 'EXTERNAL' });
    await kms.refused('GenerateDataKey', { KeyId }, 'Rejected.PendingImport', 409);
    await importMaterial(kms, KeyId, Buffer.from(random(32), 'base64'));
    assert.equal((await describe(kms, KeyId)).KeyState, 'Enabled');
    await kms.call('DeleteKeyMaterial', { KeyId });
    assert.equal((await describe(kms, KeyId)).KeyState, 'PendingImport');
  });
}

export function listings(test, client, has) {
  // Every page once, from the first to one past the last.
  async function pages(kms, action, list, item, PageSize, others = {}) {
    const rows = [];
    for (let PageNumber = 1; ; PageNumber++) {
      const answer = await kms.call(action, { ...others, PageNumber, PageSize });
      const page = answer[list][item];
      assert.deepEqual([answer.PageNumber, answer.PageSize], [PageNumber, PageSize]);
      rows.push(...page);
      assert.equal(page.length, Math.max(0, Math.min(PageSize, answer.TotalCount - (PageNumber - 1) * PageSize)));
      if (page.length === 0) return rows;
    }
  }

  test('paging passes over every key and every alias once', async () => {
    const kms = client();
    const made = [];
    for (let i = 0; i < 5; i++) made.push(await newKey(kms));
    const names = made.map((_, i) => aliasName(`page-${i}`));
    for (const [i, KeyId] of made.entries()) await kms.call('CreateAlias', { KeyId, AliasName: names[i] });

    for (const size of [3, 100]) {
      const keyIds = (await pages(kms, 'ListKeys', 'Keys', 'Key', size)).map((row) => row.KeyId);
      assert.equal(new Set(keyIds).size, keyIds.length);
      assert.deepEqual(keyIds.slice(-5), made);
      const aliases = await pages(kms, 'ListAliases', 'Aliases', 'Alias', size);
      const found = aliases.filter((row) => names.includes(row.AliasName));
      assert.deepEqual(found.map((row) => [row.AliasName, row.KeyId]), names.map((name, i) => [name, made[i]]));
      assert.equal(new Set(aliases.map((row) => row.AliasName)).size, aliases.length);
    }
    assert.equal((await kms.call('ListKeys')).PageSize, 10);
    for (const wrong of [{ PageSize: 101 }, { PageSize: 0 }, { PageNumber: 0 }]) {
      await kms.refused('ListKeys', wrong, 'InvalidParameter', 400);
    }
  });

  test('the aliases of one key, by page', async () => {
    const kms = client();
    const KeyId = await newKey(kms);
    const names = [1, 2, 3].map((i) => aliasName(`of-${i}`));
    for (const AliasName of names) await kms.call('CreateAlias', { KeyId, AliasName });
    const page = (PageNumber) => kms.call('ListAliasesByKeyId', { KeyId, PageNumber, PageSize: 2 });
    const [one, two] = [await page(1), await page(2)];
    assert.deepEqual([one.TotalCount, two.TotalCount], [3, 3]);
    assert.deepEqual([...one.Aliases.Alias, ...two.Aliases.Alias].map((row) => row.AliasName), names);
  });

  if (has('ListKeys', 'Filters')) test('keys by state, kind, usage, protection level and creator', async () => {
    const kms = client();
    const made = {
      aes: await newKey(kms),
      disabled: await newKey(kms, { ProtectionLevel: 'HSM' }),
      external: await newKey(kms, { Origin: 'EXTERNAL' }),
      sm4: await newKey(kms, { KeySpec: 'Aliyun_SM4', ProtectionLevel: 'HSM' }),
      p256: await newKey(kms, { KeySpec: 'EC_P256' }),
      sm2: await newKey(kms, { KeySpec: 'EC_SM2', ProtectionLevel: 'HSM' }),
    };
    await kms.call('DisableKey', { KeyId: made.disabled });
    const named = new Map(Object.entries(made).map(([name, KeyId]) => [KeyId, name]));
    const listed = async (filters) => {
      const Filters = JSON.stringify(filters);
      const rows = await pages(kms, 'ListKeys', 'Keys', 'Key', 100, { Filters });
      for (const { KeyId, KeyArn } of rows) assert.equal(KeyArn, `acs:kms:${region}:${account}:key/${KeyId}`);
      return rows.map(({ KeyId }) => named.get(KeyId)).filter(Boolean);
    };
    const only = (Key, ...Values) => ({ Key, Values });
    for (const [filters, expected] of [
      [[], Object.keys(made)],
      [[only('KeyState')], Object.keys(made)],
      [[only('KeyState', 'Disabled')], ['disabled']],
      [[only('KeyState', 'Disabled', 'PendingImport')], ['disabled', 'external']],
      [[only('KeyState', 'Disabled'), only('KeyState', 'PendingImport')], ['disabled', 'external']],
      [[only('KeySpec', 'EC_P256', 'Aliyun_SM4')], ['sm4', 'p256']],
      [[only('KeyUsage', 'SIGN/VERIFY')], ['p256']],
      [[only('ProtectionLevel', 'HSM')], ['disabled', 'sm4', 'sm2']],
      [[only('ProtectionLevel', 'HSM'), only('KeyState', 'Enabled')], ['sm4', 'sm2']],
      [[only('ProtectionLevel', 'HSM'), only('KeyUsage', 'SIGN/VERIFY')], []],
      [[only('CreatorType', 'User'), only('KeySpec', 'EC_SM2')], ['sm2']],
      [[only('CreatorType', 'Service')], []],
    ]) {
      assert.deepEqual(await listed(filters), expected, JSON.stringify(filters));
    }
    for (const Filters of [
      '{}', 'KeyState', '[{"Key":"KeyState"}]', '[{"Key":"Color","Values":["red"]}]',
      '[{"Key":"KeyState","Values":["enabled"]}]', '[{"Key":"KeyState","Values":"Enabled"}]',
    ]) {
      await kms.refused('ListKeys', { Filters }, 'InvalidParameter', 400);
    }
  });
}

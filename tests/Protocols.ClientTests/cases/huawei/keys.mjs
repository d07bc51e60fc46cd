// The life of keys.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { account, region, uuid } from '../../server.mjs';
import { describe, instant, newKey, newName } from './begin.mjs';

const day = 86_400_000;

export function keys(test, client) {
  test('create-key, and all that describe-key says', async () => {
    const kms = client();
    const [key_alias, key_description] = [newName('Ab_9:/-'), 'key 密钥 "\\ +&=~*'];
    const sequence = crypto.randomUUID();
    const { key_info } = await kms.call('create-key', { key_alias, key_description, origin: 'kms', sequence });
    const { key_id, domain_id, ...nothing } = key_info;
    assert.match(key_id, uuid);
    assert.deepEqual([domain_id, nothing], [account, {}]);
    const { creation_date, ...rest } = await describe(kms, key_id);
    assert.match(creation_date, instant);
    assert.ok(Math.abs(Date.now() - Number(creation_date)) < 60_000);
    assert.deepEqual(rest, {
      key_id, domain_id, key_alias, realm: region, key_description, scheduled_deletion_date: '', key_state: '2',
      default_key_flag: '0', key_type: '1', expiration_time: '', origin: 'kms', sys_enterprise_project_id: '0',
      key_rotation_enabled: 'false', key_spec: 'AES_256', key_usage: 'ENCRYPT_DECRYPT',
    });
  });

  test('names and descriptions, and what they may be', async () => {
    const kms = client();
    const long = newName('n').padEnd(255, 'n');
    const key_id = await newKey(kms, { key_alias: long, key_description: '密'.repeat(255) });
    const about = async () => {
      const { key_alias, key_description } = await describe(kms, key_id);
      return { key_alias, key_description };
    };
    assert.deepEqual(await about(), { key_alias: long, key_description: '密'.repeat(255) });

    const key_alias = newName('renamed');
    assert.deepEqual(await kms.call('update-key-alias', { key_id, key_alias }), { key_info: { key_id, key_alias } });
    for (const key_description of ['', '新']) {
      const { key_info } = await kms.call('update-key-description', { key_id, key_description });
      assert.deepEqual(key_info, { key_id, key_description });
    }
    assert.deepEqual(await about(), { key_alias, key_description: '新' });
    assert.ok(await newKey(kms, { key_alias: long }), 'the name it had is free again');
    await kms.refused('create-key', { key_alias }, 'KMS.1104');
    await kms.refused('update-key-alias', { key_id, key_alias: long }, 'KMS.1104');
    for (const wrong of ['', 'a'.repeat(256), 'a b', '密', 'my/default']) {
      await kms.refused('create-key', { key_alias: wrong }, 'KMS.1101');
      await kms.refused('update-key-alias', { key_id, key_alias: wrong }, 'KMS.1101');
    }
    const tooLong = { key_alias: newName('x'), key_description: 'a'.repeat(256) };
    await kms.refused('create-key', tooLong, 'KMS.1103');
    await kms.refused('update-key-description', { key_id, ...tooLong }, 'KMS.1103');
    assert.deepEqual(await about(), { key_alias, key_description: '新' });
  });

  test('the states, and what each forbids', async () => {
    const kms = client();
    const key_id = await newKey(kms);
    const state = async () => (await describe(kms, key_id)).key_state;
    const encryption = { key_id, plain_text: 'a' };
    await kms.refused('enable-key', { key_id }, 'KMS.1201');
    await kms.refused('cancel-key-deletion', { key_id }, 'KMS.1501');
    const { cipher_text } = await kms.call('encrypt-data', encryption);

    assert.deepEqual(await kms.call('disable-key', { key_id }), { key_info: { key_id, key_state: '3' } });
    assert.equal(await state(), '3');
    await kms.refused('disable-key', { key_id }, 'KMS.1301');
    await kms.refused('encrypt-data', encryption, 'KMS.0209');
    await kms.refused('decrypt-data', { cipher_text }, 'KMS.0209');
    assert.deepEqual(await kms.call('enable-key', { key_id }), { key_info: { key_id, key_state: '2' } });

    for (const pending_days of ['6', '1097', '', '7.5']) {
      await kms.refused('schedule-key-deletion', { key_id, pending_days }, 'KMS.1401');
    }
    for (const days of [7, 1096]) {
      const before = Date.now();
      const scheduled = await kms.call('schedule-key-deletion', { key_id, pending_days: `${days}` });
      assert.deepEqual(scheduled, { key_id, key_state: '4' });
      const { key_state, scheduled_deletion_date } = await describe(kms, key_id);
      assert.equal(key_state, '4');
      assert.match(scheduled_deletion_date, instant);
      const wait = Number(scheduled_deletion_date) - before - days * day;
      assert.ok(wait >= 0 && wait < 60_000, scheduled_deletion_date);
      for (const [endpoint, more] of [
        ['encrypt-data', encryption], ['create-datakey'], ['update-key-alias', { key_alias: newName('x') }],
        ['update-key-description', { key_description: '' }],
      ]) {
        await kms.refused(endpoint, { key_id, ...more }, 'KMS.0210');
      }
      await kms.refused('schedule-key-deletion', { key_id, pending_days: '7' }, 'KMS.1402');
      await kms.refused('enable-key', { key_id }, 'KMS.1201');
      await kms.refused('disable-key', { key_id }, 'KMS.1301');
      assert.deepEqual(await kms.call('cancel-key-deletion', { key_id }), { key_id, key_state: '3' });
      assert.equal((await describe(kms, key_id)).scheduled_deletion_date, '');
    }
    await kms.call('enable-key', { key_id });
    assert.equal((await kms.call('decrypt-data', { cipher_text })).plain_text, 'a');
  });

  test('only those that are keys', async () => {
    const kms = client();
    for (const key_id of [crypto.randomUUID(), 'x', '', crypto.randomUUID().toUpperCase()]) {
      for (const endpoint of ['describe-key', 'enable-key', 'create-datakey', 'get-key-rotation-status']) {
        await kms.refused(endpoint, { key_id }, 'KMS.0205');
      }
    }
    await kms.refused('create-key', {}, 'KMS.0204');
    await kms.refused('describe-key', {}, 'KMS.0204');
    for (const wrong of [
      { origin: 'KMS' }, { key_spec: 'AES_512' }, { key_usage: 'SIGN_VERIFY' }, { enterprise_project_id: 'all' },
    ]) {
      await kms.refused('create-key', { key_alias: newName('x'), ...wrong }, 'KMS.0308');
    }
  });
}

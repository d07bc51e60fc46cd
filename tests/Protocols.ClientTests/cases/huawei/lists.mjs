// Lists of keys, and how many there are.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { describe, newKey, newName } from './begin.mjs';

// All keys that a list has, by pages of this size.
async function pages(kms, limit, filter = {}) {
  const [ids, details] = [[], []];
  for (let marker = ''; ;) {
    const page = await kms.call('list-keys', { ...filter, limit: `${limit}`, ...(marker && { marker }) });
    const { keys, key_details, next_marker, truncated, total, ...nothing } = page;
    assert.deepEqual(nothing, {});
    assert.equal(typeof total, 'number');
    assert.deepEqual(keys, key_details.map(({ key_id }) => key_id));
    ids.push(...keys);
    details.push(...key_details);
    assert.equal(truncated, `${ids.length < total}`);
    if (truncated === 'false') {
      assert.equal(next_marker, '');
      assert.equal(new Set(ids).size, total);
      return details;
    }
    assert.equal(keys.length, limit);
    assert.match(next_marker, /^\d+$/);
    marker = next_marker;
  }
}

const count = async (kms) => (await kms.call('GET user-instances')).instance_num;

export function lists(test, client) {
  const made = [];

  test('list-keys by pages says of each key what describe-key says', async () => {
    const kms = client();
    for (let i = 0; i < 5; i++) made.push(await newKey(kms));
    const described = [];
    for (const key_id of made) described.push(await describe(kms, key_id));
    for (const limit of [7, 1000]) {
      const listed = await pages(kms, limit);
      assert.deepEqual(listed.filter(({ key_id }) => made.includes(key_id)), described);
    }
    const { keys, truncated } = await kms.call('list-keys');
    assert.deepEqual(made.filter((key_id) => keys.includes(key_id)), made);
    assert.equal(truncated, 'false');
    const past = await kms.call('list-keys', { marker: '1000000' });
    assert.deepEqual([past.keys, past.truncated, past.next_marker], [[], 'false', '']);
  });

  test('list-keys by state', async () => {
    const kms = client();
    const [enabled, disabled, pending] = made;
    const imported = await newKey(kms, { origin: 'external' });
    await kms.call('disable-key', { key_id: disabled });
    await kms.call('schedule-key-deletion', { key_id: pending, pending_days: '7' });
    for (const [key_state, key_id] of [['2', enabled], ['3', disabled], ['4', pending], ['5', imported]]) {
      const listed = await pages(kms, 20, { key_state });
      assert.ok(listed.every((key) => key.key_state === key_state));
      assert.ok(listed.some((key) => key.key_id === key_id));
    }
    assert.deepEqual(await pages(kms, 20, { key_state: '1' }), []);
    for (const key_state of ['0', '6', '22', 'Enabled']) await kms.refused('list-keys', { key_state }, 'KMS.0308');
    for (const limit of ['0', '1001', '-1', 'x']) await kms.refused('list-keys', { limit }, 'KMS.1601');
    for (const marker of ['-1', 'x', '1.5']) await kms.refused('list-keys', { marker }, 'KMS.1602');
  });

  test('list-keys of an enterprise project', async () => {
    const kms = client();
    const [one, other] = [crypto.randomUUID(), crypto.randomUUID()];
    const keys = [];
    for (let i = 0; i < 2; i++) keys.push(await newKey(kms, { enterprise_project_id: one }));
    const idsOf = async (enterprise_project_id) =>
      (await pages(kms, 1000, { enterprise_project_id })).map(({ key_id }) => key_id);
    assert.deepEqual(await idsOf(one), keys);
    assert.deepEqual(await idsOf(other), []);
    assert.ok((await idsOf('0')).every((key_id) => !keys.includes(key_id)));
    assert.ok((await idsOf('0')).includes(made[0]));
    assert.equal((await idsOf('all')).length, (await pages(kms, 1000)).length);
    assert.equal((await describe(kms, keys[0])).sys_enterprise_project_id, one);
    await kms.refused('list-keys', { enterprise_project_id: 'none' }, 'KMS.0308');
  });

  test('user-instances and user-quotas count keys', async () => {
    const kms = client();
    const before = await count(kms);
    await newKey(kms);
    assert.equal(await count(kms), before + 1);
    await kms.refused('create-key', { key_alias: 'not good' }, 'KMS.1101');
    assert.equal(await count(kms), before + 1);
    const { quotas, ...nothing } = await kms.call('GET user-quotas');
    assert.deepEqual(nothing, {});
    const [keys, grants] = quotas.resources;
    const { quota, ...rest } = keys;
    assert.deepEqual(rest, { type: 'CMK', used: before + 1 });
    assert.ok(Number.isInteger(quota) && quota > before);
    assert.equal(grants.type, 'grant_per_CMK');
    assert.deepEqual([typeof grants.used, typeof grants.quota], ['number', 'number']);
  });

  test('keys by their names', async () => {
    const kms = client();
    const part = newName('found');
    const ids = [await newKey(kms, { key_alias: `a/${part}-1` }), await newKey(kms, { key_alias: `b/${part}-2` })];
    const matches = [{ key: 'resource_name', value: part }];
    const found = await kms.call('resource_instances/action', { action: 'filter', matches });
    assert.deepEqual(found.resources.map(({ resource_id }) => resource_id), ids);
    assert.equal(found.total_count, 2);
    const asked = { action: 'count', matches: [{ key: 'resource_name', value: `${part}-2` }] };
    assert.deepEqual(await kms.call('resource_instances/action', asked), { total_count: 1 });
    for (const [wrong, code] of [
      [{ key: 'name', value: 'a' }, 'KMS.0403'], [{ key: 'resource_name', value: 'a'.repeat(256) }, 'KMS.0402'],
    ]) {
      await kms.refused('resource_instances/action', { action: 'filter', matches: [wrong] }, code);
    }
  });
}

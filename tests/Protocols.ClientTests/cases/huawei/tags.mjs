// Tags, those of a key and those of the project, and keys by their tags.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { describe, newKey, newName } from './begin.mjs';

const tagsOf = async (kms, key_id) => {
  const { tags, existTagsNum, ...nothing } = await kms.call('GET {key_id}/tags', {}, { key_id });
  assert.deepEqual([existTagsNum, nothing], [tags.length, {}]);
  return asMap(tags);
};
const asMap = (tags) => Object.fromEntries(tags.map(({ key, value }) => [key, value]));
const asList = (tags) => Object.entries(tags).map(([key, value]) => ({ key, value }));

export function tags(test, client) {
  const add = (key_id, key, value) => client().call('POST {key_id}/tags', { tag: { key, value } }, { key_id });
  const batch = (key_id, action, list) =>
    client().call('POST {key_id}/tags/action', { action, tags: list }, { key_id });
  const remove = (key_id, key) => client().call('DELETE {key_id}/tags/{key}', {}, { key_id, key });

  test('added one by one and together, overwritten, removed', async () => {
    const kms = client();
    const key_id = await newKey(kms);
    assert.deepEqual(await tagsOf(kms, key_id), {});
    await add(key_id, 'env', 'test');
    await batch(key_id, 'create', asList({ 'two words': '值 +/&?#%', empty: '', env: 'production' }));
    assert.deepEqual(await tagsOf(kms, key_id), { env: 'production', 'two words': '值 +/&?#%', empty: '' });
    await batch(key_id, 'delete', [{ key: 'env', value: 'not this' }, { key: 'empty' }, { key: 'absent' }]);
    assert.deepEqual(await tagsOf(kms, key_id), { env: 'production', 'two words': '值 +/&?#%' });
    await remove(key_id, 'env');
    await remove(key_id, 'env');
    assert.deepEqual(await tagsOf(kms, key_id), { 'two words': '值 +/&?#%' });
  });

  test('a tag is removed whatever has to be escaped in its key', async () => {
    const kms = client();
    const key_id = await newKey(kms);
    await add(key_id, 'stays', '');
    // The SDK puts it into the path as it stands, and what is escaped on the way it signs escaped twice.
    const asItStands =
      ['plain', 'two words', '密钥', 'a+b', 'a:b@c', '~_.-', '(a)!', 'a,b;c$d&e', '{a}[b]', '"a"`b`', '😀'];
    // With these the caller has to escape them. (Where there is a ', a ^ or a | the SDK signs another path than
    // it sends.)
    const toEscape = ['a/b', '/', 'a?b', 'a#b', '50%', '%41', 'a%2Fb', '密/钥 a', 'tags/action', 'a^b|c', 'it\'s'];
    const escape = (key) => encodeURIComponent(key).replaceAll('\'', '%27');
    for (const [keys, write] of [[asItStands, (key) => key], [[...asItStands, ...toEscape], escape]]) {
      for (const key of keys) {
        await add(key_id, key, 'v');
        await remove(key_id, write(key));
        assert.deepEqual(await tagsOf(kms, key_id), { stays: '' }, key);
      }
    }
  });

  test('what tags may be, and how many', async () => {
    const kms = client();
    const key_id = await newKey(kms);
    const path = { key_id };
    await add(key_id, '密'.repeat(36), '值'.repeat(43));
    for (const [key, value, code] of [
      ['', 'v', 'KMS.0411'], ['k'.repeat(37), 'v', 'KMS.0411'], ['k', 'v'.repeat(44), 'KMS.0410'],
      ['a*b', 'v', 'KMS.0406'], ['a=b', 'v', 'KMS.0406'], ['k', '<v>', 'KMS.0405'], ['k', 'a\\b', 'KMS.0405'],
      ['k\t', 'v', 'KMS.0406'], ['k', 'v\n', 'KMS.0405'],
    ]) {
      const tag = { key, value };
      await kms.refused('POST {key_id}/tags', { tag }, code, { path });
      await kms.refused('POST {key_id}/tags/action', { action: 'create', tags: [tag] }, code, { path });
    }
    const nine = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`t${i}`, `${i}`]));
    await batch(key_id, 'create', asList(nine));
    const tag = { key: 'eleventh', value: '' };
    await kms.refused('POST {key_id}/tags', { tag }, 'KMS.0409', { path });
    await add(key_id, 't0', 'changed');
    const before = await tagsOf(kms, key_id);
    assert.equal(Object.keys(before).length, 10);
    for (const [fields, code] of [
      [{ action: 'create', tags: [tag] }, 'KMS.0409'], [{ action: 'create', tags: [] }, 'KMS.0401'],
      [{ action: 'create', tags: [tag, tag] }, 'KMS.0412'],
      [{ action: 'create', tags: asList({ ...nine, a: '', b: '' }) }, 'KMS.0407'],
      [{ action: 'replace', tags: [tag] }, 'KMS.0404'], [{ action: 'create', tags: 'a' }, 'KMS.0412'],
    ]) {
      await kms.refused('POST {key_id}/tags/action', fields, code, { path });
    }
    assert.deepEqual(await tagsOf(kms, key_id), before);
    const nobody = { path: { key_id: crypto.randomUUID(), key: 'a' } };
    await kms.refused('GET {key_id}/tags', {}, 'KMS.0205', nobody);
    await kms.refused('POST {key_id}/tags', { tag }, 'KMS.0205', nobody);
    await kms.refused('DELETE {key_id}/tags/{key}', {}, 'KMS.0205', nobody);
  });

  test('the tags of the project', async () => {
    const kms = client();
    const key = newName('of-all');
    const ids = [await newKey(kms), await newKey(kms), await newKey(kms)];
    for (const [i, value] of ['b', 'a', 'b'].entries()) await add(ids[i], key, value);
    const valuesOf = async () => (await kms.call('GET tags')).tags.filter((tag) => tag.key === key);
    assert.deepEqual(await valuesOf(), [{ key, values: ['a', 'b'] }]);
    await remove(ids[1], key);
    assert.deepEqual(await valuesOf(), [{ key, values: ['b'] }]);
    for (const id of [ids[0], ids[2]]) await remove(id, key);
    assert.deepEqual(await valuesOf(), []);
  });

  test('keys by their tags: of one tag any value, of several tags all', async () => {
    const kms = client();
    const [team, stage] = [newName('team'), newName('stage')];
    const made = [['a', 'test'], ['a', 'live'], ['b', 'live'], ['c', 'live']];
    const ids = [];
    for (const [value, of] of made) {
      ids.push(await newKey(kms));
      await batch(ids.at(-1), 'create', asList({ [team]: value, [stage]: of }));
    }
    const only = (key, ...values) => ({ key, values });
    const query = (action, ...list) => ({ action, tags: list });
    for (const [list, expected] of [
      [[only(team, 'a')], [0, 1]], [[only(team, 'a', 'b')], [0, 1, 2]], [[only(team, 'd')], []],
      [[only(team)], [0, 1, 2, 3]], [[only(team, 'a', 'b'), only(stage, 'live')], [1, 2]],
      [[only(team, 'b'), only(stage, 'test')], []],
    ]) {
      const { resources, total_count } = await kms.call('resource_instances/action', query('filter', ...list));
      assert.deepEqual(resources.map((found) => found.resource_id), expected.map((i) => ids[i]));
      assert.equal(total_count, expected.length);
      const counted = await kms.call('resource_instances/action', query('count', ...list));
      assert.deepEqual(counted, { total_count });
      for (const found of resources) {
        const detail = await describe(kms, found.resource_id);
        const { resource_id, tags: tagsOfIt, ...rest } = found;
        assert.deepEqual(rest, { resource_detail: detail, resource_name: detail.key_alias });
        assert.deepEqual(asMap(tagsOfIt), await tagsOf(kms, resource_id));
      }
    }
    const byPage = [];
    for (const offset of ['0', '3']) {
      const asked = { ...query('filter', only(team)), limit: '3', offset };
      const page = await kms.call('resource_instances/action', asked);
      assert.equal(page.total_count, 4);
      byPage.push(page.resources.map((found) => found.resource_id));
    }
    assert.deepEqual(byPage, [ids.slice(0, 3), ids.slice(3)]);
    for (const [wrong, code] of [
      [{ action: 'find' }, 'KMS.0404'], [{ limit: '0' }, 'KMS.1601'], [{ limit: '1001' }, 'KMS.1601'],
      [{ offset: '-1' }, 'KMS.0417'], [{ tags: [only(team, ...'abcdefghijk')] }, 'KMS.0413'],
      [{ matches: 'a' }, 'KMS.0415'],
    ]) {
      await kms.refused('resource_instances/action', { action: 'filter', ...wrong }, code);
    }
  });
}

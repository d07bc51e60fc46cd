// Grants: what others than the account may do with one key.
import assert from 'node:assert/strict';
import { account } from '../../server.mjs';
import { instant, newKey } from './begin.mjs';

const someone = '13gg44z4g2sglzk0egw0u726zoyzvrs8';
const operations = ['create-datakey', 'describe-key'];

export function grants(test, client) {
  const listed = async (key_id, more = {}) => client().call('list-grants', { key_id, ...more });

  test('given, listed by pages, revoked', async () => {
    const kms = client();
    const key_id = await newKey(kms);
    const given = [
      { grantee_principal: someone, name: 'of-one', retiring_principal: someone },
      { grantee_principal: someone, grantee_principal_type: 'user' },
      { grantee_principal: account, grantee_principal_type: 'domain' },
    ];
    const ids = [];
    for (const grant of given) {
      const { grant_id, ...nothing } = await kms.call('create-grant', { key_id, operations, ...grant });
      assert.match(grant_id, /^[0-9a-f]{64}$/);
      assert.deepEqual(nothing, {});
      ids.push(grant_id);
    }
    const first = await listed(key_id, { limit: '2' });
    assert.deepEqual([first.truncated, first.total], ['true', 3]);
    const second = await listed(key_id, { limit: '2', marker: first.next_marker });
    assert.deepEqual([second.truncated, second.next_marker, second.total], ['false', '', 3]);
    for (const [i, grant] of [...first.grants, ...second.grants].entries()) {
      const { creation_date, ...rest } = grant;
      assert.match(creation_date, instant);
      assert.deepEqual(rest, {
        key_id, grant_id: ids[i], operations, issuing_principal: rest.issuing_principal,
        name: '', retiring_principal: '', grantee_principal_type: 'user', ...given[i],
      });
      assert.ok(rest.issuing_principal);
    }
    assert.deepEqual(await kms.call('revoke-grant', { key_id, grant_id: ids[1] }), {});
    assert.deepEqual((await listed(key_id)).grants.map(({ grant_id }) => grant_id), [ids[0], ids[2]]);
    await kms.refused('revoke-grant', { key_id, grant_id: ids[1] }, 'KMS.0308');
  });

  test('given up', async () => {
    const kms = client();
    const key_id = await newKey(kms);
    const grant = { key_id, operations, grantee_principal: account, grantee_principal_type: 'domain' };
    const { grant_id } = await kms.call('create-grant', grant);
    assert.deepEqual(await kms.call('retire-grant', { key_id, grant_id }), {});
    assert.deepEqual((await listed(key_id)).grants, []);
  });

  test('grants that are none', async () => {
    const kms = client();
    const key_id = await newKey(kms);
    const good = { key_id, operations, grantee_principal: someone };
    for (const wrong of [
      { operations: [] }, { operations: ['create-grant'] }, { operations: ['delete-key'] }, { grantee_principal: '' },
      { grantee_principal_type: 'group' }, { grantee_principal: 'another', grantee_principal_type: 'domain' },
    ]) {
      await kms.refused('create-grant', { ...good, ...wrong }, 'KMS.0308');
    }
    assert.equal((await listed(key_id)).total, 0);
  });
}

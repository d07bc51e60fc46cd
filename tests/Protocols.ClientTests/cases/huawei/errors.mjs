// The refusals that every application meets, as the SDK and as plain callers see them.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { keyOf, newBuilder, plain, projectIdOf, signed } from '../../huawei.mjs';
import { uuid } from '../../server.mjs';

const endpoints = ['list-keys', 'create-key', 'GET user-quotas'];
const anonymous = (server, projectId, headers = {}) => plain(`${server.http}/v1.0/${projectId}/kms/list-keys`, {
  method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: '{}',
});

export function errors(test, server) {
  test('a wrong secret and an unknown access key', async () => {
    const projectId = await projectIdOf(server.http);
    for (const over of [{ secret: 'not-the-secret' }, { id: 'nobody' }]) {
      const kms = signed(server.http, { ...over, projectId });
      for (const endpoint of endpoints) await kms.refused(endpoint, {}, 'APIGW.0301', { status: 401 });
    }
  });

  test('another project', async () => {
    const kms = signed(server.http, { projectId: crypto.randomBytes(16).toString('hex') });
    for (const endpoint of endpoints) await kms.refused(endpoint, {}, 'KMS.0305', { status: 403 });
  });

  test('an old signature', async () => {
    const kms = signed(server.http, { headers: { 'X-Sdk-Date': '2026-01-01T12:00:00Z' } });
    await kms.refused('list-keys', {}, 'APIGW.0301', { status: 401 });
  });

  test('the SDK\'s own exceptions tell the status and the request', async () => {
    const projectId = await projectIdOf(server.http);
    const credential = keyOf({ secret: 'wrong' }).withProjectId(projectId);
    const sdk = newBuilder().withCredential(credential).withEndpoint(server.http).build();
    const asked = {
      method: 'POST', url: '/v1.0/{project_id}/kms/list-keys', data: {}, contentType: 'application/json',
      queryParams: {}, pathParams: {}, headers: {},
    };
    const error = await sdk.hcClient.sendRequest(asked).then(() => assert.fail('not refused'), (e) => e);
    assert.deepEqual([error.httpStatusCode, error.errorCode], [401, 'APIGW.0301']);
    assert.match(error.requestId, uuid);
  });

  test('no signature and no token', async () => {
    const projectId = await projectIdOf(server.http);
    for (const headers of [{}, { 'x-auth-token': '' }, { 'x-auth-token': 'no token' }]) {
      const { status, headers: answered, body } = await anonymous(server, projectId, headers);
      assert.deepEqual([status, body.error.error_code], [403, 'KMS.0301']);
      assert.match(answered['x-request-id'], uuid);
    }
  });

  test('paths that are none', async () => {
    const kms = signed(server.http);
    for (const endpoint of ['no-such-call', 'GET create-key', 'POST user-quotas', 'POST create-key/more']) {
      await kms.refused(endpoint, {}, 'KMS.0201');
    }
  });

  test('bodies that are none', async () => {
    const kms = signed(server.http);
    await kms.refused('list-keys', { limit: { a: 1 } }, 'KMS.1601');
    await kms.refused('list-keys', { sequence: 'not one' }, 'KMS.0206');
    await kms.refused('create-key', { key_alias: 1 }, 'KMS.1101');
    await kms.refused('gen-random', {}, 'KMS.0204');
  });

  test('the certificate counts', async () => {
    const kms = signed(server.https, { projectId: await projectIdOf(server.http) });
    await assert.rejects(kms.call('list-keys'), (error) => /self.signed/.test(error.message ?? error.errorMsg));
  });
}

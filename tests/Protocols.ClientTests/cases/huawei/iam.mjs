// Who one is: by password and token, and what the SDK asks IAM for itself.
import assert from 'node:assert/strict';
import core from '@huaweicloud/huaweicloud-sdk-core';
import { IamClient } from '@huaweicloud/huaweicloud-sdk-iam/v3/IamClient.js';
import { byToken, keyOf, logIn, newBuilder, plain, projectIdOf, signed } from '../../huawei.mjs';
import { account, password, region } from '../../server.mjs';

const inMicroseconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const domain = { id: account, name: account };

export function iam(test, server) {
  // The vendor's typed client of IAM. (The package as a whole does not load: its part of version 5 is broken.)
  const typed = (credential = keyOf()) => IamClient.newBuilder()
    .withOptions({ customUserAgent: 'client-tests' }).withCredential(credential).withEndpoint(server.http).build();
  const refusedBySdk = (promise) => promise.then(() => assert.fail('not refused'), (error) => error);
  const login = (over = {}) => {
    const user = { name: account, password, domain: { name: account }, ...over };
    const identity = { methods: ['password'], password: { user } };
    return { body: { auth: { identity, scope: { project: { name: region } } } } };
  };
  const withToken = (method, token, subject = token) => plain(`${server.http}/v3/auth/tokens`, {
    method, headers: { 'x-auth-token': token, 'x-subject-token': subject },
  });

  // What the SDK looks up with: the client that a service's client holds.
  const hcClientOf = (credential) => {
    credential.withIamEndpoint(server.http);
    return newBuilder().withCredential(credential).withEndpoint(server.http).build().hcClient;
  };

  test('the SDK finds the project by itself', async () => {
    const id = await projectIdOf(server.http);
    assert.match(id, /^[0-9a-f]{32}$/);
    const credential = keyOf();
    assert.equal(await credential.getAuthParamFromIam(hcClientOf(credential), region), id);
    await signed(server.http).call('list-keys');
  });

  test('a region that is not ours has no project', async () => {
    const credential = keyOf();
    const error = await refusedBySdk(credential.getAuthParamFromIam(hcClientOf(credential), 'nowhere-1'));
    assert.match(error.message, /region input is not supported/);
  });

  test('projects, domains and regions by the typed client', async () => {
    const client = typed();
    const id = await projectIdOf(server.http);
    for (const [name, expected] of [[region, [id]], [undefined, [id]], ['nowhere-1', []]]) {
      const { projects } = await client.keystoneListProjects({ name });
      assert.deepEqual(projects.map((project) => project.id), expected);
      for (const project of projects) {
        const { links, ...rest } = project;
        assert.equal(links.self, `${server.http}/v3/projects/${id}`);
        assert.deepEqual(rest, {
          id, name: region, domain_id: account, parent_id: account, is_domain: false, description: '', enabled: true,
        });
      }
    }
    const { domains } = await client.keystoneListAuthDomains();
    assert.deepEqual(domains.map((each) => [each.id, each.name, each.enabled]), [[account, account, true]]);
    const { regions } = await client.keystoneListRegions();
    assert.deepEqual(regions.map((each) => [each.id, each.type]), [[region, 'public']]);
    // Credentials for all regions look for their domain.
    const global = new core.GlobalCredentials().withAk(keyOf().getAk()).withSk(keyOf().getSk());
    assert.equal(await global.getAuthParamFromIam(hcClientOf(global)), account);
  });

  test('a wrong secret is no one to IAM either', async () => {
    const error = await refusedBySdk(typed(keyOf({ secret: 'not-the-secret' })).keystoneListProjects({}));
    assert.equal(error.httpStatusCode, 401);
  });

  test('a token by the typed client', async () => {
    const client = typed();
    const { token, 'X-Subject-Token': text, httpStatusCode } = await client.keystoneCreateUserTokenByPassword(login());
    assert.equal(httpStatusCode, 201);
    const { expires_at, issued_at, ...rest } = token;
    for (const time of [expires_at, issued_at]) assert.match(time, inMicroseconds);
    assert.equal(Date.parse(expires_at) - Date.parse(issued_at), 86_400_000);
    assert.ok(Math.abs(Date.now() - Date.parse(issued_at)) < 60_000);
    const id = await projectIdOf(server.http);
    const { id: userId } = rest.user;
    assert.ok(userId);
    assert.deepEqual(rest, {
      methods: ['password'], catalog: [], roles: [], project: { id, name: region, domain },
      user: { id: userId, name: account, domain, password_expires_at: '' },
    });
    const validated = await client.keystoneValidateToken({ 'X-Subject-Token': text });
    assert.deepEqual([validated.token, validated['X-Subject-Token']], [token, text]);
    await byToken(server.http, { token: text }).call('list-keys');
    assert.ok(!server.output.includes(text));
  });

  test('a wrong password, an unknown user, and who is to be told nothing', async () => {
    const wrong = [{ password: 'not the password' }, { name: 'nobody' }, { domain: { name: '2000000000000002' } }];
    for (const over of wrong) {
      const error = await refusedBySdk(typed().keystoneCreateUserTokenByPassword(login(over)));
      assert.deepEqual([error.httpStatusCode, error.errorMsg], [401, 'The username or password is wrong.']);
    }
    const { status, headers, body } = await logIn(server.http, { password: 'not the password' });
    assert.equal(status, 401);
    assert.equal(headers['x-subject-token'], undefined);
    const message = 'The username or password is wrong.';
    assert.deepEqual(body, { error: { code: 401, message, title: 'Unauthorized' } });
  });

  test('a token opens its project, until it is revoked', async () => {
    const { ca } = server;
    const { headers } = await logIn(server.https, { ca });
    const token = headers['x-subject-token'];
    const kms = byToken(server.https, { ca, token });
    await kms.call('list-keys');
    assert.equal((await withToken('GET', token)).status, 200);
    const revoked = await withToken('DELETE', token);
    assert.deepEqual([revoked.status, revoked.body], [204, {}]);
    await kms.refused('list-keys', {}, 'KMS.0302', { status: 403 });
    assert.equal((await withToken('GET', token)).status, 401);
    const { headers: other } = await logIn(server.http);
    assert.equal((await withToken('GET', other['x-subject-token'], token)).status, 404);
  });

  test('tokens that open nothing', async () => {
    for (const [token, code] of [['no token', 'KMS.0301'], ['', 'KMS.0301'], ['bm90IG91cnM', 'KMS.0302']]) {
      await byToken(server.http, { token }).refused('list-keys', {}, code, { status: 403 });
    }
    const { headers, body } = await logIn(server.http, { scope: { domain: { name: account } } });
    assert.deepEqual([body.token.project, body.token.domain], [undefined, domain]);
    const ofDomain = byToken(server.http, { token: headers['x-subject-token'] });
    await ofDomain.refused('list-keys', {}, 'KMS.0305', { status: 403 });
  });
}

// Huawei Cloud's SDK behind one small interface. The registry has its core, which signs and sends, and the
// services' clients but for that of KMS, which is made as its builder makes them all.
import assert from 'node:assert/strict';
import http from 'node:http';
import https from 'node:https';
import core from '@huaweicloud/huaweicloud-sdk-core';
import { ClientBuilder } from '@huaweicloud/huaweicloud-sdk-core/ClientBuilder.js';
import { Logger4jInstance } from '@huaweicloud/huaweicloud-sdk-core/logger/log4jLogger.js';
import { account, credentials, password, region, uuid } from './server.mjs';

// It prints every error that it throws.
Logger4jInstance.level = 'off';

// ---- the clients: call('create-key', its fields) or call('GET {key_id}/tags', fields, { key_id })

// The endpoints, by method and path, that a client, by its name, has called with success.
export const carriedOut = new Map();

const nameOf = (endpoint) => (endpoint.includes(' ') ? endpoint : `POST ${endpoint}`);
const withoutContent = new Set(['POST {key_id}/tags/action', 'POST {key_id}/tags', 'DELETE {key_id}/tags/{key}']);

// send(method, url with {names}, data, path parameters) answers with { status, headers, body }.
function client(name, send) {
  // RSA pairs take a busy machine as long as they take; the server then says to come again, and so they do.
  async function patiently(endpoint, fields, path) {
    const [method, rest] = nameOf(endpoint).split(' ');
    for (let left = /create-key|for-import/.test(endpoint) ? 5 : 0; ; left--) {
      const answer = await send(method, `/v1.0/{project_id}/kms/${rest}`, fields, path);
      assert.match(answer.headers['x-request-id'], uuid);
      if (left === 0 || answer.body.error?.error_code !== 'KMS.0102') return answer;
    }
  }

  return {
    name,
    async call(endpoint, fields = {}, path = {}) {
      const { status, headers, body } = await patiently(endpoint, fields, path);
      const known = nameOf(endpoint);
      const expected = withoutContent.has(known) ? [204, undefined, {}] : [200, 'application/json', body];
      assert.deepEqual([status, headers['content-type'], body], expected, `${known}: ${JSON.stringify(body)}`);
      if (!carriedOut.has(name)) carriedOut.set(name, new Set());
      carriedOut.get(name).add(known);
      return body;
    },
    // Codes of the service are within "error", those of the gateway before it are not.
    async refused(endpoint, fields, code, { status = 400, path = {} } = {}) {
      const answer = await patiently(endpoint, fields, path);
      const { error_code, error_msg, ...rest } = answer.body.error ?? answer.body;
      assert.deepEqual([answer.status, error_code], [status, code], `${endpoint}: ${JSON.stringify(answer.body)}`);
      assert.equal(answer.headers['content-type'], 'application/json');
      assert.ok(error_msg);
      const isService = code.startsWith('KMS.');
      assert.deepEqual(Object.keys(answer.body), isService ? ['error'] : ['error_msg', 'error_code', 'request_id']);
      assert.deepEqual(rest, isService ? {} : { request_id: answer.headers['x-request-id'] });
    },
  };
}

// The SDK's own exception drops the code of an error of KMS, so answers are read here. Data that is {} is
// sent with GET and left out of DELETE, as by its generated clients.
export function sender(builder, more = {}) {
  const sdk = builder.build();
  return async (method, url, data, pathParams) => {
    let headers;
    const { httpStatusCode: status, ...body } = await sdk.hcClient.sendRequest({
      method, url, pathParams, data: { ...data }, queryParams: {}, headers: { ...more },
      contentType: 'application/json;charset=UTF-8',
      axiosRequestConfig: {
        timeout: 20_000,
        validateStatus: () => true,
        transformResponse: (text, received) => {
          headers = { ...received };
          return text && JSON.parse(text);
        },
      },
    });
    return { status, headers, body };
  };
}

// What needs no SDK.
export function plain(url, { method = 'GET', headers = {}, body = '', ca } = {}) {
  return new Promise((done, failed) => {
    const { request } = url.startsWith('https:') ? https : http;
    request(url, { method, headers, ca, timeout: 20_000 }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part)).once('error', failed).once('end', () => {
        const text = Buffer.concat(parts).toString();
        done({ status: answer.statusCode, headers: answer.headers, body: text ? JSON.parse(text) : {} });
      });
    }).once('error', failed).end(body);
  });
}

// A certificate to trust is given as an agent. Without a name of its own the SDK leaves an id in the home directory.
export const newBuilder = (ca) => new ClientBuilder((hcClient) => ({ hcClient })).withOptions({
  customUserAgent: 'client-tests', ...(ca && { axiosRequestConfig: { httpsAgent: new https.Agent({ ca }) } }),
});

export const keyOf = ({ id = credentials.id, secret = credentials.secret } = {}) =>
  new core.BasicCredentials().withAk(id).withSk(secret);

// The id of the account's only project.
export async function projectIdOf(url, ca) {
  const send = sender(newBuilder(ca).withCredential(keyOf()).withEndpoint(url));
  const { body } = await send('GET', '/v3/projects', {}, {});
  return body.projects[0].id;
}

// The SDK asks IAM the same if it is not told; then it does not know what certificate to trust.
export function signed(url, { ca, iam = url, projectId, headers, ...over } = {}) {
  const builder = newBuilder(ca).withCredential(keyOf(over).withIamEndpoint(iam).withProjectId(projectId))
    .withRegion({ id: region, endpoints: [url] });
  return client(`SDK over ${url.split(':')[0]}`, sender(builder, headers));
}

// A login as the document has it: { status, headers, body }.
export function logIn(url, { ca, scope = { project: { name: region } }, ...over } = {}) {
  const user = { name: account, password, domain: { name: account }, ...over };
  const auth = { identity: { methods: ['password'], password: { user } }, scope };
  const headers = { 'content-type': 'application/json;charset=utf8' };
  return plain(`${url}/v3/auth/tokens`, { method: 'POST', headers, body: JSON.stringify({ auth }), ca });
}

// What is done without an SDK: log in, then show the token. A URL escapes what must be.
export function byToken(url, { ca, token } = {}) {
  let login;
  async function loggedIn() {
    const { headers, body } = await logIn(url, { ca });
    return { token: headers['x-subject-token'], project_id: body.token.project.id };
  }
  return client(`token over ${url.split(':')[0]}`, async (method, path, fields, names) => {
    login ??= token === undefined ? loggedIn() : { token, project_id: await projectIdOf(url, ca) };
    const { token: shown, project_id } = await login;
    const parts = { ...names, project_id };
    const where = path.replaceAll(/\{(\w+)\}/g, (_, part) => parts[part]);
    return plain(url + where, {
      method, ca, body: method === 'POST' ? JSON.stringify(fields) : '',
      headers: { 'content-type': 'application/json', 'x-auth-token': shown },
    });
  });
}

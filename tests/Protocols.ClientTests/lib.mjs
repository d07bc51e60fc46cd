// Aliyun's SDKs behind one small interface.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import popcore from '@alicloud/pop-core';
import typed from '@alicloud/kms20160120';
import openapi from '@alicloud/openapi-client';
import util from '@alicloud/tea-util';
import { wrap } from './outside.mjs';
import { credentials, region, uuid } from './server.mjs';

export * from './server.mjs';
export { wrap };

export const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
export const aliasName = (what) => `alias/${what}-${crypto.randomBytes(6).toString('hex')}`;

// ---- the clients: call(action, parameters by their wire names) answers with the wire's names too

// The actions that a client, by its name, has carried out with success.
export const carriedOut = new Map();

const timeouts = { readTimeout: 20_000, connectTimeout: 20_000 };

function client(name, send, wordOf = (code) => code) {
  // RSA pairs take a busy machine as long as they take; the server then says to come again, and so they do.
  async function patiently(action, parameters) {
    for (let left = ['CreateKey', 'GetParametersForImport'].includes(action) ? 5 : 0; ; left--) {
      try {
        return await send(action, parameters);
      } catch (error) {
        if (left === 0 || error.code !== wordOf('ServiceUnavailableTemporary')) throw error;
      }
    }
  }

  return {
    name,
    // Whether it can say this action, with this parameter, and read this field of an answer.
    has: () => true,
    reads: () => true,
    async call(action, parameters = {}) {
      const answer = await patiently(action, parameters);
      assert.match(answer.RequestId, uuid);
      if (!carriedOut.has(name)) carriedOut.set(name, new Set());
      carriedOut.get(name).add(action);
      return answer;
    },
    async refused(action, parameters, code, status) {
      const error = await send(action, parameters).then(() => assert.fail(`${action} was not refused`), (e) => e);
      if (error instanceof assert.AssertionError) throw error;
      assert.equal(error.code, wordOf(code), `${action}: ${error.message}`);
      assert.equal(error.data.HttpStatus, status);
      assert.equal(error.data.statusCode ?? status, status);
      assert.match(error.data.RequestId, uuid);
      assert.ok(error.data.Message && error.data.HostId);
    },
  };
}

const asJson = (parameters) => Object.fromEntries(Object.entries(parameters).map(
  ([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : value]));

// pop-core: RPC signature, everything in the form of a POST or in the query of a GET.
export function popCore(url, method, { ca, id = credentials.id, secret = credentials.secret } = {}) {
  const sdk = new popcore.RPCClient({
    accessKeyId: id, accessKeySecret: secret, endpoint: url, apiVersion: '2016-01-20', opts: { ca, ...timeouts },
  });
  // Its JSON reader makes objects without a prototype, which no deepEqual takes for plain ones.
  const send = async (action, parameters) =>
    JSON.parse(JSON.stringify(await sdk.request(action, asJson(parameters), { method })));
  return client(`pop-core ${method}`, send);
}

// The typed client: RPC signature, everything in the query of a POST, contexts flattened. 1.2.0, the newest
// in the registry, lacks ReEncrypt, ExportDataKey and GenerateAndExportDataKey; Tags of CreateKey and
// Filters of ListKeys; and of what answers say, DeletionProtection in KeyMetadata.
export function typedClient(url, { id = credentials.id, secret = credentials.secret } = {}) {
  const { host, protocol } = new URL(url);
  const sdk = new typed.default({
    accessKeyId: id, accessKeySecret: secret, endpoint: host, protocol: protocol.slice(0, -1), regionId: region,
  });
  // It has no setting for a certificate to trust.
  const runtime = new util.RuntimeOptions({ ...timeouts, ignoreSSL: true, autoretry: false });
  const send = async (action, parameters) => {
    const Request = typed[`${action}Request`];
    const names = Object.entries(Request.names());
    const members = Object.entries(parameters).map(([wire, value]) => {
      const [member] = names.find(([, name]) => name === wire) ?? assert.fail(`${action} has no ${wire}`);
      return [member, value];
    });
    const method = `${action[0].toLowerCase()}${action.slice(1)}Ex`;
    const answer = await sdk[method](new Request(Object.fromEntries(members)), runtime);
    checkTypes(answer);
    return answer.toMap();
  };
  return {
    ...client('kms20160120', send, (code) => `${code}Error`),
    has: (action, parameter) => {
      const Request = typed[`${action}Request`];
      return Boolean(Request) && (!parameter || Object.values(Request.names()).includes(parameter));
    },
    reads: (field) => field !== 'DeletionProtection',
  };
}

// Only symmetric keys have a primary version, only a policy an interval and a next date.
const notAlways = new Set(['primaryKeyVersion', 'rotationInterval', 'nextRotationDate']);

// What the typed client declares, all of which an answer has to fill; it does not look itself.
function checkTypes(model) {
  const { name } = model.constructor;
  for (const [member, type] of Object.entries(model.constructor.types())) {
    const value = model[member];
    if (value === undefined && notAlways.has(member)) continue;
    if (typeof type === 'string') {
      assert.equal(typeof value, type, `${name}.${member}`);
    } else if (type.type === 'array') {
      assert.ok(Array.isArray(value), `${name}.${member}`);
      value.forEach(checkTypes);
    } else {
      assert.ok(value instanceof type, `${name}.${member}`);
      checkTypes(value);
    }
  }
}

// The generic client under the current SDKs: ACS3 header signature, or with "v2" the RPC one; the
// operation's parameters in the query or in a chunked form.
export function openApi(url, { signature, method = 'POST', form = false, ca, id, secret } = {}) {
  const { host, protocol } = new URL(url);
  const sdk = new openapi.default(new openapi.Config({
    accessKeyId: id ?? credentials.id, accessKeySecret: secret ?? credentials.secret,
    endpoint: host, protocol: protocol.slice(0, -1), regionId: region, signatureAlgorithm: signature,
  }));
  const runtime = new util.RuntimeOptions({ ...timeouts, ca, autoretry: false });
  const where = form ? 'body' : 'query';
  const send = async (action, parameters) => {
    const answer = await sdk.callApi(
      new openapi.Params({
        action, method, version: '2016-01-20', protocol: protocol.slice(0, -1).toUpperCase(), pathname: '/',
        authType: 'AK', style: 'RPC', reqBodyType: 'formData', bodyType: 'json',
      }),
      new openapi.OpenApiRequest({ [where]: asJson(parameters) }), runtime);
    assert.equal(answer.statusCode, 200);
    return answer.body;
  };
  return client(`openapi-client ${signature ?? 'acs3'} ${method} ${where}`, send);
}

// Every way in which the SDKs form a request.
export const allClients = (url, ca) => [
  popCore(url, 'POST', { ca }),
  popCore(url, 'GET', { ca }),
  typedClient(url),
  openApi(url, { ca }),
  openApi(url, { ca, form: true }),
  openApi(url, { ca, method: 'GET' }),
  openApi(url, { ca, signature: 'v2' }),
  openApi(url, { ca, signature: 'v2', form: true }),
];

// ---- the customer's part of bringing a key

export async function importMaterial(kms, KeyId, material, algorithm = 'RSAES_OAEP_SHA_256', KeyMaterialExpireUnix = 0) {
  const { PublicKey, ImportToken, TokenExpireTime } = await kms.call('GetParametersForImport', {
    KeyId, WrappingAlgorithm: algorithm, WrappingKeySpec: algorithm === 'SM2PKE' ? 'EC_SM2' : 'RSA_2048',
  });
  assert.match(TokenExpireTime, time);
  const parameters = {
    KeyId, ImportToken, EncryptedKeyMaterial: wrap(material, PublicKey, algorithm), KeyMaterialExpireUnix,
  };
  await kms.call('ImportKeyMaterial', parameters);
  return parameters;
}

// ---- what every case begins with

export const newKey = async (kms, parameters = {}) => (await kms.call('CreateKey', parameters)).KeyMetadata.KeyId;
export const describe = async (kms, KeyId) => (await kms.call('DescribeKey', { KeyId })).KeyMetadata;
export const versionsOf = async (kms, KeyId) => (await kms.call('ListKeyVersions', { KeyId })).KeyVersions.KeyVersion;

// A new key pair as the calls for such take it, KeyId and KeyVersionId, and its public key.
export async function newPair(kms, KeySpec, KeyUsage) {
  const KeyId = await newKey(kms, { KeySpec, KeyUsage });
  const [{ KeyVersionId }] = await versionsOf(kms, KeyId);
  const pair = { KeyId, KeyVersionId };
  return { pair, publicKey: (await kms.call('GetPublicKey', pair)).PublicKey };
}

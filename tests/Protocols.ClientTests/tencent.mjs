// Tencent Cloud's SDK behind one small interface. It gives back whatever JSON comes, so answers are read here.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import QcloudApi from 'qcloudapi-sdk';
import { credentials, uuid } from './server.mjs';

// The actions that a client, by its name, has carried out with success.
export const carriedOut = new Map();

export const newAlias = (what = 'key') => `${what}-${crypto.randomBytes(6).toString('hex')}`;
export const base64 = (text) => Buffer.from(text).toString('base64');

// The SDK's two methods and two signatures. It trusts any certificate unless it is told not to.
export function qcloud(url, { method = 'POST', signatureMethod = 'sha1', ca, ...over } = {}) {
  const { protocol, host } = new URL(url);
  const options = { method, signatureMethod, protocol: protocol.slice(0, -1), host };
  const { id: SecretId = credentials.id, secret: SecretKey = credentials.secret } = over;
  const sdk = new QcloudApi({ SecretId, SecretKey, Region: 'gz', serviceType: 'kms', ...options });
  const send = (Action, parameters) => new Promise((done, failed) => {
    const answered = (error, body) => (error ? failed(error) : done(body));
    sdk.request({ Action, ...parameters }, options, answered, { ca, strictSSL: true, timeout: 20_000 });
  });
  const name = `qcloudapi-sdk ${protocol} ${method} ${signatureMethod}`;
  return {
    name,
    async call(action, parameters = {}) {
      const { code, message, codeDesc, requestId, ...rest } = await send(action, parameters);
      assert.deepEqual([code, message, codeDesc], [0, '', 'Success'], `${action}: ${message}`);
      assert.match(requestId, uuid);
      if (!carriedOut.has(name)) carriedOut.set(name, new Set());
      carriedOut.get(name).add(action);
      return rest;
    },
    // A code and the code of the module, which the message begins with.
    async refused(action, parameters, code, module) {
      const answer = await send(action, parameters);
      assert.equal(answer.code, code, `${action}: ${JSON.stringify(answer)}`);
      assert.match(answer.message, new RegExp(`^\\(${module}\\).`));
      assert.match(answer.requestId, uuid);
      assert.deepEqual(Object.keys(answer), ['code', 'message', 'codeDesc', 'requestId']);
    },
  };
}

export const newKey = async (kms, parameters = {}) =>
  (await kms.call('CreateKey', { alias: newAlias(), ...parameters })).keyMetadata.keyId;

export const describe = async (kms, keyId) => (await kms.call('GetKeyAttributes', { keyId })).keyMetadata;

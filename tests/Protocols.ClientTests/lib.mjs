// A real server process, and the vendor's SDKs behind one small interface.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';
import popcore from '@alicloud/pop-core';
import typed from '@alicloud/kms20160120';
import openapi from '@alicloud/openapi-client';
import util from '@alicloud/tea-util';
import { encrypt, pem } from './outside.mjs';

export const credentials = { id: 'LTAIclienttests', secret: 'client-tests-secret' };
export const region = 'cn-hangzhou';
export const account = '1000000000000001';
export const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
export const random = (bytes) => crypto.randomBytes(bytes).toString('base64');
export const aliasName = (what) => `alias/${what}-${crypto.randomBytes(6).toString('hex')}`;

// ---- the server

function serverDll() {
  if (process.env.KMS_SERVER_DLL) return process.env.KMS_SERVER_DLL;
  const built = fileURLToPath(new URL('../../artifacts/bin/KmsActors.Server', import.meta.url));
  const [newest] = (existsSync(built) ? readdirSync(built) : [])
    .map((configuration) => join(built, configuration, 'KmsActors.Server.dll'))
    .filter(existsSync)
    .sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs);
  return newest ?? assert.fail(`build the server first: nothing in ${built}`);
}

// Below the range from which the system takes the ports of outgoing connections: a server that is
// started again must find its port free.
async function freePort() {
  for (;;) {
    const port = crypto.randomInt(20000, 32000);
    const probe = net.createServer();
    const free = await new Promise((done) => {
      probe.once('error', () => done(false)).listen(port, '127.0.0.1', () => probe.close(() => done(true)));
    });
    if (free) return port;
  }
}

export class Server {
  async start() {
    this.data ??= mkdtempSync(join(tmpdir(), 'kms-client-tests-'));
    this.http ??= `http://127.0.0.1:${await freePort()}`;
    this.https ??= `https://127.0.0.1:${await freePort()}`;
    this.output ??= '';
    this.process = spawn('dotnet', [serverDll(), '--data', this.data, '--urls', `${this.http};${this.https}`], {
      env: {
        ...process.env,
        KMS_ROOT_ACCESS_KEY_ID: credentials.id,
        KMS_ROOT_ACCESS_KEY_SECRET: credentials.secret,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream.on('data', (text) => { this.output += text; });
    }
    this.exited = new Promise((done) => this.process.once('exit', (code, signal) => done(signal ?? code)));
    this.ca = await this.#ready();
  }

  // Stopped as a service manager does it; answers with the exit code.
  async stop() {
    this.process.kill('SIGTERM');
    return this.exited;
  }

  // While it is stopped: makes the versions of the key with this description a month old, as nobody can wait
  // for that. SQLite's pages have no checksums, and so small a state is JSON that lies within one of them.
  age(description) {
    const path = join(this.data, 'kms.db');
    const marker = `"Description":"${description}"`;
    const parts = readFileSync(path, 'latin1').split(marker);
    assert.equal(parts.length, 2, 'the state is in the database, once');
    const date = new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10);
    const aged = parts[1].replace(/"Versions":\[.*?\]/s,
      (versions) => versions.replaceAll(/(?<="CreatedAt":")\d{4}-\d\d-\d\d/g, date));
    assert.notEqual(aged, parts[1]);
    writeFileSync(path, [parts[0], aged].join(marker), 'latin1');
  }

  async dispose() {
    if (this.process?.exitCode === null) await this.stop();
    if (this.data) rmSync(this.data, { recursive: true });
  }

  // It listens on its addresses one after the other, so the second is waited for as well.
  async #ready() {
    const until = Date.now() + 20_000;
    while (Date.now() < until && this.process.exitCode === null) {
      const answer = await fetch(`${this.http}/health/ready`).catch(() => null);
      const certificate = await certificateOf(new URL(this.https)).catch(() => null);
      if (answer?.status === 200 && certificate) return certificate;
      await delay(20);
    }
    assert.fail(`the server is not ready: ${this.output}`);
  }
}

// The certificate the server made for itself, in PEM, to be trusted as an administrator would.
function certificateOf(url) {
  return new Promise((done, failed) => {
    const socket = tls.connect({ host: url.hostname, port: url.port, rejectUnauthorized: false }, () => {
      const der = socket.getPeerCertificate().raw.toString('base64').match(/.{1,64}/g).join('\n');
      socket.end();
      done(`-----BEGIN CERTIFICATE-----\n${der}\n-----END CERTIFICATE-----\n`);
    }).once('error', failed);
  });
}

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

export function wrap(material, publicKey, algorithm) {
  const key = pem(publicKey);
  if (algorithm !== 'SM2PKE') {
    assert.equal(crypto.createPublicKey(key).asymmetricKeyDetails.modulusLength, 2048);
  }
  return encrypt(algorithm, key, material)[0].toString('base64');
}

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

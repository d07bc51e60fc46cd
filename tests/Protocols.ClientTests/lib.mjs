// A real server process, and the vendor's SDKs behind one small interface.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
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
  const found = (existsSync(built) ? readdirSync(built).sort().reverse() : [])
    .map((configuration) => join(built, configuration, 'KmsActors.Server.dll'))
    .find(existsSync);
  return found ?? assert.fail(`build the server first: nothing in ${built}`);
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

// The actions that some client has carried out with success.
export const carriedOut = new Set();

const timeouts = { readTimeout: 10_000, connectTimeout: 5_000 };

function client(name, send, wordOf = (code) => code) {
  return {
    name,
    has: () => true,
    async call(action, parameters = {}) {
      const answer = await send(action, parameters);
      assert.match(answer.RequestId, uuid);
      carriedOut.add(action);
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

// The typed client: RPC signature, everything in the query of a POST, contexts flattened.
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
    has: (action) => Boolean(typed[`${action}Request`]),
  };
}

// What the typed client declares; it does not look itself.
function checkTypes(model) {
  for (const [member, type] of Object.entries(model.constructor.types())) {
    const value = model[member];
    if (value === undefined || value === null) continue;
    if (typeof type === 'string') assert.equal(typeof value, type, member);
    else if (type.type === 'array') value.forEach((item) => { if (item.toMap) checkTypes(item); });
    else if (value.toMap) checkTypes(value);
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
  const key = crypto.createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  assert.equal(key.asymmetricKeyType, 'rsa');
  assert.equal(key.asymmetricKeyDetails.modulusLength, 2048);
  const { RSA_PKCS1_PADDING, RSA_PKCS1_OAEP_PADDING } = crypto.constants;
  const padding = {
    RSAES_PKCS1_V1_5: { padding: RSA_PKCS1_PADDING },
    RSAES_OAEP_SHA_1: { padding: RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
    RSAES_OAEP_SHA_256: { padding: RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
  }[algorithm];
  return crypto.publicEncrypt({ key, ...padding }, material).toString('base64');
}

export async function importMaterial(kms, KeyId, material, algorithm = 'RSAES_OAEP_SHA_256', KeyMaterialExpireUnix = 0) {
  const { PublicKey, ImportToken, TokenExpireTime } = await kms.call(
    'GetParametersForImport', { KeyId, WrappingAlgorithm: algorithm, WrappingKeySpec: 'RSA_2048' });
  assert.match(TokenExpireTime, time);
  const parameters = {
    KeyId, ImportToken, EncryptedKeyMaterial: wrap(material, PublicKey, algorithm), KeyMaterialExpireUnix,
  };
  await kms.call('ImportKeyMaterial', parameters);
  return parameters;
}

export const newKey = async (kms, parameters = {}) => (await kms.call('CreateKey', parameters)).KeyMetadata.KeyId;
export const describe = async (kms, KeyId) => (await kms.call('DescribeKey', { KeyId })).KeyMetadata;

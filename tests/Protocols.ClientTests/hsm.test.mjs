// The vendors' own SDKs against a server with a hardware module: all that they do with keys of the level HSM.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { later, newKey, openApi, popCore, random, Server } from './lib.mjs';
import { asymmetric } from './cases/asymmetric.mjs';
import { byok } from './cases/byok.mjs';
import { dataKeys } from './cases/dataKeys.mjs';
import { dataPlane } from './cases/dataPlane.mjs';
import { rotation } from './cases/rotation.mjs';
import * as huawei from './huawei.mjs';
import * as tencent from './tencent.mjs';

const server = Server.withToken();
before(() => server.start());
after(() => server.dispose());

// SoftHSM2 has neither SM2 nor SM4.
const levelOf = (KeySpec) => (/SM[24]/.test(KeySpec) ? 'SOFTWARE' : 'HSM');

// The same client, but all keys that it makes are in the module if they can be.
const inModule = (kms) => ({
  ...kms,
  call: (action, parameters = {}) => kms.call(
    action,
    action === 'CreateKey' ? { ...parameters, ProtectionLevel: levelOf(parameters.KeySpec) } : parameters),
});

const client = later(() => inModule(openApi(server.http)));
const { has } = openApi('http://127.0.0.1:1');
suite('level HSM: the data plane', () => dataPlane(test, client, has));
suite('level HSM: bring your own key', () => byok(test, client));
suite('level HSM: versions and rotation', () => rotation(test, client, has));
suite('level HSM: key pairs', () => asymmetric(test, client, has, levelOf));
suite('level HSM: exported data keys', () => dataKeys(test, client));

test('what the module has no mechanisms for is refused at that level, and at no other', async () => {
  const kms = popCore(server.http, 'POST');
  for (const more of [{ KeySpec: 'Aliyun_SM4' }, { KeySpec: 'EC_SM2' }, { KeySpec: 'Aliyun_SM4', Origin: 'EXTERNAL' }]) {
    await kms.refused('CreateKey', { ...more, ProtectionLevel: 'HSM' }, 'Unsupported.ProtectionLevel', 400);
    await kms.call('CreateKey', more);
  }
});

test('Huawei\'s and Tencent\'s SDKs use a key in the module as any other', async () => {
  const kms = inModule(popCore(server.http, 'POST'));
  const KeyId = await newKey(kms);
  const projectId = await huawei.projectIdOf(server.http);
  const one = huawei.signed(server.http, { projectId });
  const plain_text = 'a secret';
  const { cipher_text } = await one.call('encrypt-data', { key_id: KeyId, plain_text });
  assert.equal((await one.call('decrypt-data', { cipher_text })).plain_text, plain_text);
  const other = tencent.qcloud(server.http);
  const plaintext = random(32);
  const { ciphertextBlob } = await other.call('Encrypt', { keyId: KeyId, plaintext });
  assert.equal((await other.call('Decrypt', { ciphertextBlob })).plaintext, plaintext);
  assert.equal((await kms.call('Decrypt', { CiphertextBlob: ciphertextBlob })).Plaintext, plaintext);
});

test('keys are there again after a restart, and nowhere but in the module', async () => {
  const kms = popCore(server.http, 'POST');
  const key = await newKey(inModule(kms));
  const other = await newKey(kms);
  const Plaintext = random(32);
  const [{ CiphertextBlob }, inSoftware] =
    await Promise.all([key, other].map((KeyId) => kms.call('Encrypt', { KeyId, Plaintext })));
  server.assertQuiet();
  const { token } = server;
  assert.equal(await server.stop(), 0, server.output);
  delete server.token;
  await server.start();
  await kms.refused('Decrypt', { CiphertextBlob }, 'ServiceUnavailableTemporary', 503);
  assert.equal((await kms.call('Decrypt', { CiphertextBlob: inSoftware.CiphertextBlob })).Plaintext, Plaintext);
  assert.equal(await server.stop(), 0, server.output);
  server.token = token;
  await server.start();
  assert.equal((await kms.call('Decrypt', { CiphertextBlob })).Plaintext, Plaintext);
});

test('all the while the server wrote no complaint and no secret', () => server.assertQuiet());

// Huawei Cloud's own SDK, unchanged, against a real server process.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import { byToken, carriedOut, signed } from './huawei.mjs';
import { popCore } from './lib.mjs';
import { later, Server } from './server.mjs';
import { byok } from './cases/huawei/byok.mjs';
import { dataPlane } from './cases/huawei/dataPlane.mjs';
import { errors } from './cases/huawei/errors.mjs';
import { grants } from './cases/huawei/grants.mjs';
import { iam } from './cases/huawei/iam.mjs';
import { keys } from './cases/huawei/keys.mjs';
import { lists } from './cases/huawei/lists.mjs';
import { protocols } from './cases/huawei/protocols.mjs';
import { restart } from './cases/huawei/restart.mjs';
import { rotation } from './cases/huawei/rotation.mjs';
import { signatures } from './cases/huawei/signatures.mjs';
import { tags } from './cases/huawei/tags.mjs';

const server = new Server();
before(() => server.start());
after(() => server.dispose());

const clients = {
  'signed, over http': later(() => signed(server.http)),
  'signed, over https': later(() => signed(server.https, { ca: server.ca, iam: server.http })),
  'by token, over http': later(() => byToken(server.http)),
};

for (const [name, client] of Object.entries(clients)) {
  suite(`${name}: the data plane`, () => dataPlane(test, client));
  suite(`${name}: keys`, () => keys(test, client));
  suite(`${name}: lists`, () => lists(test, client));
  suite(`${name}: tags`, () => tags(test, client));
}
// RSA pairs and key pairs take their time, whatever they are asked for over.
const { 'signed, over http': client, 'by token, over http': holder } = clients;
for (const [name, kms] of [['signed', client], ['by token', holder]]) {
  suite(`${name}: bring your own key`, () => byok(test, kms));
  suite(`${name}: key pairs`, () => signatures(test, kms));
  suite(`${name}: rotation`, () => rotation(test, kms));
  suite(`${name}: grants`, () => grants(test, kms));
}
suite('IAM', () => iam(test, server));
suite('errors', () => errors(test, server));
suite('with Aliyun\'s protocol', () => protocols(test, client, later(() => popCore(server.http, 'POST'))));
suite('a restart', () => restart(test, server, client, holder));

test('all the while the server wrote no complaint and no secret', () => server.assertQuiet());

function endpointsOfTheServer() {
  const source = readFileSync(
    new URL('../../src/KmsActors.Protocols.Huawei/Actions/EndpointTable.cs', import.meta.url), 'utf8');
  const endpoints = [...source.matchAll(/^\s*\["([^"]+)"\] =/gm)].map((match) => match[1]);
  assert.ok(endpoints.length >= 34, 'the table is read as it is written');
  return endpoints;
}

for (const [name, kms] of [['signed', client], ['by token', holder]]) {
  test(`${name}: no endpoint was left out`, () => {
    const done = carriedOut.get(kms().name);
    assert.deepEqual(endpointsOfTheServer().filter((endpoint) => !done.has(endpoint)), []);
  });
}

// Tencent Cloud's own SDK, unchanged, against a real server process.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import { signed } from './huawei.mjs';
import { popCore } from './lib.mjs';
import { later, Server } from './server.mjs';
import { carriedOut, qcloud } from './tencent.mjs';
import { dataPlane } from './cases/tencent/dataPlane.mjs';
import { errors } from './cases/tencent/errors.mjs';
import { keys } from './cases/tencent/keys.mjs';
import { protocols } from './cases/tencent/protocols.mjs';
import { restart } from './cases/tencent/restart.mjs';

const server = new Server();
before(() => server.start());
after(() => server.dispose());

const clients = {
  'POST, sha1': later(() => qcloud(server.http)),
  'GET, sha1': later(() => qcloud(server.http, { method: 'GET' })),
  'POST, sha256': later(() => qcloud(server.http, { signatureMethod: 'sha256' })),
  'GET, sha256': later(() => qcloud(server.http, { method: 'GET', signatureMethod: 'sha256' })),
  'POST, sha256, over https': later(() => qcloud(server.https, { signatureMethod: 'sha256', ca: server.ca })),
};

for (const [name, client] of Object.entries(clients)) {
  suite(`${name}: keys`, () => keys(test, client));
  suite(`${name}: the data plane`, () => dataPlane(test, client));
}
const kms = clients['POST, sha1'];
suite('errors', () => errors(test, server));
suite('with the other protocols', () => protocols(
  test, kms, later(() => popCore(server.http, 'POST')), later(() => signed(server.http))));
suite('a restart', () => restart(test, server, kms));

test('all the while the server wrote no complaint and no secret', () => server.assertQuiet());

function actionsOfTheServer() {
  const source = readFileSync(
    new URL('../../src/KmsActors.Protocols.Tencent/Actions/ActionTable.cs', import.meta.url), 'utf8');
  const actions = [...source.matchAll(/^\s*\["([^"]+)"\] =/gm)].map((match) => match[1]);
  assert.equal(actions.length, 11, 'the table is read as it is written');
  return actions;
}

for (const [name, client] of Object.entries(clients)) {
  test(`${name}: no action was left out`, () => {
    const done = carriedOut.get(client().name);
    assert.deepEqual(actionsOfTheServer().filter((action) => !done.has(action)), []);
  });
}

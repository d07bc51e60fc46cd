// The vendor's own SDKs, unchanged, against a real server process.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import { allClients, carriedOut, later, openApi, popCore, Server, typedClient } from './lib.mjs';
import { aMonthLater } from './cases/aMonthLater.mjs';
import { asymmetric } from './cases/asymmetric.mjs';
import { byok } from './cases/byok.mjs';
import { dataKeys } from './cases/dataKeys.mjs';
import { dataPlane } from './cases/dataPlane.mjs';
import { errors } from './cases/errors.mjs';
import { keys, listings } from './cases/keys.mjs';
import { restart } from './cases/restart.mjs';
import { rotation } from './cases/rotation.mjs';
import { sm4 } from './cases/sm4.mjs';

const server = new Server();
before(() => server.start());
after(() => server.dispose());

for (const scheme of ['http', 'https']) {
  const clients = later(() => allClients(server[scheme], server.ca));
  for (const [i, { name, has }] of allClients('http://127.0.0.1:1').entries()) {
    suite(`${name} over ${scheme}: the data plane`, () => dataPlane(test, () => clients()[i], has));
  }
}

// One client of each kind of request, whose makers also tell what it can say.
const makers = {
  'pop-core POST': (url) => popCore(url, 'POST'),
  'pop-core GET': (url) => popCore(url, 'GET'),
  kms20160120: (url) => typedClient(url),
  'openapi-client acs3': (url) => openApi(url),
  'openapi-client v2': (url) => openApi(url, { signature: 'v2', form: true }),
};
const generations = Object.entries(makers).map(([name, make]) =>
  ({ name, client: later(() => make(server.http)), has: make('http://127.0.0.1:1').has }));
for (const { name, client, has } of generations) {
  suite(`${name}: keys, tags, aliases`, () => keys(test, client, has));
  suite(`${name}: listings`, () => listings(test, client, has));
  // All import a key or two; two go through all the ways, each of which uses up an RSA pair.
  if (/POST|acs3/.test(name)) suite(`${name}: bring your own key`, () => byok(test, client));
  suite(`${name}: versions and rotation`, () => rotation(test, client, has));
  suite(`${name}: key pairs`, () => asymmetric(test, client, has));
  suite(`${name}: SM4`, () => sm4(test, client, has));
  if (has('ExportDataKey')) suite(`${name}: exported data keys`, () => dataKeys(test, client));
}
suite('errors', () => errors(test, server));
const oneOfEach = () => generations.map(({ client }) => client());
suite('a restart', () => restart(test, server, oneOfEach));
suite('a month later', () => aMonthLater(test, server, oneOfEach));

test('all the while the server wrote no complaint and no secret', () => server.assertQuiet());

function actionsOfTheServer() {
  const source = readFileSync(
    new URL('../../src/KmsActors.Protocols.Aliyun/Actions/ActionTable.cs', import.meta.url), 'utf8');
  const actions = [...source.matchAll(/^\s*\["(\w+)"\] =/gm)].map((match) => match[1]);
  assert.ok(actions.length >= 36, 'the table is read as it is written');
  return actions;
}

test('no operation was left out', () => {
  const done = new Set([...carriedOut.values()].flatMap((actions) => [...actions]));
  assert.deepEqual(actionsOfTheServer().filter((action) => !done.has(action)), []);
});

test('no client left out an operation that it knows', () => {
  for (const { client, has } of generations) {
    const { name } = client();
    const leftOut = actionsOfTheServer().filter((action) => has(action) && !carriedOut.get(name)?.has(action));
    assert.deepEqual(leftOut, [], name);
  }
});

test('what the typed client does not know is what lib.mjs says', () => {
  const unknown = actionsOfTheServer().filter((action) => !typedClient(server.http).has(action));
  assert.deepEqual(unknown, ['ReEncrypt', 'ExportDataKey', 'GenerateAndExportDataKey']);
});

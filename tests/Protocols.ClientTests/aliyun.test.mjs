// The vendor's own SDKs, unchanged, against a real server process.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import { allClients, carriedOut, credentials, openApi, popCore, Server, typedClient } from './lib.mjs';
import { byok } from './cases/byok.mjs';
import { dataPlane } from './cases/dataPlane.mjs';
import { errors } from './cases/errors.mjs';
import { keys, listings } from './cases/keys.mjs';
import { restart } from './cases/restart.mjs';

const server = new Server();
before(() => server.start());
after(() => server.dispose());

// The addresses are known only once the server runs, so clients are made when a test first asks.
function later(make) {
  let made;
  return () => (made ??= make());
}

for (const scheme of ['http', 'https']) {
  const clients = later(() => allClients(server[scheme], server.ca));
  for (const [i, { name, has }] of allClients('http://127.0.0.1:1').entries()) {
    suite(`${name} over ${scheme}: the data plane`, () => dataPlane(test, () => clients()[i], has));
  }
}

const generations = {
  'pop-core POST': later(() => popCore(server.http, 'POST')),
  'pop-core GET': later(() => popCore(server.http, 'GET')),
  kms20160120: later(() => typedClient(server.http)),
  'openapi-client acs3': later(() => openApi(server.http)),
  'openapi-client v2': later(() => openApi(server.http, { signature: 'v2', form: true })),
};
for (const [name, client] of Object.entries(generations)) {
  suite(`${name}: keys, tags, aliases`, () => keys(test, client));
}
suite('listings', () => listings(test, generations['pop-core POST']));
suite('listings, typed', () => listings(test, generations.kms20160120));
suite('bring your own key, pop-core', () => byok(test, generations['pop-core POST']));
suite('bring your own key, openapi-client', () => byok(test, generations['openapi-client acs3']));
suite('errors', () => errors(test, server));
suite('a restart', () => restart(test, server, () => Object.values(generations).map((client) => client())));

test('all the while the server wrote no complaint and no secret', () => {
  assert.doesNotMatch(server.output, /^(warn|fail|crit):|Unhandled/m);
  assert.ok(!server.output.includes(credentials.secret));
});

test('no operation was left out', () => {
  const source = readFileSync(
    new URL('../../src/KmsActors.Protocols.Aliyun/Actions/ActionTable.cs', import.meta.url), 'utf8');
  const actions = [...source.matchAll(/^\s*\["(\w+)"\] =/gm)].map((match) => match[1]);
  assert.ok(actions.length >= 25, 'the table is read as it is written');
  assert.deepEqual(actions.filter((action) => !carriedOut.has(action)), []);
});

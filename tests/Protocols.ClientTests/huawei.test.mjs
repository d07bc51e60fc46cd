// Huawei Cloud's own SDK, unchanged, against a real server process.
import { after, before, suite, test } from 'node:test';
import { signed } from './huawei.mjs';
import { later, Server } from './server.mjs';
import { dataPlane } from './cases/huawei/dataPlane.mjs';
import { keys } from './cases/huawei/keys.mjs';
import { lists } from './cases/huawei/lists.mjs';
import { tags } from './cases/huawei/tags.mjs';

const server = new Server();
before(() => server.start());
after(() => server.dispose());

const clients = {
  'signed, over http': later(() => signed(server.http)),
  'signed, over https': later(() => signed(server.https, { ca: server.ca })),
};

for (const [name, client] of Object.entries(clients)) {
  suite(`${name}: the data plane`, () => dataPlane(test, client));
  suite(`${name}: keys`, () => keys(test, client));
  suite(`${name}: lists`, () => lists(test, client));
  suite(`${name}: tags`, () => tags(test, client));
}

test('all the while the server wrote no complaint and no secret', () => server.assertQuiet());

// A real server process, and what everyone who calls it knows.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import crypto from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';

export const credentials = { id: 'LTAIclienttests', secret: 'client-tests-secret' };
export const password = 'client tests, 密码';
// Which has a default master key of its own.
export const service = 'storage';
export const region = 'cn-hangzhou';
export const account = '1000000000000001';
export const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export const random = (bytes) => crypto.randomBytes(bytes).toString('base64');

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

// On SQLite, or on the PostgreSQL that KMS_TEST_STORE names, where each server has tables of its own.
const store = process.env.KMS_TEST_STORE;

// Without a hardware module the server says at start, once, what becomes of keys that are to be in one.
const withoutModule = /^warn: .*HardwareModule\[330\]\n.*\n/gm;
// On a machine that stood still for a second, Kestrel says so.
const slowMachine = /^warn: Microsoft\.AspNetCore\.Server\.Kestrel\S*\[22\]\n.*heartbeat.*\n/gm;

export class Server {
  // With a hardware module: a token of SoftHSM2, of its own.
  static withToken() {
    const server = new Server();
    server.token = new Token();
    return server;
  }

  async start() {
    this.schema ??= `client_tests_${crypto.randomBytes(8).toString('hex')}`;
    this.data ??= mkdtempSync(join(tmpdir(), 'kms-client-tests-'));
    this.http ??= `http://127.0.0.1:${await freePort()}`;
    this.https ??= `https://127.0.0.1:${await freePort()}`;
    this.output ??= '';
    this.process = spawn('dotnet', [serverDll(), '--data', this.data, '--urls', `${this.http};${this.https}`], {
      env: {
        ...process.env,
        KMS_ROOT_ACCESS_KEY_ID: credentials.id,
        KMS_ROOT_ACCESS_KEY_SECRET: credentials.secret,
        KMS_ROOT_PASSWORD: password,
        Kms__DefaultKeyServices__0: service,
        ...(store ? { Kms__Store: store, Kms__Cluster__Schema: this.schema } : {}),
        ...this.token?.environment,
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

  // What it has said so far: nothing that would worry an operator, and nothing that nobody may read.
  assertQuiet() {
    const worries = this.output.replaceAll(withoutModule, '').replaceAll(slowMachine, '');
    assert.doesNotMatch(worries, /^(warn|fail|crit):|Unhandled/m);
    for (const secret of [credentials.secret, password, pin]) assert.ok(!this.output.includes(secret));
  }

  // While it is stopped: makes the versions of the key with this description a month old, as nobody can wait
  // for that. SQLite's pages have no checksums, and so small a state is JSON that lies within one of them.
  age(description) {
    const marker = `"Description":"${description}"`;
    if (store) return this.#ageRow(marker);
    const path = join(this.data, 'kms.db');
    const parts = readFileSync(path, 'latin1').split(marker);
    assert.equal(parts.length, 2, 'the state is in the database, once');
    writeFileSync(path, [parts[0], aMonthOld(parts[1])].join(marker), 'latin1');
  }

  #ageRow(marker) {
    const states = `FROM ${this.schema}.grains WHERE kind = 3 AND position('${marker}'::bytea IN state) > 0`;
    const [row, ...others] = psql(`SELECT encode(state, 'hex') ${states}`).trim().split('\n');
    assert.deepEqual(others, [], 'the state is in the database, once');
    const aged = Buffer.from(aMonthOld(Buffer.from(row, 'hex').toString('latin1')), 'latin1').toString('hex');
    psql(`UPDATE ${this.schema}.grains SET state = '\\x${aged}' WHERE state = '\\x${row}'`);
  }

  async dispose() {
    if (this.process?.exitCode === null) await this.stop();
    if (this.data) rmSync(this.data, { recursive: true });
    this.token?.dispose();
  }

  // It listens on its addresses one after the other, so the second is waited for as well.
  async #ready() {
    const until = Date.now() + 60_000;
    while (Date.now() < until && this.process.exitCode === null) {
      const answer = await fetch(`${this.http}/health/ready`).catch(() => null);
      const certificate = await certificateOf(new URL(this.https)).catch(() => null);
      if (answer?.status === 200 && certificate) return certificate;
      await delay(20);
    }
    assert.fail(`the server is not ready: ${this.output}`);
  }
}

const pin = 'the PIN of the client tests';
const libraries = [
  '/usr/lib/softhsm/libsofthsm2.so', '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so', '/usr/lib64/pkcs11/libsofthsm2.so',
];

class Token {
  #directory = mkdtempSync(join(tmpdir(), 'kms-client-tests-token-'));

  constructor() {
    const library = libraries.find(existsSync) ?? assert.fail('these tests need SoftHSM2: apt-get install softhsm2');
    const [tokens, conf, pinFile] = ['tokens', 'softhsm2.conf', 'pin'].map((name) => join(this.#directory, name));
    mkdirSync(tokens);
    writeFileSync(conf, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`);
    writeFileSync(pinFile, `${pin}\n`, { mode: 0o600 });
    const label = 'client tests';
    execFileSync('softhsm2-util', ['--init-token', '--free', '--label', label, '--pin', pin, '--so-pin', 'so-pin'], {
      env: { ...process.env, SOFTHSM2_CONF: conf },
    });
    this.environment = {
      SOFTHSM2_CONF: conf, Kms__Hsm__Library: library, Kms__Hsm__TokenLabel: label, Kms__Hsm__PinFile: pinFile,
    };
  }

  dispose() {
    rmSync(this.#directory, { recursive: true });
  }
}

function aMonthOld(state) {
  const date = new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10);
  const aged = state.replace(/"Versions":\[.*?\]/s,
    (versions) => versions.replaceAll(/(?<="CreatedAt":")\d{4}-\d\d-\d\d/g, date));
  assert.notEqual(aged, state);
  return aged;
}

function psql(statement) {
  const settings = Object.fromEntries(store.split(';').map((setting) => setting.split('=')));
  const { Host: host, Port: port = '5432', Username: user, Database: database } = settings;
  const where = ['-h', host, '-p', port, '-U', user, '-d', database];
  return execFileSync('psql', [...where, '-X', '-q', '-t', '-A', '-v', 'ON_ERROR_STOP=1'], {
    input: statement, encoding: 'utf8',
  });
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

// Addresses are known only once the server runs, so clients are made when a test first asks.
export function later(make) {
  let made;
  return () => (made ??= make());
}

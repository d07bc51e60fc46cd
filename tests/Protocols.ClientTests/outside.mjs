// Cryptography by implementations that are not ours: the runtime's and the openssl command's, which alone
// knows SM2. What the runtime signs with an SM2 key and "sm3" is ECDSA.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { RSA_PKCS1_OAEP_PADDING, RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING } = crypto.constants;

// Runs it in a directory of its own that holds these files.
function openssl(args, files = {}, input = '') {
  const cwd = mkdtempSync(join(tmpdir(), 'kms-openssl-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, name), content);
    const { status, stdout, stderr, error } = spawnSync('openssl', args, { cwd, input });
    assert.ifError(error);
    return { status, stdout, stderr: stderr.toString() };
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

function must(args, files, input) {
  const { status, stdout, stderr } = openssl(args, files, input);
  assert.equal(status, 0, `openssl ${args.join(' ')}: ${stderr}`);
  return stdout;
}

const options = (list) => list.flatMap((option) => ['-pkeyopt', option]);

// ---- DER, as far as it is needed

function der(tag, ...contents) {
  const content = Buffer.concat(contents);
  const { length } = content;
  const bytes = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...bytes]), content]);
}

// The elements that lie one after the other in this content.
function elements(content) {
  const all = [];
  for (let at = 0; at < content.length;) {
    const tag = content[at++];
    let length = content[at++];
    if (length & 0x80) {
      const bytes = length & 0x7f;
      length = content.readUIntBE(at, bytes);
      at += bytes;
    }
    assert.ok(at + length <= content.length, 'DER that ends too early');
    all.push({ tag, content: content.subarray(at, at + length) });
    at += length;
  }
  return all;
}

function sequence(bytes, ...tags) {
  const [outer, ...more] = elements(bytes);
  assert.deepEqual([outer.tag, more.length], [0x30, 0]);
  const inner = elements(outer.content);
  assert.deepEqual(inner.map(({ tag }) => tag), tags);
  return inner.map(({ content }) => content);
}

const bigInt = (bytes) => BigInt(`0x${bytes.toString('hex')}`);
const bytes32 = (number) => Buffer.from(number.toString(16).padStart(64, '0'), 'hex');

function integer(number) {
  const bytes = bytes32(number);
  const first = bytes.findIndex((byte) => byte !== 0);
  return der(0x02, Buffer.alloc(bytes[first] >> 7), bytes.subarray(first));
}

// ---- signatures

const orders = {
  prime256v1: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  secp256k1: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
};

// The other signature that ECDSA has for the same key and digest: of anybody's making.
export function negated(signature, curve) {
  const [r, s] = sequence(signature, 0x02, 0x02).map(bigInt);
  return der(0x30, integer(r), integer(orders[curve] - s));
}

// For each algorithm: the digest to be signed, what the runtime needs for it (but for SM2), and the command.
const signatures = {
  RSA_PSS_SHA_256: {
    runtime: { padding: RSA_PKCS1_PSS_PADDING, saltLength: 32 },
    command: options(['digest:sha256', 'rsa_padding_mode:pss', 'rsa_pss_saltlen:32', 'rsa_mgf1_md:sha256']),
  },
  RSA_PKCS1_SHA_256: { runtime: { padding: RSA_PKCS1_PADDING }, command: options(['digest:sha256']) },
  ECDSA_SHA_256: { runtime: { dsaEncoding: 'der' }, command: [] },
  SM2DSA: { command: ['-rawin', '-digest', 'sm3', ...options(['distid:1234567812345678'])] },
};

export const digest = (Algorithm, publicKey, message) =>
  Algorithm === 'SM2DSA' ? sm2Digest(publicKey, message) : crypto.createHash('sha256').update(message).digest();

// Whether it is good by all that can tell, who have to be of one mind.
export function verifies(Algorithm, publicKey, message, signature) {
  const { runtime, command } = signatures[Algorithm];
  const { status, stdout, stderr } = openssl(
    ['pkeyutl', '-verify', '-pubin', '-inkey', 'key', '-sigfile', 'signature', ...command],
    { key: publicKey, signature },
    command.includes('-rawin') ? message : digest(Algorithm, publicKey, message));
  assert.match(stdout.toString(), status === 0 ? /Verified Successfully/ : /Verification Failure/, stderr);
  if (runtime) assert.equal(crypto.verify('sha256', message, { key: publicKey, ...runtime }, signature), status === 0);
  return status === 0;
}

// ---- encryption

const paddings = {
  RSAES_PKCS1_V1_5: { padding: RSA_PKCS1_PADDING },
  RSAES_OAEP_SHA_1: { padding: RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
  RSAES_OAEP_SHA_256: { padding: RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
};

// What the command is told; nothing of SM2, for which it has but one way.
function commandOptions(Algorithm) {
  const { oaepHash } = paddings[Algorithm] ?? {};
  return oaepHash ? options(['rsa_padding_mode:oaep', `rsa_oaep_md:${oaepHash}`, `rsa_mgf1_md:${oaepHash}`]) : [];
}

// Ciphertexts by all that can make them.
export function encrypt(Algorithm, publicKey, plaintext) {
  const byCommand = must(
    ['pkeyutl', '-encrypt', '-pubin', '-inkey', 'key', '-in', 'plaintext', ...commandOptions(Algorithm)],
    { key: publicKey, plaintext });
  if (Algorithm === 'SM2PKE') return [sm2Bytes(byCommand)];
  return [crypto.publicEncrypt({ key: publicKey, ...paddings[Algorithm] }, plaintext), byCommand];
}

// By all that can, who have to be of one mind.
export function decrypt(Algorithm, privateKey, ciphertext) {
  const isSm2 = Algorithm === 'SM2PKE';
  const byCommand = must(
    ['pkeyutl', '-decrypt', '-inkey', 'key', '-in', 'ciphertext', ...commandOptions(Algorithm)],
    { key: privateKey, ciphertext: isSm2 ? sm2Der(ciphertext) : ciphertext });
  if (!isSm2) {
    assert.deepEqual(crypto.privateDecrypt({ key: privateKey, ...paddings[Algorithm] }, ciphertext), byCommand);
  }
  return byCommand;
}

// ---- keys

export const pem = (base64) =>
  `-----BEGIN PUBLIC KEY-----\n${base64.match(/.{1,64}/g).join('\n')}\n-----END PUBLIC KEY-----\n`;

// Key material as its owner sends it.
export function wrap(material, publicKey, algorithm) {
  const key = pem(publicKey);
  if (algorithm !== 'SM2PKE') {
    assert.equal(crypto.createPublicKey(key).asymmetricKeyDetails.modulusLength, 2048);
  }
  return encrypt(algorithm, key, material)[0].toString('base64');
}

// In PEM, and the public key also as KMS takes it: Base64 of DER.
export function keyPair(type, parameters = {}) {
  const made = crypto.generateKeyPairSync(type, {
    ...parameters,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { ...made, PublicKeyBlob: made.publicKey.replace(/-----[^-]+-----|\s/g, '') };
}

// ---- SM2: the parameters of its curve that go into Z, and the two orders of a ciphertext's parts

const sm2Curve = Buffer.from([
  'fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc',
  '28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93',
  '32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7',
  'bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0',
].join(''), 'hex');

const sm3 = (...parts) => crypto.createHash('sm3').update(Buffer.concat(parts)).digest();

// SM3(Z || M) of the user id that all use.
function sm2Digest(publicKey, message) {
  const id = Buffer.from('1234567812345678');
  const point = Buffer.from(publicKey.replace(/-----[^-]+-----|\s/g, ''), 'base64').subarray(-64);
  return sm3(sm3(Buffer.from([0, id.length * 8]), id, sm2Curve, point), message);
}

// 04 || C1 || C3 || C2 of the command's SEQUENCE { x, y, C3, C2 }, and back.
function sm2Bytes(encoded) {
  const [x, y, hash, data] = sequence(encoded, 0x02, 0x02, 0x04, 0x04);
  return Buffer.concat([Buffer.from([4]), bytes32(bigInt(x)), bytes32(bigInt(y)), hash, data]);
}

function sm2Der(bytes) {
  assert.equal(bytes[0], 4);
  const [x, y] = [bytes.subarray(1, 33), bytes.subarray(33, 65)].map((part) => integer(bigInt(part)));
  return der(0x30, x, y, der(0x04, bytes.subarray(65, 97)), der(0x04, bytes.subarray(97)));
}

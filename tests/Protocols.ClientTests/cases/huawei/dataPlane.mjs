// What keys are for.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { newKey } from './begin.mjs';

const hash = (bytes) => crypto.createHash('sha256').update(bytes).digest('hex').toUpperCase();
const hex = /^([0-9A-F]{2})+$/;
const text = 'twelve 12 "\\ 明文\n';
const encryption_context = { Key1: 'Value1', 'Key 2': '值 &=' };
const sameContext = { 'Key 2': '值 &=', Key1: 'Value1' };

export function dataPlane(test, client) {
  let key_id;

  test('encrypt-data and decrypt-data, of one byte to 4096', async () => {
    const kms = client();
    key_id = await newKey(kms);
    for (const plain_text of ['a', text, 'b'.repeat(4096), '密'.repeat(1365)]) {
      const encrypted = await kms.call('encrypt-data', { key_id, plain_text, sequence: crypto.randomUUID() });
      assert.equal(encrypted.key_id, key_id);
      assert.match(encrypted.cipher_text, /^[0-9a-zA-Z+/=]{188,5648}$/);
      const decrypted = await kms.call('decrypt-data', { cipher_text: encrypted.cipher_text });
      const plain_text_base64 = Buffer.from(plain_text).toString('base64');
      assert.deepEqual(decrypted, { key_id, plain_text, plain_text_base64 });
    }
    for (const plain_text of ['', 'b'.repeat(4097), '密'.repeat(1366)]) {
      await kms.refused('encrypt-data', { key_id, plain_text }, 'KMS.2101');
    }
  });

  test('an encryption context, whose order does not count and whose content does', async () => {
    const kms = client();
    const { cipher_text } = await kms.call('encrypt-data', { key_id, plain_text: text, encryption_context });
    const decrypted = await kms.call('decrypt-data', { cipher_text, encryption_context: sameContext });
    assert.equal(decrypted.plain_text, text);
    for (const wrong of [undefined, {}, { Key1: 'Value1' }, { ...encryption_context, Key1: 'value1' }]) {
      await kms.refused('decrypt-data', { cipher_text, encryption_context: wrong }, 'KMS.2201');
    }
    for (const wrong of ['{"a":"b"}', { a: 1 }, { a: { b: 'c' } }]) {
      await kms.refused('encrypt-data', { key_id, plain_text: text, encryption_context: wrong }, 'KMS.0208');
    }
  });

  test('what later editions say of encryption and is not known here', async () => {
    const kms = client();
    const fields = { key_id, plain_text: text };
    await kms.call('encrypt-data', { ...fields, encryption_algorithm: 'SYMMETRIC_DEFAULT' });
    for (const wrong of [{ encryption_algorithm: 'SM2_ENCRYPT' }, { additional_authenticated_data: 'a' }]) {
      await kms.refused('encrypt-data', { ...fields, ...wrong }, 'KMS.0308');
    }
  });

  test('a damaged ciphertext', async () => {
    const kms = client();
    const { cipher_text } = await kms.call('encrypt-data', { key_id, plain_text: text });
    const damaged = Buffer.from(cipher_text, 'base64');
    damaged[damaged.length - 1] ^= 1;
    for (const wrong of [damaged.toString('base64'), cipher_text.slice(0, 184), 'no Base64'.repeat(30)]) {
      await kms.refused('decrypt-data', { cipher_text: wrong }, 'KMS.2201');
    }
  });

  test('gen-random', async () => {
    const kms = client();
    for (const bits of [8, 512, 8192]) {
      const { random_data } = await kms.call('gen-random', { random_data_length: `${bits}` });
      assert.match(random_data, hex);
      assert.equal(random_data.length, bits / 4);
    }
    for (const wrong of ['0', '7', '12', '8200', 'x']) {
      await kms.refused('gen-random', { random_data_length: wrong }, 'KMS.1801');
    }
  });

  test('create-datakey and decrypt-datakey', async () => {
    const kms = client();
    for (const [datakey_length, bytes] of [[undefined, 32], ['8', 1], ['512', 64], ['8192', 1024]]) {
      const made = await kms.call('create-datakey', { key_id, datakey_length, encryption_context });
      assert.equal(made.key_id, key_id);
      for (const digits of [made.plain_text, made.cipher_text]) assert.match(digits, hex);
      assert.equal(made.plain_text.length, 2 * bytes);
      const asked = { key_id, cipher_text: made.cipher_text, datakey_cipher_length: `${bytes}` };
      const decrypted = await kms.call('decrypt-datakey', { ...asked, encryption_context: sameContext });
      const datakey_dgst = hash(Buffer.from(made.plain_text, 'hex'));
      assert.deepEqual(decrypted, { data_key: made.plain_text, datakey_length: `${bytes}`, datakey_dgst });
      await kms.refused('decrypt-datakey', asked, 'KMS.2201');
    }
    for (const wrong of ['0', '12', '8200']) {
      await kms.refused('create-datakey', { key_id, datakey_length: wrong }, 'KMS.1901');
    }
  });

  test('create-datakey-without-plaintext: by length, by kind, by neither', async () => {
    const kms = client();
    for (const [asked, bytes] of [
      [{}, 32], [{ key_spec: 'AES_128' }, 16], [{ key_spec: 'AES_256' }, 32], [{ datakey_length: '512' }, 64],
      [{ datakey_length: '512', key_spec: 'AES_128' }, 64],
    ]) {
      const { cipher_text, ...rest } = await kms.call('create-datakey-without-plaintext', { key_id, ...asked });
      assert.deepEqual(rest, { key_id });
      const decrypted = await kms.call(
        'decrypt-datakey', { key_id, cipher_text, datakey_cipher_length: `${bytes}` });
      assert.equal(decrypted.data_key.length, 2 * bytes);
    }
    const wrong = { key_id, datakey_length: '12' };
    await kms.refused('create-datakey-without-plaintext', wrong, 'KMS.2001');
  });

  test('encrypt-datakey takes the data key with its hash behind it', async () => {
    const kms = client();
    for (const bytes of [1, 64, 1024]) {
      const dataKey = crypto.randomBytes(bytes);
      const [data_key, datakey_dgst] = [dataKey.toString('hex').toUpperCase(), hash(dataKey)];
      const fields = { key_id, encryption_context, datakey_plain_length: `${bytes}` };
      const { cipher_text, ...rest } = await kms.call(
        'encrypt-datakey', { ...fields, plain_text: `${data_key}${datakey_dgst}`.toLowerCase() });
      assert.deepEqual(rest, { key_id, datakey_length: `${bytes}` });
      const decrypted = await kms.call('decrypt-datakey', {
        key_id, cipher_text, encryption_context: sameContext, datakey_cipher_length: `${bytes}`,
      });
      assert.deepEqual(decrypted, { data_key, datakey_length: `${bytes}`, datakey_dgst });
      const garbled = { ...fields, plain_text: data_key + hash(Buffer.from('another')) };
      await kms.refused('encrypt-datakey', garbled, 'KMS.2103');
      const tooShort = { ...fields, plain_text: data_key };
      await kms.refused('encrypt-datakey', tooShort, 'KMS.2101');
      const otherLength = { key_id, cipher_text, encryption_context, datakey_cipher_length: `${bytes % 1024 + 1}` };
      await kms.refused('decrypt-datakey', otherLength, 'KMS.2202');
    }
  });

  test('a data key is decrypted by the key that is named only', async () => {
    const kms = client();
    const { cipher_text } = await kms.call('create-datakey', { key_id });
    const other = { key_id: await newKey(kms), cipher_text, datakey_cipher_length: '32' };
    await kms.refused('decrypt-datakey', other, 'KMS.2201');
  });
}

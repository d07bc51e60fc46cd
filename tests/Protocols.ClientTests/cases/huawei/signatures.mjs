// Key pairs, whose signatures others verify too.
import assert from 'node:assert/strict';
import { digest, verifies } from '../../outside.mjs';
import { describe, newKey } from './begin.mjs';

const message = Buffer.from('what is signed, 签名');
// By our own and by outside.mjs's name.
const algorithms = {
  RSASSA_PSS_SHA_256: 'RSA_PSS_SHA_256', RSASSA_PKCS1_V1_5_SHA_256: 'RSA_PKCS1_SHA_256',
  ECDSA_SHA_256: 'ECDSA_SHA_256', SM2DSA_SM3: 'SM2DSA',
};
const pairs = {
  RSA_2048: ['RSASSA_PSS_SHA_256', 'RSASSA_PKCS1_V1_5_SHA_256'], RSA_3072: ['RSASSA_PSS_SHA_256'],
  EC_P256: ['ECDSA_SHA_256'], SECP256K1: ['ECDSA_SHA_256'], SM2: ['SM2DSA_SM3'],
};

export function signatures(test, client) {
  for (const [key_spec, names] of Object.entries(pairs)) {
    test(`${key_spec}: sign, verify, get-publickey`, async () => {
      const kms = client();
      const key_id = await newKey(kms, { key_spec, key_usage: 'SIGN_VERIFY' });
      const described = await describe(kms, key_id);
      assert.deepEqual([described.key_spec, described.key_usage], [key_spec, 'SIGN_VERIFY']);
      const { public_key, ...rest } = await kms.call('get-publickey', { key_id });
      assert.deepEqual(rest, { key_id });
      for (const signing_algorithm of names) {
        const theirs = algorithms[signing_algorithm];
        const hashed = digest(theirs, public_key, message);
        // Without a word about it the message is a digest; SM2's would take the public key to make.
        const ways = [{ message: hashed }, { message: hashed, message_type: 'DIGEST' }];
        if (signing_algorithm !== 'SM2DSA_SM3') ways.push({ message, message_type: 'RAW' });
        for (const way of ways) {
          const fields = { key_id, signing_algorithm, ...way, message: way.message.toString('base64') };
          const { signature, ...others } = await kms.call('sign', fields);
          assert.deepEqual(others, { key_id });
          assert.ok(verifies(theirs, public_key, message, Buffer.from(signature, 'base64')));
          const valid = async (over) => (await kms.call('verify', { ...fields, signature, ...over })).signature_valid;
          assert.equal(await valid({}), 'true');
          const another = { message: digest(theirs, public_key, Buffer.from('another')).toString('base64') };
          assert.equal(await valid({ ...another, message_type: 'DIGEST' }), 'false');
          assert.equal(await valid({ signature: 'YQ==' }), 'false');
        }
      }
    });
  }

  test('what pairs do not do, and other keys', async () => {
    const kms = client();
    const [pair, key_id] = [await newKey(kms, { key_spec: 'EC_P256' }), await newKey(kms)];
    const hashed = digest('ECDSA_SHA_256', '', message).toString('base64');
    const fields = { signing_algorithm: 'ECDSA_SHA_256', message: hashed };
    await kms.refused('sign', { key_id, ...fields }, 'KMS.0308');
    await kms.refused('get-publickey', { key_id }, 'KMS.0308');
    await kms.refused('encrypt-data', { key_id: pair, plain_text: 'a' }, 'KMS.0308');
    for (const wrong of [
      { signing_algorithm: 'RSASSA_PSS_SHA_256' }, { message: 'YQ==' }, { message_type: 'TEXT' },
    ]) {
      await kms.refused('sign', { key_id: pair, ...fields, ...wrong }, 'KMS.0308');
    }
    await kms.call('disable-key', { key_id: pair });
    await kms.refused('sign', { key_id: pair, ...fields }, 'KMS.0209');
  });
}

// Key pairs. What is signed here verifies outside, what is encrypted outside decrypts here; that what is
// encrypted here decrypts outside, dataKeys.mjs shows, where a private key is outside.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { account, aliasName, describe, newKey, newPair, random, region, time, uuid, versionsOf } from '../lib.mjs';
import { digest, encrypt, negated, verifies } from '../outside.mjs';

const signing = {
  RSA_2048: ['RSA_PSS_SHA_256', 'RSA_PKCS1_SHA_256'],
  RSA_3072: ['RSA_PSS_SHA_256', 'RSA_PKCS1_SHA_256'],
  EC_P256: ['ECDSA_SHA_256'],
  EC_P256K: ['ECDSA_SHA_256'],
  EC_SM2: ['SM2DSA'],
};

// With the longest plaintext and by how much its ciphertext is longer.
const encrypting = {
  RSA_2048: { RSAES_OAEP_SHA_256: [190, 66], RSAES_OAEP_SHA_1: [214, 42] },
  RSA_3072: { RSAES_OAEP_SHA_256: [318, 66], RSAES_OAEP_SHA_1: [342, 42] },
  EC_SM2: { SM2PKE: [6047, 97] },
};

const usages = {
  'SIGN/VERIFY': signing,
  'ENCRYPT/DECRYPT': encrypting,
};

const message = Buffer.from('what is signed');
const other = Buffer.from('what is not');

// Length of the modulus and exponent, or the curve's object identifier: the runtime has no name for SM2's.
function kindOf(publicKey) {
  const key = crypto.createPublicKey(publicKey);
  if (key.asymmetricKeyType === 'rsa') return key.asymmetricKeyDetails;
  return key.export({ type: 'spki', format: 'der' }).subarray(13, -68).toString('hex');
}

const kinds = {
  RSA_2048: { modulusLength: 2048, publicExponent: 65537n },
  RSA_3072: { modulusLength: 3072, publicExponent: 65537n },
  EC_P256: '06082a8648ce3d030107',
  EC_P256K: '06052b8104000a',
  EC_SM2: '06082a811ccf5501822d',
};

// levelOf(KeySpec): at which level a key of this kind is made.
export function asymmetric(test, client, has, levelOf = () => 'HSM') {
  const made = {};

  for (const [KeyUsage, specs] of Object.entries(usages)) {
    for (const KeySpec of Object.keys(specs)) {
      test(`${KeySpec} for ${KeyUsage}: its metadata, its version, its public key`, async () => {
        const kms = client();
        const ProtectionLevel = levelOf(KeySpec);
        const { KeyMetadata } = await kms.call('CreateKey', { KeySpec, KeyUsage, ProtectionLevel });
        const { KeyId, CreationDate, ...rest } = KeyMetadata;
        const protection = kms.reads('DeletionProtection') ? { DeletionProtection: 'Disabled' } : {};
        assert.deepEqual(rest, {
          Description: '', KeyState: 'Enabled', KeyUsage, DeleteDate: '', Creator: account,
          Arn: `acs:kms:${region}:${account}:key/${KeyId}`, Origin: 'Aliyun_KMS', MaterialExpireTime: '',
          ProtectionLevel, KeySpec, LastRotationDate: CreationDate, AutomaticRotation: 'Disabled', ...protection,
        });
        assert.match(CreationDate, time);
        assert.deepEqual(await describe(kms, KeyId), KeyMetadata);

        const versions = await versionsOf(kms, KeyId);
        const [{ KeyVersionId }] = versions;
        assert.match(KeyVersionId, uuid);
        assert.deepEqual(versions, [{ KeyId, KeyVersionId, CreationDate }]);
        const pair = { KeyId, KeyVersionId };
        const { PublicKey, RequestId, ...named } = await kms.call('GetPublicKey', pair);
        assert.deepEqual(named, pair);
        assert.match(PublicKey, /^-----BEGIN PUBLIC KEY-----\n([\w+/=]{1,64}\n)+-----END PUBLIC KEY-----\n$/);
        assert.deepEqual(kindOf(PublicKey), kinds[KeySpec]);
        made[`${KeySpec} ${KeyUsage}`] = { pair, publicKey: PublicKey };
      });
    }
  }

  for (const [KeySpec, algorithms] of Object.entries(signing)) {
    for (const Algorithm of algorithms) {
      test(`${KeySpec} signs with ${Algorithm}, and others verify`, async () => {
        const kms = client();
        const { pair, publicKey } = made[`${KeySpec} SIGN/VERIFY`];
        const Digest = digest(Algorithm, publicKey, message).toString('base64');
        const { Value, ...answer } = await kms.call('AsymmetricSign', { ...pair, Algorithm, Digest });
        assert.deepEqual([answer.KeyId, answer.KeyVersionId], [pair.KeyId, pair.KeyVersionId]);
        const signature = Buffer.from(Value, 'base64');
        assert.ok(verifies(Algorithm, publicKey, message, signature));
        assert.ok(!verifies(Algorithm, publicKey, other, signature));

        const isGood = async (changed) => {
          const parameters = { ...pair, Algorithm, Digest, Value, ...changed };
          return (await kms.call('AsymmetricVerify', parameters)).Value;
        };
        assert.equal(await isGood({}), true);
        assert.equal(await isGood({ Digest: digest(Algorithm, publicKey, other).toString('base64') }), false);
        const flipped = Buffer.from(signature);
        flipped[flipped.length - 1] ^= 1;
        const [shorter, longer] = [signature.subarray(0, -1), Buffer.concat([signature, Buffer.alloc(1)])];
        for (const bytes of [flipped, shorter, longer, Buffer.alloc(64)]) {
          assert.equal(await isGood({ Value: bytes.toString('base64') }), false);
        }
        const elsewhere = algorithms.find((each) => each !== Algorithm);
        if (elsewhere) assert.equal(await isGood({ Algorithm: elsewhere }), false);
      });
    }
  }

  for (const [KeySpec, curve] of [['EC_P256', 'prime256v1'], ['EC_P256K', 'secp256k1']]) {
    test(`${KeySpec} verifies a signature that somebody else has made of one`, async () => {
      const kms = client();
      const { pair, publicKey } = made[`${KeySpec} SIGN/VERIFY`];
      const parameters = {
        ...pair, Algorithm: 'ECDSA_SHA_256', Digest: digest('ECDSA_SHA_256', publicKey, message).toString('base64'),
      };
      const { Value } = await kms.call('AsymmetricSign', parameters);
      const twin = negated(Buffer.from(Value, 'base64'), curve);
      assert.ok(verifies('ECDSA_SHA_256', publicKey, message, twin));
      const verified = await kms.call('AsymmetricVerify', { ...parameters, Value: twin.toString('base64') });
      assert.equal(verified.Value, true);
    });
  }

  for (const [KeySpec, algorithms] of Object.entries(encrypting)) {
    for (const [Algorithm, [most, overhead]] of Object.entries(algorithms)) {
      test(`${KeySpec} decrypts with ${Algorithm} what it and others encrypted, up to ${most} bytes`, async () => {
        const kms = client();
        const { pair, publicKey } = made[`${KeySpec} ENCRYPT/DECRYPT`];
        const decrypted = async (ciphertext) => {
          const parameters = { ...pair, Algorithm, CiphertextBlob: ciphertext.toString('base64') };
          const answer = await kms.call('AsymmetricDecrypt', parameters);
          assert.deepEqual([answer.KeyId, answer.KeyVersionId], [pair.KeyId, pair.KeyVersionId]);
          return answer.Plaintext;
        };
        for (const length of [16, most]) {
          const plaintext = crypto.randomBytes(length);
          const Plaintext = plaintext.toString('base64');
          const parameters = { ...pair, Algorithm, Plaintext };
          const one = await kms.call('AsymmetricEncrypt', parameters);
          const two = await kms.call('AsymmetricEncrypt', parameters);
          assert.deepEqual([one.KeyId, one.KeyVersionId], [pair.KeyId, pair.KeyVersionId]);
          assert.notEqual(one.CiphertextBlob, two.CiphertextBlob);
          const ciphertexts = [one, two].map((each) => Buffer.from(each.CiphertextBlob, 'base64'));
          for (const ciphertext of [...ciphertexts, ...encrypt(Algorithm, publicKey, plaintext)]) {
            assert.equal(ciphertext.length, KeySpec === 'EC_SM2' ? length + overhead : most + overhead);
            assert.equal(await decrypted(ciphertext), Plaintext);
          }
        }

        const tooLong = { ...pair, Algorithm, Plaintext: random(most + 1) };
        await kms.refused('AsymmetricEncrypt', tooLong, 'InvalidParameter', 400);
        const [ciphertext] = encrypt(Algorithm, publicKey, crypto.randomBytes(16));
        const flipped = Buffer.from(ciphertext);
        flipped[flipped.length - 1] ^= 1;
        for (const wrong of [flipped, ciphertext.subarray(1), crypto.randomBytes(200)]) {
          const parameters = { ...pair, Algorithm, CiphertextBlob: wrong.toString('base64') };
          await kms.refused('AsymmetricDecrypt', parameters, 'InvalidParameter', 400);
        }
        const elsewhere = Object.keys(algorithms).find((each) => each !== Algorithm);
        if (elsewhere) {
          const parameters = { ...pair, Algorithm: elsewhere, CiphertextBlob: ciphertext.toString('base64') };
          await kms.refused('AsymmetricDecrypt', parameters, 'InvalidParameter', 400);
        }
      });
    }
  }

  if (has('ReEncrypt')) for (const [KeySpec, algorithms] of Object.entries(encrypting)) {
    test(`ReEncrypt moves what others encrypted for ${KeySpec} to a symmetric key`, async () => {
      const kms = client();
      const { pair, publicKey } = made[`${KeySpec} ENCRYPT/DECRYPT`];
      const DestinationKeyId = await newKey(kms);
      for (const Algorithm of Object.keys(algorithms)) {
        const plaintext = crypto.randomBytes(32);
        const source = {
          SourceKeyId: pair.KeyId, SourceKeyVersionId: pair.KeyVersionId, SourceEncryptionAlgorithm: Algorithm,
          CiphertextBlob: encrypt(Algorithm, publicKey, plaintext)[0].toString('base64'),
        };
        const { CiphertextBlob, KeyId } = await kms.call(
          'ReEncrypt', { ...source, DestinationKeyId, DestinationEncryptionContext: { a: '1' } });
        assert.equal(KeyId, DestinationKeyId);
        const decrypted = await kms.call('Decrypt', { CiphertextBlob, EncryptionContext: { a: '1' } });
        assert.equal(decrypted.Plaintext, plaintext.toString('base64'));
        const { SourceKeyVersionId, ...incomplete } = source;
        await kms.refused('ReEncrypt', { ...incomplete, DestinationKeyId }, 'MissingParameter', 400);
        const toThePair = { ...source, DestinationKeyId: pair.KeyId };
        await kms.refused('ReEncrypt', toThePair, 'UnsupportedOperation', 400);
      }
    });
  }

  test('a key is for what it was made for, and with the algorithms of its kind', async () => {
    const kms = client();
    const { pair: signs } = made['RSA_2048 SIGN/VERIFY'];
    const { pair: encrypts } = made['RSA_2048 ENCRYPT/DECRYPT'];
    const { pair: curve } = made['EC_P256 SIGN/VERIFY'];
    const { pair: sm2 } = made['EC_SM2 ENCRYPT/DECRYPT'];
    const KeyId = await newKey(kms);
    const symmetric = { KeyId, KeyVersionId: (await versionsOf(kms, KeyId))[0].KeyVersionId };
    const oaep = { Algorithm: 'RSAES_OAEP_SHA_256', Plaintext: 'YQ==' };
    const pss = { Algorithm: 'RSA_PSS_SHA_256', Digest: random(32) };
    for (const [action, pair, parameters] of [
      ['AsymmetricEncrypt', signs, oaep], ['AsymmetricDecrypt', signs, { ...oaep, CiphertextBlob: random(256) }],
      ['AsymmetricSign', encrypts, pss], ['AsymmetricVerify', encrypts, { ...pss, Value: random(256) }],
      ['GetPublicKey', symmetric, {}], ['AsymmetricEncrypt', symmetric, oaep], ['AsymmetricSign', symmetric, pss],
      ['Encrypt', { KeyId: encrypts.KeyId }, { Plaintext: 'YQ==' }], ['GenerateDataKey', { KeyId: signs.KeyId }, {}],
    ]) {
      const { Plaintext, ...others } = parameters;
      const asked = action.endsWith('Decrypt') ? others : parameters;
      await kms.refused(action, { ...pair, ...asked }, 'UnsupportedOperation', 400);
    }
    for (const [action, pair, parameters] of [
      ['AsymmetricSign', signs, { ...pss, Algorithm: 'ECDSA_SHA_256' }], ['AsymmetricSign', curve, pss],
      ['AsymmetricSign', curve, { ...pss, Algorithm: 'SM2DSA' }],
      ['AsymmetricSign', signs, { ...pss, Algorithm: 'MD5' }],
      ['AsymmetricEncrypt', sm2, oaep], ['AsymmetricEncrypt', encrypts, { ...oaep, Algorithm: 'SM2PKE' }],
      ['AsymmetricSign', signs, { ...pss, Digest: random(31) }],
      ['AsymmetricSign', signs, { ...pss, Digest: random(33) }],
      ['AsymmetricVerify', curve, { Algorithm: 'ECDSA_SHA_256', Digest: random(20), Value: random(70) }],
    ]) {
      await kms.refused(action, { ...pair, ...parameters }, 'InvalidParameter', 400);
    }
  });

  test('kinds that cannot be', async () => {
    const kms = client();
    for (const wrong of [
      { KeySpec: 'RSA_4096' }, { KeySpec: 'rsa_2048' }, { KeySpec: 'EC_P256', KeyUsage: 'ENCRYPT/DECRYPT' },
      { KeySpec: 'EC_P256K', KeyUsage: 'ENCRYPT/DECRYPT' }, { KeySpec: 'Aliyun_AES_256', KeyUsage: 'SIGN/VERIFY' },
      { KeySpec: 'Aliyun_SM4', KeyUsage: 'SIGN/VERIFY' }, { KeySpec: 'RSA_2048', Origin: 'EXTERNAL' },
      { KeySpec: 'EC_SM2', Origin: 'EXTERNAL' },
      { KeySpec: 'RSA_2048', EnableAutomaticRotation: true, RotationInterval: '7d' },
    ]) {
      await kms.refused('CreateKey', wrong, 'InvalidParameter', 400);
    }
    for (const KeySpec of ['EC_P256', 'EC_P256K']) {
      assert.equal((await kms.call('CreateKey', { KeySpec })).KeyMetadata.KeyUsage, 'SIGN/VERIFY');
    }
    const unsaid = await kms.call('CreateKey', { KeySpec: 'EC_SM2' });
    assert.equal(unsaid.KeyMetadata.KeyUsage, 'ENCRYPT/DECRYPT');
  });

  test('a pair by its alias and by its ARN, and versions that it does not have', async () => {
    const kms = client();
    const { pair, publicKey } = made['EC_P256 SIGN/VERIFY'];
    const AliasName = aliasName('pair');
    await kms.call('CreateAlias', { AliasName, KeyId: pair.KeyId });
    const Digest = digest('ECDSA_SHA_256', publicKey, message).toString('base64');
    for (const KeyId of [AliasName, `acs:kms:${region}:${account}:key/${pair.KeyId}`]) {
      const named = { ...pair, KeyId };
      assert.equal((await kms.call('GetPublicKey', named)).PublicKey, publicKey);
      const { Value, ...signed } = await kms.call('AsymmetricSign', { ...named, Algorithm: 'ECDSA_SHA_256', Digest });
      assert.equal(signed.KeyId, pair.KeyId);
      assert.ok(verifies('ECDSA_SHA_256', publicKey, message, Buffer.from(Value, 'base64')));
    }
    const { pair: another } = made['EC_P256K SIGN/VERIFY'];
    for (const KeyVersionId of [crypto.randomUUID(), another.KeyVersionId, pair.KeyId]) {
      const unknown = { ...pair, KeyVersionId };
      await kms.refused('GetPublicKey', unknown, 'Forbidden.KeyVersionNotFound', 404);
      const sign = { ...unknown, Algorithm: 'ECDSA_SHA_256', Digest };
      await kms.refused('AsymmetricSign', sign, 'Forbidden.KeyVersionNotFound', 404);
    }
    await kms.refused('GetPublicKey', { ...pair, KeyId: crypto.randomUUID() }, 'Forbidden.KeyNotFound', 404);
  });

  test('states of a pair', async () => {
    const kms = client();
    const { pair, publicKey } = await newPair(kms, 'EC_SM2', 'SIGN/VERIFY');
    const { KeyId } = pair;
    const sign = { ...pair, Algorithm: 'SM2DSA', Digest: digest('SM2DSA', publicKey, message).toString('base64') };
    const { Value } = await kms.call('AsymmetricSign', sign);
    const refuses = async (code) => {
      await kms.refused('AsymmetricSign', sign, code, 409);
      await kms.refused('AsymmetricVerify', { ...sign, Value }, code, 409);
      await kms.refused('GetPublicKey', pair, code, 409);
      await kms.refused('CreateKeyVersion', { KeyId }, code, 409);
    };
    await kms.call('DisableKey', { KeyId });
    await refuses('Rejected.Disabled');
    await kms.call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
    await refuses('Rejected.PendingDeletion');
    assert.equal((await versionsOf(kms, KeyId)).length, 1);
    await kms.call('CancelKeyDeletion', { KeyId });
    assert.equal((await kms.call('AsymmetricVerify', { ...sign, Value })).Value, true);
  });
}

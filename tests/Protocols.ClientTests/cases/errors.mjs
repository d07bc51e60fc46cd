// The refusals that every application meets, by each SDK's own reading of them.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { openApi, popCore, typedClient } from '../lib.mjs';

export function errors(test, server) {
  const strangers = (over) => [
    popCore(server.http, 'POST', over), popCore(server.http, 'GET', over), typedClient(server.http, over),
    openApi(server.http, over), openApi(server.http, { ...over, signature: 'v2' }),
  ];

  test('an unknown access key', async () => {
    for (const kms of strangers({ id: 'nobody' })) {
      await kms.refused('ListKeys', {}, 'InvalidAccessKeyId.NotFound', 404);
    }
  });

  test('a wrong secret', async () => {
    for (const kms of strangers({ secret: 'not-the-secret' })) {
      await kms.refused('ListKeys', {}, 'IncompleteSignature', 400);
    }
  });

  test('an unknown key', async () => {
    for (const kms of strangers({})) {
      await kms.refused('DescribeKey', { KeyId: crypto.randomUUID() }, 'Forbidden.KeyNotFound', 404);
    }
  });

  test('missing and malformed parameters', async () => {
    for (const kms of [popCore(server.http, 'POST'), openApi(server.http)]) {
      await kms.refused('DescribeKey', {}, 'MissingParameter', 400);
      await kms.refused('CreateKey', { Origin: 'external' }, 'InvalidParameter', 400);
      await kms.refused('NoSuchAction', {}, 'InvalidApi.NotFound', 404);
      const parameters = { KeyId: crypto.randomUUID(), Plaintext: 'YQ==', EncryptionContext: '{"a":1}' };
      await kms.refused('Encrypt', parameters, 'InvalidParameter', 400);
    }
  });

  test('an old request and one sent twice', async () => {
    for (const method of ['GET', 'POST']) {
      const kms = popCore(server.http, method);
      await kms.refused('ListKeys', { Timestamp: '2016-03-28T03:13:08Z' }, 'IllegalTimestamp', 400);
      const SignatureNonce = crypto.randomUUID();
      await kms.call('ListKeys', { SignatureNonce });
      await kms.refused('ListKeys', { SignatureNonce }, 'SignatureNonceUsed', 400);
    }
  });

  test('the certificate counts', async () => {
    const kms = popCore(server.https, 'POST');
    await assert.rejects(kms.call('ListKeys'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  });
}

// The refusals that every application meets, as the SDK sees them.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { base64, newAlias, newKey, qcloud } from '../../tencent.mjs';

export function errors(test, server) {
  for (const signatureMethod of ['sha1', 'sha256']) {
    test(`a wrong secret and unknown ids, by ${signatureMethod}`, async () => {
      const by = (over) => qcloud(server.http, { signatureMethod, ...over });
      await by({ secret: 'not-the-secret' }).refused('ListKey', {}, 4100, 10030);
      await by({ id: 'AKIDnobody' }).refused('ListKey', {}, 4100, 10270);
      await by({ id: 'nobody' }).refused('ListKey', {}, 4000, 10450);
    });
  }

  test('an old request, and one that was sent before', async () => {
    const kms = qcloud(server.http);
    await kms.refused('ListKey', { Timestamp: 1463122059 }, 4100, 10030);
    const same = { Nonce: crypto.randomInt(1, 2 ** 31), Timestamp: Math.floor(Date.now() / 1000) };
    await kms.call('ListKey', same);
    await kms.refused('ListKey', same, 4100, 10030);
    await kms.call('ListKey', { ...same, limit: 1 });
  });

  test('parameters that are not there or will not do', async () => {
    const kms = qcloud(server.http);
    const keyId = await newKey(kms);
    await kms.refused('CreateKey', {}, 4000, 10390);
    await kms.refused('CreateKey', { alias: 'a'.repeat(33) }, 4000, 10350);
    await kms.refused('CreateKey', { alias: newAlias(), keyUsage: 'SIGN' }, 4490, 10470);
    await kms.refused('ListKey', { limit: 0 }, 4000, 10350);
    await kms.refused('Encrypt', { keyId, plaintext: 'not base64!' }, 4590, 10690);
    await kms.refused('Encrypt', { keyId }, 4000, 10390);
    await kms.refused('Decrypt', { ciphertextBlob: base64('nonsense') }, 4580, 10680);
    await kms.refused('GetKeyAttributes', { keyId: 'kms-00000000' }, 4000, 10350);
    await kms.refused('NoSuchAction', {}, 4000, 10280);
  });

  test('the certificate counts', async () => {
    await assert.rejects(qcloud(server.https).call('ListKey'), /self.signed/);
    await qcloud(server.https, { ca: server.ca }).call('ListKey');
  });
}

// Bring your own key, with the runtime's and the openssl command's cryptography as the customer.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { wrap } from '../../outside.mjs';
import { describe, importMaterial, newKey } from './begin.mjs';

const seconds = () => Math.floor(Date.now() / 1000);
const plain_text = 'under my own key';

export function byok(test, client) {
  const stateOf = async (key_id) => (await describe(client(), key_id)).key_state;

  for (const wrapping_algorithm of ['RSAES_PKCS1_V1_5', 'RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256']) {
    test(`${wrapping_algorithm}: import, use, erase, import again`, async () => {
      const kms = client();
      const material = crypto.randomBytes(32);
      const key_id = await newKey(kms, { origin: 'external' });
      const { origin, key_state } = await describe(kms, key_id);
      assert.deepEqual([origin, key_state], ['external', '5']);
      await kms.refused('encrypt-data', { key_id, plain_text }, 'KMS.1301');

      // Seconds as a number, and as the string that the table has.
      const expiry = seconds() + 3600;
      await importMaterial(kms, key_id, material, wrapping_algorithm, { expiration_time: expiry });
      const imported = await describe(kms, key_id);
      assert.deepEqual([imported.key_state, imported.expiration_time], ['2', `${expiry}000`]);
      const { cipher_text } = await kms.call('encrypt-data', { key_id, plain_text });
      assert.deepEqual(await kms.call('delete-imported-key-material', { key_id }), {});
      assert.equal(await stateOf(key_id), '5');
      await kms.refused('decrypt-data', { cipher_text }, 'KMS.1301');
      await kms.refused('delete-imported-key-material', { key_id }, 'KMS.2701');

      await importMaterial(kms, key_id, material, wrapping_algorithm, { expiration_time: `${expiry + 60}` });
      assert.equal((await kms.call('decrypt-data', { cipher_text })).plain_text, plain_text);
      assert.equal((await describe(kms, key_id)).expiration_time, `${expiry + 60}000`);
    });
  }

  test('the parameters for an import, and what is refused with them', async () => {
    const kms = client();
    const [key_id, other] = [await newKey(kms, { origin: 'external' }), await newKey(kms, { origin: 'external' })];
    const algorithm = 'RSAES_OAEP_SHA_256';
    const parameters = await kms.call('get-parameters-for-import', { key_id, wrapping_algorithm: algorithm });
    const { import_token, expiration_time, public_key, ...rest } = parameters;
    assert.deepEqual(rest, { key_id });
    assert.match(import_token, /^[0-9a-zA-Z+/=]{200,6144}$/);
    assert.ok(Math.abs(expiration_time - seconds() - 86_400) < 60);
    const wrapped = (bytes, by = algorithm) => wrap(crypto.randomBytes(bytes), public_key, by);
    const good = { key_id, import_token, encrypted_key_material: wrapped(32) };
    const garbage = crypto.randomBytes(256).toString('base64');
    for (const [wrong, code] of [
      [{ encrypted_key_material: wrapped(32, 'RSAES_OAEP_SHA_1') }, 'KMS.0311'],
      [{ encrypted_key_material: garbage }, 'KMS.0311'],
      [{ encrypted_key_material: 'YQ==' }, 'KMS.0308'],
      [{ import_token: crypto.randomBytes(300).toString('base64') }, 'KMS.2605'],
      [{ key_id: other }, 'KMS.2603'],
      [{ expiration_time: seconds() - 1 }, 'KMS.2602'],
    ]) {
      await kms.refused('import-key-material', { ...good, ...wrong }, code);
    }
    await kms.call('import-key-material', good);
    await kms.refused('import-key-material', good, 'KMS.0310');

    await kms.call('delete-imported-key-material', { key_id });
    const again = await kms.call('get-parameters-for-import', { key_id, wrapping_algorithm: algorithm });
    const another = { ...again, encrypted_key_material: wrap(crypto.randomBytes(32), again.public_key, algorithm) };
    delete another.expiration_time;
    await kms.refused('import-key-material', another, 'KMS.2606');
    assert.equal(await stateOf(key_id), '5');
  });

  test('cancelling the deletion of a key without material leaves it without', async () => {
    const kms = client();
    const key_id = await newKey(kms, { origin: 'external' });
    await kms.call('schedule-key-deletion', { key_id, pending_days: '7' });
    assert.deepEqual(await kms.call('cancel-key-deletion', { key_id }), { key_id, key_state: '5' });
  });

  test('only a key of origin external takes material', async () => {
    const kms = client();
    const key_id = await newKey(kms);
    const asked = { key_id, wrapping_algorithm: 'RSAES_OAEP_SHA_256' };
    await kms.refused('get-parameters-for-import', asked, 'KMS.0309');
    await kms.refused('delete-imported-key-material', { key_id }, 'KMS.0309');
    await kms.refused('get-parameters-for-import', { ...asked, wrapping_algorithm: 'SM2_ENCRYPT' }, 'KMS.0308');
  });
}

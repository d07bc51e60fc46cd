// Rotation, as far as a new key shows it; an old one does in restart.mjs.
import assert from 'node:assert/strict';
import { describe, importMaterial, newKey } from './begin.mjs';

const off = { key_rotation_enabled: false, rotation_interval: 365, last_rotation_time: '', number_of_rotations: 0 };

export function rotation(test, client) {
  test('enabled, of another interval, disabled', async () => {
    const kms = client();
    const key_id = await newKey(kms);
    const status = () => kms.call('get-key-rotation-status', { key_id });
    assert.deepEqual(await status(), off);
    await kms.refused('update-key-rotation-interval', { key_id, rotation_interval: 30 }, 'KMS.0313');
    assert.deepEqual(await kms.call('enable-key-rotation', { key_id }), {});
    assert.deepEqual(await status(), { ...off, key_rotation_enabled: true });
    assert.equal((await describe(kms, key_id)).key_rotation_enabled, 'true');
    for (const rotation_interval of [30, 365]) {
      assert.deepEqual(await kms.call('update-key-rotation-interval', { key_id, rotation_interval }), {});
      assert.deepEqual(await status(), { ...off, key_rotation_enabled: true, rotation_interval });
    }
    for (const rotation_interval of [29, 366, 'x']) {
      await kms.refused('update-key-rotation-interval', { key_id, rotation_interval }, 'KMS.0308');
    }
    assert.deepEqual(await kms.call('disable-key-rotation', { key_id }), {});
    assert.deepEqual(await status(), off);
  });

  test('not with material of one\'s own', async () => {
    const kms = client();
    const key_id = await newKey(kms, { origin: 'external' });
    await importMaterial(kms, key_id, Buffer.alloc(32, 1));
    await kms.refused('enable-key-rotation', { key_id }, 'KMS.0312');
  });
}

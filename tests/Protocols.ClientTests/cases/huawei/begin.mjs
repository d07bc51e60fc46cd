// What every case begins with.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { wrap } from '../../outside.mjs';
import { uuid } from '../../server.mjs';

// A time, in milliseconds.
export const instant = /^\d{13}$/;
export const newName = (what) => `${what}-${crypto.randomBytes(6).toString('hex')}`;

export async function newKey(kms, fields = {}) {
  const { key_info } = await kms.call('create-key', { key_alias: newName('key'), ...fields });
  assert.match(key_info.key_id, uuid);
  return key_info.key_id;
}

export const describe = async (kms, key_id) => (await kms.call('describe-key', { key_id })).key_info;

export async function importMaterial(kms, key_id, material, wrapping_algorithm = 'RSAES_OAEP_SHA_256', more = {}) {
  const { import_token, public_key } = await kms.call('get-parameters-for-import', { key_id, wrapping_algorithm });
  const encrypted_key_material = wrap(material, public_key, wrapping_algorithm);
  const fields = { key_id, import_token, encrypted_key_material, ...more };
  assert.deepEqual(await kms.call('import-key-material', fields), {});
  return fields;
}

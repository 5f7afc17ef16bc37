import { NotFound } from '../shared/errors.ts';
import type { InvitationsDeps } from './deps.ts';
import { findWave } from './wave-store.ts';
import type { Wave } from './wave.ts';

/** @throws NotFound */
export async function existingWave({ storage }: Pick<InvitationsDeps, 'storage'>, id: string): Promise<Wave> {
  const wave = await findWave(storage.read, id);
  if (!wave) throw new NotFound();
  return wave;
}

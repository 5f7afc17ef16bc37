import { offered, type Code } from '../../coding/index.ts';
import type { RecoveryDeps } from '../deps.ts';

/** First-level reasons for leaving that are in use. */
export async function topReasons(deps: Pick<RecoveryDeps, 'coding' | 'questionnaires'>): Promise<Code[]> {
  const programme = (await deps.questionnaires.programmes()).find(({ key }) => key === 'leaving');
  const book = programme && (await deps.coding.codebook(programme.id));
  return book ? offered(book).filter(({ parentId, kind }) => parentId === null && kind !== 'unknown') : [];
}

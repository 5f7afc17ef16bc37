import { surelyNouns } from '../engine/entity-cues.ts';
import { readKnowledge } from '../opinions/knowledge-files.ts';
import { serve } from '../../shared/threads/serving.ts';
import { findClashes } from './clashes.ts';
import { LEAVING } from './competitor-rules.ts';
import { findNamed } from './finding.ts';
import { findNames } from './names.ts';
import type { Ask } from './thread.ts';

/** @param folder of what was written for the product's own codebooks */
serve((ask: Ask, folder: string) => {
  if (ask.type === 'themes') return findNamed(ask);
  return ask.type === 'names' ? findNames(ask, (nouns ??= writtenNouns(folder))) : findClashes(ask);
});

let nouns: ReadonlySet<string> | undefined;

/** Of the answers that were written along with the codebook in German, where every noun has a capital. */
function writtenNouns(folder: string): ReadonlySet<string> {
  const { examples } = readKnowledge(folder, LEAVING);
  return surelyNouns(examples.filter(({ lang }) => lang === 'de').map(({ text }) => text));
}

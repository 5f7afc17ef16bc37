import { workerData } from 'node:worker_threads';
import { surelyNouns } from '../engine/entity-cues.ts';
import { readKnowledge } from '../opinions/knowledge-files.ts';
import { serve } from '../../shared/threads/serving.ts';
import { findClashes } from './clashes.ts';
import { LEAVING } from './competitor-rules.ts';
import { findNamed } from './finding.ts';
import { findNames } from './names.ts';
import type { Ask } from './thread.ts';

serve((ask: Ask) => ({ answer: answerTo(ask) }));

let nouns: ReadonlySet<string> | undefined;

/** Of the answers that were written along with the codebook in German, where every noun has a capital. */
function writtenNouns(): ReadonlySet<string> {
  const { examples } = readKnowledge(workerData as string, LEAVING);
  return surelyNouns(examples.filter(({ lang }) => lang === 'de').map(({ text }) => text));
}

function answerTo(ask: Ask): unknown {
  if (ask.type === 'themes') return findNamed(ask);
  return ask.type === 'names' ? findNames(ask, (nouns ??= writtenNouns())) : findClashes(ask);
}

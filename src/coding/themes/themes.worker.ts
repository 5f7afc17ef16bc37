import { serve } from '../threads/serving.ts';
import { findClashes } from './clashes.ts';
import { findNamed } from './finding.ts';
import { findNames } from './names.ts';
import type { Ask } from './thread.ts';

serve((ask: Ask) => ({ answer: answerTo(ask) }));

function answerTo(ask: Ask): unknown {
  if (ask.type === 'themes') return findNamed(ask);
  return ask.type === 'names' ? findNames(ask) : findClashes(ask);
}

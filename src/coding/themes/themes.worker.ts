import { parentPort, workerData } from 'node:worker_threads';
import { giveWay } from '../../shared/giving-way.ts';
import { findClashes } from './clashes.ts';
import { findNamed } from './finding.ts';
import { findNames } from './names.ts';
import type { Ask } from './thread.ts';

const ask = workerData as Ask;

giveWay();
parentPort?.postMessage(answerTo(ask));

function answerTo(asked: Ask): unknown {
  if (asked.type === 'themes') return findNamed(asked);
  return asked.type === 'names' ? findNames(asked) : findClashes(asked);
}

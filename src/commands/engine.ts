import {
  createPredictor,
  figuresOf,
  likeliest,
  seeded,
  shuffled,
  singles,
  train,
  truthOf,
  type Example,
  type Figures,
  type Model,
} from '../coding/engine/index.ts';
import {
  areLabelled,
  fromLabels,
  isOwn,
  ownKnowledge,
  ownNameOf,
  readCodebook,
  readRows,
  type Knowledge,
} from './engine-files.ts';
import { withLanguages } from './engine-languages.ts';
import { readArguments, required, UsageError, type Command } from './usage.ts';

const SHARES = 'engine shares --pool F --audit N --draws N [--labels N] [--train F] [--codebook DIR]';
const EVALUATE = 'engine evaluate --train F --test F [--labels N] [--pool F] [--codebook DIR]';

export const engineCommand: Command = {
  usage: EVALUATE,
  summary: 'judge the coding of open answers on a labelled file of your own (engine shares: the shares); prints JSON',
  async run([action = '', ...args]) {
    if (action === 'shares') return await shares(args);
    if (action !== 'evaluate') throw new UsageError(`There is no engine ${action || 'without a word after it'}`);
    console.log(JSON.stringify(await evaluateFiles(args)));
  },
};

async function shares(args: string[]): Promise<void> {
  const { engineShares } = await import('./engine-shares.ts');
  try {
    console.log(JSON.stringify(await engineShares(args, knowledgeFor)));
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${error.message}\ncomeback ${SHARES}`) : error;
  }
}

interface Evaluation extends Figures {
  /** Reading, learning and telling together. */
  seconds: number;
  /** Answers told a second, one after the other. */
  perSecond: number;
}

const OPTIONS = Object.fromEntries(
  ['train', 'test', 'labels', 'pool', 'codebook'].map((name) => [name, { type: 'string' as const }]),
);

async function evaluateFiles(args: string[]): Promise<Evaluation> {
  const start = performance.now();
  const { values } = readArguments(args, OPTIONS, 0);
  const given = readRows(required(values, 'train'));
  const test = readRows(required(values, 'test'));
  if (test.length === 0) throw new UsageError('There are no answers in the file to test on');
  if (!areLabelled(test)) throw new UsageError('No answer in the file to test on has a label: nothing to judge by');
  const pool = typeof values.pool === 'string' ? readRows(values.pool) : [];
  const knowledge = knowledgeFor(values.codebook as string | undefined, [...given, ...test]);
  const rows = await withLanguages({ given, test, pool }, knowledge);
  return evaluate(knowledge, { ...rows, labels: countOf(values.labels, given.length) }, start);
}

/** A folder, one of our own codebooks by name, or nothing: then ours if the labels are its codes. */
function knowledgeFor(codebook: string | undefined, rows: Example[]): Knowledge {
  const labels = [...new Set(rows.flatMap((row) => row.labels))].sort();
  if (codebook !== undefined) return isOwn(codebook) ? ownKnowledge(codebook) : readCodebook(codebook, labels);
  const own = ownNameOf(labels);
  return own === undefined ? fromLabels(labels) : ownKnowledge(own);
}

function countOf(text: string | boolean | undefined, all: number): number {
  if (text === undefined) return all;
  if (typeof text !== 'string' || !/^\d+$/.test(text)) throw new UsageError('--labels is a number');
  return Math.min(all, Number(text));
}

const SEED = 7;

/**
 * Trains as the product does and tells the test's answers, of which it has seen nothing before. `labels` rows of a shuffle
 * that is always the same keep their labels; the texts of all others, and of the pool, are known without theirs.
 */
export function evaluate(
  { codes, groups, examples }: Knowledge,
  { given, test, pool, labels }: { given: Example[]; test: Example[]; pool: Example[]; labels: number },
  start = performance.now(),
): Evaluation {
  const order = [...shuffled(given.length, seeded(SEED))].map((row) => given[row]!);
  const unlabelled = [...order.slice(labels), ...pool].map(({ text, lang }) => ({ text, lang }));
  const model = train({ codes, groups, examples: [...examples, ...order.slice(0, labels)], pool: unlabelled });
  const figures = judgeOn(model, codes, test);
  const seconds = (performance.now() - start) / 1000;
  return { ...figures, seconds: rounded(seconds), perSecond: Math.round(perSecond(model, test)) };
}

export function judgeOn(model: Model, codes: string[], test: Example[]): Figures {
  const { tell } = createPredictor(model);
  const truth = truthOf(codes, test);
  const decided = new Uint8Array(truth.labels.length);
  const mains = new Int32Array(test.length);
  test.forEach((answer, row) => {
    const verdict = tell(answer);
    decided.set(verdict.decided, row * codes.length);
    mains[row] = likeliest(verdict.mains);
  });
  const figures = figuresOf(truth.labels, decided, codes.length, singles(truth.labels, codes.length, mains));
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [name, rounded(value as number)]),
  ) as unknown as Figures;
}

const rounded = (value: number) => Math.round(value * 10_000) / 10_000;
const MEASURED = 300;

function perSecond(model: Model, test: Example[]): number {
  if (test.length === 0) return 0;
  const { tell } = createPredictor(model);
  const start = performance.now();
  let told = 0;
  while (performance.now() - start < MEASURED) for (const answer of test) if (tell(answer)) told++;
  return told / ((performance.now() - start) / 1000);
}

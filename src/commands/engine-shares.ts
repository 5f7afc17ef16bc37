import {
  createPredictor,
  seeded,
  shuffled,
  train,
  trainCrossFitted,
  truthOf,
  type Answer,
  type Example,
  type Verdict,
} from '../coding/engine/index.ts';
import { tryShares, type KnownPool, type ShareTrial } from '../coding/engine/shares-trial.ts';
import type { CrossFitted, Lambda } from '../coding/engine/shares.ts';
import { areLabelled, readRows, type Knowledge } from './engine-files.ts';
import { withLanguages } from './engine-languages.ts';
import { readArguments, required, UsageError } from './usage.ts';

const OPTIONS = Object.fromEntries(
  ['pool', 'audit', 'draws', 'labels', 'train', 'codebook'].map((name) => [name, { type: 'string' as const }]),
);

type KnowledgeFor = (codebook: string | undefined, rows: Example[]) => Knowledge;

/**
 * Audits a labelled file at random, again and again, and says how far the estimated shares were from the true ones. Predictions
 * come from the product's engine, cross-fitted: trained on the other folds of the file, of which with --labels only so many
 * answers are labelled to it, or on another file with --train.
 */
export async function engineShares(args: string[], knowledgeFor: KnowledgeFor): Promise<object> {
  const start = performance.now();
  const { values } = readArguments(args, OPTIONS, 0);
  const given = readRows(required(values, 'pool'));
  const [audit, draws] = [countOf(required(values, 'audit'), 'audit'), countOf(required(values, 'draws'), 'draws')];
  if (given.length === 0) throw new UsageError('The pool is empty');
  if (!areLabelled(given)) throw new UsageError('No answer in the pool has a label: there are no shares to find');
  const taught = typeof values.train === 'string' ? readRows(values.train) : [];
  const knowledge = knowledgeFor(values.codebook as string | undefined, [...given, ...taught]);
  const rows = await withLanguages({ given, test: taught, pool: [] }, knowledge);
  const labels = values.labels === undefined ? Infinity : countOf(required(values, 'labels'), 'labels');
  const predicted = predictPool(knowledge, { pool: rows.given, taught: rows.test, labels });
  const { shares, ...figures } = auditPool(predicted, audit, draws);
  return { ...figures, seconds: rounded((performance.now() - start) / 1000), shares };
}

/** How estimates from so many audits of that pool did. */
export function auditPool({ pool, lambda }: PredictedPool, audit: number, draws: number) {
  const all = pool.labels.length;
  const drawn = Math.min(audit, all);
  const trials = tryShares(pool, drawn, draws, lambda);
  return { pool: all, audit: drawn, draws, ...overAll(trials), shares: trials.map(inPoints) };
}

function countOf(text: string, name: string): number {
  if (!/^[0-9]+$/.test(text) || (Number(text) === 0 && name !== 'labels'))
    throw new UsageError(`--${name} is a number${name === 'labels' ? '' : ', one or more'}`);
  return Number(text);
}

const SEED = 7;

interface Files {
  pool: Example[];
  taught: Example[];
  labels: number;
}

export interface PredictedPool {
  pool: KnownPool;
  lambda: Lambda;
}

/** Where people gave every answer exactly one code these are main reasons, whose probabilities add up to one. */
export function predictPool(knowledge: Knowledge, { pool, taught, labels }: Files): PredictedPool {
  const { codes } = knowledge;
  const truth = truthOf(codes, pool).labels;
  const known = pool.map((_, row) => truth.subarray(row * codes.length, (row + 1) * codes.length));
  const single = known.every((each) => each.reduce((sum, label) => sum + label, 0) === 1);
  const verdicts = taught.length > 0 ? byOthers(knowledge, pool, taught) : byOwn(knowledge, pool, labels);
  const predictions = verdicts.map(({ mains, chances }): CrossFitted => (single ? mains : chances));
  return { pool: { codes, labels: known, predictions }, lambda: single ? 'one' : 'each' };
}

const bare = ({ text, lang }: Example): Answer => ({ text, lang });

function byOthers({ codes, groups, examples }: Knowledge, pool: Example[], taught: Example[]): Verdict[] {
  const { tell } = createPredictor(train({ codes, groups, examples: [...examples, ...taught], pool: pool.map(bare) }));
  return pool.map((answer) => tell(bare(answer)));
}

/** Those whose labels are known to the engine are judged without their own, the rest by what all of these teach. */
function byOwn({ codes, groups, examples }: Knowledge, pool: Example[], labels: number): Verdict[] {
  const order = Array.from(shuffled(pool.length, seeded(SEED)));
  const [seen, unseen] = [order.slice(0, labels), order.slice(labels)];
  const given = [...examples, ...seen.map((row) => pool[row]!)];
  const material = { codes, groups, examples: given, pool: unseen.map((row) => bare(pool[row]!)) };
  const verdicts = new Array<Verdict>(pool.length);
  const { model, verdicts: fitted } = trainCrossFitted(material);
  const known = fitted().slice(examples.length);
  seen.forEach((row, i) => (verdicts[row] = known[i]!));
  const { tell } = createPredictor(model);
  for (const row of unseen) verdicts[row] = tell(bare(pool[row]!));
  return verdicts;
}

/** Shares that are common enough for their intervals to be judged. */
const COMMON = 0.05;

function overAll(trials: ShareTrial[]) {
  const common = trials.filter(({ share }) => share >= COMMON);
  const error = mean(trials.map((each) => each.error));
  const auditError = mean(trials.map((each) => each.auditError));
  return {
    error: points(error),
    auditError: points(auditError),
    relative: auditError > 0 ? rounded(error / auditError) : 1,
    coverage: common.length > 0 ? rounded(mean(common.map(({ coverage }) => coverage))) : null,
    width: common.length > 0 ? points(mean(common.map(({ width }) => width))) : null,
  };
}

/** Errors and widths in points, as they are read on a page. */
const inPoints = ({ code, share, error, auditError, coverage, width, auditWidth }: ShareTrial) => ({
  code,
  share: rounded(share),
  error: points(error),
  auditError: points(auditError),
  coverage: rounded(coverage),
  width: points(width),
  auditWidth: points(auditWidth),
});

const mean = (values: number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;
const points = (share: number) => Math.round(share * 10_000) / 100;
const rounded = (value: number) => Math.round(value * 10_000) / 10_000;

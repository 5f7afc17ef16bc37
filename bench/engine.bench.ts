/**
 * How well and how fast answers are coded: our own codebook on the answers held back for judging, and public labelled sets
 * where they lie beside the repository. Each line: what, reached, must, aim.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { evaluate } from '../src/commands/engine.ts';
import { auditPool, predictPool, type PredictedPool } from '../src/commands/engine-shares.ts';
import { ownKnowledge, readRows, type Knowledge } from '../src/commands/engine-files.ts';
import { languageCheck } from '../src/commands/engine-languages.ts';
import { createPredictor, seeded, shuffled, train, type Example } from '../src/coding/engine/index.ts';
import { codebook, missing, publicRows } from './engine-data.ts';

const FOLDS = 5;

function line(what: string, reached: number, must: number, aim: number, digits = 3): void {
  print(what, reached.toFixed(digits), `${must} / ${aim}`, reached >= aim, reached >= must);
}

type Between = [low: number, high: number];

/** Where more would be as wrong as less. */
function within(what: string, reached: number, must: Between, aim: Between): void {
  const lies = ([low, high]: Between) => reached >= low && reached <= high;
  print(what, reached.toFixed(3), `${must.join('-')} / ${aim.join('-')}`, lies(aim), lies(must));
}

function print(what: string, reached: string, wanted: string, isAim: boolean, isPass: boolean): void {
  console.log(`${what.padEnd(58)} ${reached.padStart(9)}  ${wanted}  ${isAim ? 'aim' : isPass ? 'pass' : 'SHORT'}`);
}

/** Mean figures over the folds, with so many labels of the training part. */
function crossed(knowledge: Knowledge, rows: Example[], labels: number) {
  const order = [...shuffled(rows.length, seeded(7))].map((row) => rows[row]!);
  const runs = Array.from({ length: FOLDS }, (_, fold) => {
    const given = order.filter((_, i) => i % FOLDS !== fold);
    const test = order.filter((_, i) => i % FOLDS === fold);
    return evaluate(knowledge, { given, test, pool: [], labels: Math.min(labels, given.length) });
  });
  const mean = (name: 'micro' | 'kappa') => runs.reduce((sum, run) => sum + run[name], 0) / FOLDS;
  return { micro: mean('micro'), kappa: mean('kappa') };
}

function airline(): void {
  const rows = publicRows('airline_reasons_en.train.jsonl', 'airline complaints');
  if (!rows) return;
  const knowledge = codebook('airline', rows);
  const all = crossed(knowledge, rows, rows.length);
  line('airline, all labels, micro-F1', all.micro, 0.6, 0.65);
  line('airline, all labels, kappa', all.kappa, 0.5, 0.57);
  const none = crossed(knowledge, rows, 0).micro;
  line('airline, 0 labels with keywords, micro-F1', none, 0.5, 0.56);
  line('airline, 100 labels, micro-F1', crossed(knowledge, rows, 100).micro, 0.53, 0.58);
  for (const labels of [10, 25, 50, 200, 500, 1000])
    line(`airline, ${labels} labels against 0`, crossed(knowledge, rows, labels).micro - none, 0, 0);
  speed(knowledge, rows);
}

function speed(knowledge: Knowledge, rows: Example[]): void {
  const examples = [...rows, ...rows].slice(0, 5000);
  const start = process.cpuUsage();
  const model = train({ ...knowledge, examples, pool: [] });
  const seconds = process.cpuUsage(start).user / 1e6;
  line('retraining on 5,000 labels, CPU seconds (negative)', -seconds, -10, -5);
  const { tell } = createPredictor(model);
  const rates = Array.from({ length: 5 }, () => {
    const from = performance.now();
    for (const row of rows) tell(row);
    return (rows.length / (performance.now() - from)) * 1000;
  });
  line('predictions a second, one thread, best of 5', Math.max(...rates), 5000, 20_000, 0);
}

function restaurant(): void {
  const rows = publicRows('restaurant_aspects_nl.train.jsonl', 'Dutch restaurants');
  const english = publicRows('restaurant_aspects_en.train.jsonl', 'English restaurants');
  if (!rows || !english) return;
  const knowledge = codebook('restaurant', [...rows, ...english]);
  line('Dutch restaurants, all labels, micro-F1', crossed(knowledge, rows, rows.length).micro, 0.66, 0.7);
  const { micro } = evaluate(knowledge, { given: english, test: rows, pool: [], labels: 200 });
  line('Dutch restaurants, 200 English labels, micro-F1', micro, 0.56, 0.6);
}

function ours(): void {
  const knowledge = ownKnowledge('leaving');
  for (const lang of ['en', 'de', 'nl', 'nb']) {
    const file = join(import.meta.dirname, `../test/fixtures/held-back/leaving.${lang}.jsonl`);
    if (!existsSync(file)) missing.push(`our codebook in ${lang}: ${file} is not there`);
    else
      line(
        `our codebook, 0 labels, ${lang}`,
        evaluate(knowledge, { given: [], test: readRows(file), pool: [], labels: 0 }).micro,
        0.7,
        0.85,
      );
  }
}

const POOL = 2000;
const DRAWS = 500;

/** As `comeback engine shares` does it, with so many of a pool's answers labelled to the engine. */
function shares(): void {
  const pools = [
    sharesPool('airline', 'airline_reasons_en.train.jsonl'),
    sharesPool('restaurant', 'restaurant_aspects_nl.train.jsonl'),
    sharesPool('restaurant', 'restaurant_aspects_en.train.jsonl'),
  ].filter((pool) => pool !== undefined);
  if (pools.length === 0) return;
  for (const labels of [Infinity, 200, 0]) {
    const predicted = pools.map(({ knowledge, pool }) => predictPool(knowledge, { pool, taught: [], labels }));
    sharesLines(labels === Infinity ? 'all labels' : `${labels} labels`, predicted);
  }
}

function sharesPool(name: string, file: string): { knowledge: Knowledge; pool: Example[] } | undefined {
  const rows = publicRows(file, 'shares');
  const order = rows && Array.from(shuffled(rows.length, seeded(7)), (row) => rows[row]!);
  return order && { knowledge: codebook(name, order), pool: order.slice(0, POOL) };
}

/** Means over the pools. */
function sharesLines(labels: string, pools: PredictedPool[]): void {
  for (const audit of [100, 200, 300]) {
    const tried = pools.map((pool) => auditPool(pool, audit, DRAWS));
    const mean = (name: 'coverage' | 'relative') => tried.reduce((sum, each) => sum + each[name]!, 0) / tried.length;
    within(`shares, ${labels}, ${audit} audited: coverage`, mean('coverage'), [0.93, 0.975], [0.94, 0.96]);
    if (audit === 200)
      line(`shares, ${labels}, 200 audited: error relative (negative)`, -mean('relative'), -0.93, -0.75);
  }
}

/** What a general detector alone says, told which languages it may choose from. */
async function detectedByEld(text: string): Promise<string> {
  const { eld } = await import('eld/extrasmall');
  eld.setLanguageSubset(['en', 'de', 'nl', 'no']);
  return eld.detect(text).language;
}

async function languages(): Promise<void> {
  const rows = publicRows('sentences_4lang.jsonl', 'languages');
  if (!rows) return;
  const { detect } = await languageCheck();
  const langs = ['en', 'de', 'nl', 'nb'];
  const right = (some: Example[], chosen = false) =>
    some.filter(({ text, lang }) => detect(text, langs, chosen ? lang : undefined)?.lang === lang).length / some.length;
  const long = rows.filter(({ text, lang }) => lang !== 'nb' || text.length >= 40);
  for (const lang of langs) line(`language, ${lang}`, right(long.filter((row) => row.lang === lang)), 0.97, 0.98);
  const short = rows.filter(({ text, lang }) => lang === 'nb' && text.length < 40);
  line('language, Norwegian under 40 characters', right(short), 0.9, 0.94);
  const byEld = await Promise.all(short.map(({ text }) => detectedByEld(text)));
  line('the same by eld alone', byEld.filter((lang) => lang === 'no').length / short.length, 0.9, 0.94);
  line('the same where Norwegian was chosen', right(short, true), 0.9, 0.94);
}

console.log(`${'what'.padEnd(58)}   reached  must / aim`);
ours();
airline();
restaurant();
shares();
await languages();
for (const each of new Set(missing)) console.log(`not run: ${each}`);

/**
 * How much better answers are coded with ever more labels than with none, on answers that nothing was learned from: public
 * sets where they lie beside the repository, and our own lexicon on the answers written for it. It should never be worse.
 */
import { join } from 'node:path';
import { judgeOn } from '../src/commands/engine.ts';
import { ownKnowledge, readRows, type Knowledge } from '../src/commands/engine-files.ts';
import { seeded, shuffled, train, type Example } from '../src/coding/engine/index.ts';
import { codebook, missing, publicRows } from './engine-data.ts';

const COUNTS = [5, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500];
const DRAWS = Number(process.argv[3] ?? 3);
const READ = 2000;
const JUDGED = 700;

const root = join(import.meta.dirname, '..');
const signed = (gain: number) => `${gain < 0 ? '-' : '+'}${Math.abs(gain).toFixed(3).slice(1)}`;
const print = (what: string, cells: string[]) =>
  console.log(what.padEnd(28) + cells.map((cell) => cell.padStart(7)).join(''));

function curve(what: string, { codes, groups }: Knowledge, rows: Example[]): void {
  const gains = Array.from({ length: DRAWS }, (_, draw) => {
    const order = Array.from(shuffled(rows.length, seeded(draw + 1)), (row) => rows[row]!).slice(0, READ);
    const [test, given] = [order.slice(0, JUDGED), order.slice(JUDGED)];
    const micro = (labels: number) =>
      judgeOn(train({ codes, groups, examples: given.slice(0, labels), pool: given.slice(labels) }), codes, test).micro;
    const none = micro(0);
    return COUNTS.map((labels) => micro(labels) - none);
  });
  const at = COUNTS.map((_, i) => gains.map((draw) => draw[i]!));
  print(
    what,
    at.map((each) => signed(each.reduce((sum, gain) => sum + gain, 0) / DRAWS)),
  );
  print(
    '  the worst draw',
    at.map((each) => signed(Math.min(...each))),
  );
}

function publicCurve(what: string, name: string, file: string): void {
  const rows = publicRows(file, what);
  if (rows) curve(what, codebook(name, rows), rows);
}

function ownCurve(lang: string): void {
  const files = [`test/fixtures/held-back/leaving.${lang}.jsonl`, `data/codebook/examples/leaving.${lang}.jsonl`];
  const rows = files.flatMap((file) => readRows(join(root, file)));
  curve(`our lexicon alone, ${lang}`, ownKnowledge('leaving'), rows);
}

print('micro-F1 against 0 labels', COUNTS.map(String));
publicCurve('airline', 'airline', 'airline_reasons_en.train.jsonl');
publicCurve('Dutch restaurants', 'restaurant', 'restaurant_aspects_nl.train.jsonl');
publicCurve('English restaurants', 'restaurant', 'restaurant_aspects_en.train.jsonl');
for (const lang of ['en', 'de', 'nl', 'nb']) ownCurve(lang);
for (const each of missing) console.log(`not run: ${each}`);

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { engineShares } from '../../src/commands/engine-shares.ts';
import { fromLabels } from '../../src/commands/engine-files.ts';
import { seeded } from '../../src/coding/engine/random.ts';

const folder = mkdtempSync(join(tmpdir(), 'shares-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SAYINGS: Record<string, string[]> = {
  price: ['far too expensive', 'the price went up', 'cheaper elsewhere', 'costs more than it gives'],
  service: ['nobody answered', 'rude staff', 'waited for weeks', 'service was slow'],
  moved: ['moved away', 'new flat in another town', 'we live abroad now', 'left the country'],
};
const FILLERS = ['sorry', 'to be honest', 'as I said', 'that is all', 'and so on', 'oh well'];

/** So many answers, of which some say one thing and are labelled another. */
function poolFile(name: string, count: number, several: boolean): string {
  const random = seeded(count);
  const pick = <T>(list: T[]): T => list[Math.floor(random() ** 1.5 * list.length)]!;
  const rows = Array.from({ length: count }, (_, i) => {
    const label = pick(Object.keys(SAYINGS));
    const said = random() < 0.15 ? pick(Object.keys(SAYINGS)) : label;
    const labels = several && random() < 0.2 ? [] : [label];
    return JSON.stringify({ id: i, text: `${pick(SAYINGS[said]!)}, ${pick(FILLERS)}`, labels, lang: 'en' });
  });
  const file = join(folder, name);
  writeFileSync(file, rows.join('\n'));
  return file;
}

interface Output {
  pool: number;
  relative: number;
  coverage: number;
  error: number;
  shares: { code: string; share: number; error: number; coverage: number }[];
}

const run = async (args: string) =>
  (await engineShares(args.split(' '), (_, rows) =>
    fromLabels([...new Set(rows.flatMap((row) => row.labels))].sort()),
  )) as Output;

describe('engine shares', () => {
  const single = poolFile('single.jsonl', 400, false);

  test('says how far estimated shares were from the true ones: nearer than the audit alone, intervals as true as promised', async () => {
    const told = await run(`--pool ${single} --audit 100 --draws 200`);
    expect(told).toMatchObject({ pool: 400, audit: 100, draws: 200 });
    expect(told.relative).toBeLessThan(0.9);
    expect(told.coverage).toBeGreaterThan(0.92);
    expect(told.shares.map(({ code }) => code)).toEqual(['moved', 'price', 'service']);
    expect(told.shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 3);
  });

  test('answers with several codes or none have shares of their own; few labels still help a little', async () => {
    const file = poolFile('several.jsonl', 300, true);
    const told = await run(`--pool ${file} --audit 80 --draws 50 --labels 60`);
    expect(told.shares.reduce((sum, { share }) => sum + share, 0)).toBeLessThan(0.9);
    expect(told.relative).toBeLessThan(1.05);
  });

  test('predictions may come from another file', async () => {
    const other = poolFile('other.jsonl', 200, false);
    const told = await run(`--pool ${single} --train ${other} --audit 100 --draws 50`);
    expect(told.relative).toBeLessThan(0.95);
  });

  test('an audit of everything leaves no error', async () => {
    expect(await run(`--pool ${single} --audit 1000 --draws 2`)).toMatchObject({ error: 0, coverage: 1, audit: 400 });
  });

  test('a pool without labels has no shares', async () => {
    const file = join(folder, 'bare.jsonl');
    writeFileSync(file, JSON.stringify({ text: 'too expensive' }));
    await expect(run(`--pool ${file} --audit 5 --draws 5`)).rejects.toThrow('No answer in the pool has a label');
  });

  test.each(['--audit 5 --draws 5', `--pool ${single} --audit x --draws 5`, `--pool ${single} --audit 0 --draws 5`])(
    'wrongly called: %s',
    async (args) => {
      await expect(run(args)).rejects.toThrow(/missing|number/);
    },
  );
});

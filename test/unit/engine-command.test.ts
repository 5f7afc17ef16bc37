import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { severalCommands, type Outcome } from '../support/commands.ts';

let folder: string;
let outcomes: Record<
  | 'keywords'
  | 'labels'
  | 'nothing'
  | 'none'
  | 'unknown'
  | 'cut'
  | 'odd'
  | 'empty'
  | 'bare'
  | 'long'
  | 'broken'
  | 'bookless'
  | 'bookfile'
  | 'twice'
  | 'latin'
  | 'nameless',
  Outcome
>;
const path = (name: string) => join(folder, name);

const figuresOf = ({ status, stdout }: Outcome) => (status === 0 ? (JSON.parse(stdout) as Record<string, number>) : {});

const lines = (rows: object[]) => rows.map((row) => JSON.stringify(row)).join('\n');

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'comeback-engine-'));
  for (const name of ['codes', 'broken', 'bookless', 'twice', 'nameless']) mkdirSync(path(name));
  writeFileSync(path('broken/late.yaml'), 'name: [late\n');
  writeFileSync(path('nameless/late.yaml'), 'en: [delay, late]\n');
  for (const name of ['a', 'b']) writeFileSync(path(`twice/${name}.yaml`), 'name: late flight\n');
  writeFileSync(path('codes/Lost-Luggage.yaml'), 'name: Lost luggage\nkeywords:\n  en: [luggage, "lost bag"]\n');
  writeFileSync(path('codes/late.json'), JSON.stringify({ label: 'LATE FLIGHT', keywords: 'delay, late' }));
  const rows = Array.from({ length: 20 }, (_, i) =>
    i % 2 === 0
      ? { id: i, text: `my luggages are gone ${i}`, labels: ['lost_luggage'], lang: 'en' }
      : { id: i, text: `delayed again ${i}`, labels: ['Late Flight'], lang: 'en' },
  );
  writeFileSync(path('train.jsonl'), lines(rows));
  writeFileSync(path('test.jsonl'), lines([...rows.slice(0, 6), { text: 'hello there' }]));
  writeFileSync(path('cut.jsonl'), '{"text":"late","labels":["Late Flight"]}\n{"text":"la');
  writeFileSync(path('latin.jsonl'), Buffer.from('{"text":"zu spät","labels":["Late Flight"]}', 'latin1'));
  writeFileSync(path('odd.jsonl'), '{"text":"late","labels":["Late Flight"],"lang":7}');
  writeFileSync(path('empty.jsonl'), '\n');
  writeFileSync(path('bare.jsonl'), lines([{ text: 'late' }, { text: 'again', labels: ['', ' '] }]));
  writeFileSync(path('long.jsonl'), lines([...rows, { text: 'z'.repeat(5_000_000), labels: [' Late Flight '] }]));
  writeFileSync(path('windows.jsonl'), `\uFEFF${lines(rows).replaceAll('\n', '\r\n')}\r\n`);
  const files = ['--train', path('train.jsonl'), '--test', path('test.jsonl')];
  const taught = (name: string) => ['evaluate', '--train', path(name), '--test', path('test.jsonl')];
  const given = {
    keywords: ['evaluate', ...files, '--labels', '0', '--codebook', path('codes')],
    broken: ['evaluate', ...files, '--codebook', path('broken')],
    bookless: ['evaluate', ...files, '--codebook', path('bookless')],
    bookfile: ['evaluate', ...files, '--codebook', path('train.jsonl')],
    twice: ['evaluate', ...files, '--codebook', path('twice')],
    nameless: ['evaluate', ...files, '--codebook', path('nameless')],
    latin: taught('latin.jsonl'),
    labels: taught('windows.jsonl'),
    nothing: ['evaluate', '--train', path('train.jsonl')],
    none: taught('none.jsonl'),
    cut: taught('cut.jsonl'),
    odd: taught('odd.jsonl'),
    empty: ['evaluate', '--train', path('train.jsonl'), '--test', path('empty.jsonl')],
    bare: ['evaluate', '--train', path('train.jsonl'), '--test', path('bare.jsonl')],
    long: taught('long.jsonl'),
    unknown: ['guess'],
  };
  const said = severalCommands(Object.values(given).map((args) => ['engine', ...args]));
  outcomes = Object.fromEntries(Object.keys(given).map((name, i) => [name, said[i]!])) as typeof outcomes;
});

afterAll(() => rmSync(folder, { recursive: true }));

test('labels find their files whatever their case and punctuation; keywords alone already tell', () => {
  const figures = figuresOf(outcomes.keywords);
  expect(figures.micro).toBeGreaterThan(0.9);
  expect(Object.keys(figures)).toEqual(['micro', 'macro', 'samples', 'kappa', 'seconds', 'perSecond']);
});

test('without a codebook the labels of the file teach, though it was written on Windows', () => {
  expect(figuresOf(outcomes.labels).micro).toBeGreaterThan(0.8);
});

test('what cannot be read is named', () => {
  expect(outcomes.nothing).toMatchObject({ status: 2, stderr: expect.stringContaining('--test') });
  expect(outcomes.none).toMatchObject({ status: 2, stderr: expect.stringContaining('none.jsonl') });
  expect(outcomes.unknown).toMatchObject({ status: 2 });
  expect(outcomes.empty).toMatchObject({ status: 2, stderr: expect.stringContaining('no answers') });
});

test('where nothing carries a label there is nothing to judge by', () => {
  expect(outcomes.bare).toMatchObject({ status: 2, stderr: expect.stringContaining('No answer') });
});

test('a line as long as a book costs next to nothing; blanks around a label are no part of it', () => {
  const { micro, macro, seconds } = figuresOf(outcomes.long);
  expect(micro).toBeGreaterThan(0.8);
  expect(macro).toBeGreaterThan(0.8);
  // A second or two; minutes where every part of it is compared with every other.
  expect(seconds).toBeLessThan(60);
});

test('a line that is none is named, and what is wrong with it', () => {
  expect(outcomes.cut).toMatchObject({ status: 2, stderr: expect.stringMatching(/cut\.jsonl:2: .*no JSON/) });
  expect(outcomes.odd).toMatchObject({ status: 2, stderr: expect.stringMatching(/odd\.jsonl:1: .*lang/) });
});

test('a file in another encoding is named: its letters would be lost unseen', () => {
  expect(outcomes.latin).toMatchObject({ status: 2, stderr: expect.stringMatching(/latin\.jsonl is not in UTF-8/) });
});

test('a codebook that is a file is none, and no code has two files', () => {
  expect(outcomes.bookfile).toMatchObject({ status: 2, stderr: expect.stringMatching(/no folder .*train\.jsonl/) });
  expect(outcomes.twice).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/b\.yaml: a\.yaml is the code Late Flight already/),
  });
});

test('a file without anything that a code has is no code: its keywords would be lost unseen', () => {
  expect(outcomes.nameless).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/late\.yaml: expected name, description and keywords/),
  });
});

test('a codebook that cannot be read is named, and one without codes', () => {
  expect(outcomes.broken).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/late\.yaml: this is no YAML or JSON/),
  });
  expect(outcomes.broken.stderr).not.toContain('    at ');
  expect(outcomes.bookless).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('one is needed for each code'),
  });
});

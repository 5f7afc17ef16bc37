import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { COMEBACK } from '../support/commands.ts';

let folder: string;
const path = (name: string) => join(folder, name);

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...COMEBACK, 'engine', ...args], {
    encoding: 'utf8',
  });
  return { status, stderr, figures: status === 0 ? (JSON.parse(stdout) as Record<string, number>) : {} };
}

const lines = (rows: object[]) => rows.map((row) => JSON.stringify(row)).join('\n');

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'comeback-engine-'));
  mkdirSync(path('codes'));
  writeFileSync(path('codes/Lost-Luggage.yaml'), 'name: Lost luggage\nkeywords:\n  en: [luggage, "lost bag"]\n');
  writeFileSync(path('codes/late.json'), JSON.stringify({ label: 'LATE FLIGHT', keywords: 'delay, late' }));
  const rows = Array.from({ length: 20 }, (_, i) =>
    i % 2 === 0
      ? { id: i, text: `my luggages are gone ${i}`, labels: ['lost_luggage'], lang: 'en' }
      : { id: i, text: `delayed again ${i}`, labels: ['Late Flight'], lang: 'en' },
  );
  writeFileSync(path('train.jsonl'), lines(rows));
  writeFileSync(path('test.jsonl'), lines([...rows.slice(0, 6), { text: 'hello there' }]));
});

afterAll(() => rmSync(folder, { recursive: true }));

const files = () => ['--train', path('train.jsonl'), '--test', path('test.jsonl')];

test('labels find their files whatever their case and punctuation; keywords alone already tell', () => {
  const { figures } = run('evaluate', ...files(), '--labels', '0', '--codebook', path('codes'));
  expect(figures.micro).toBeGreaterThan(0.9);
  expect(Object.keys(figures)).toEqual(['micro', 'macro', 'samples', 'kappa', 'seconds', 'perSecond']);
});

test('without a codebook the labels of the file teach', () => {
  expect(run('evaluate', ...files()).figures.micro).toBeGreaterThan(0.8);
});

test('what cannot be read is named', () => {
  expect(run('evaluate', '--train', path('train.jsonl'))).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('--test'),
  });
  const none = run('evaluate', '--train', path('none.jsonl'), '--test', path('test.jsonl'));
  expect(none).toMatchObject({ status: 2, stderr: expect.stringContaining('none.jsonl') });
  expect(run('guess')).toMatchObject({ status: 2 });
});

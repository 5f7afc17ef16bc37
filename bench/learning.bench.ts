/**
 * What customers who answer notice while the engine learns from some 2,000 coded answers of theirs and all that is written
 * along with the codebook, and then reads every answer: the same pages, before it and during it.
 */
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { percentile, temporary } from './measure.ts';
import { send } from './send.ts';

const RESPONDENTS = 30_000;
const CODED = 2000;
const CALLERS = 4;
const PAUSE_MS = 20;
const QUIET_MS = 15_000;
const files = temporary();
const server = fork(join(import.meta.dirname, 'answering-server.ts'), ['ours', files.path('.'), String(RESPONDENTS)]);
const said = <T>() => new Promise<T>((heard) => server.once('message', (words) => heard(words as T)));
const { baseUrl, tokens } = await said<{ baseUrl: string; tokens: string[] }>();
const links = tokens.values();

async function ask(url: string, form?: Record<string, string>): Promise<void> {
  const { status } = await send(url, form && new URLSearchParams(form).toString());
  if (status >= 400) throw new Error(`Answered with ${status}`);
}

const examples = ['en', 'de', 'nl', 'nb'].flatMap((lang) =>
  readFileSync(join(import.meta.dirname, `../data/codebook/examples/leaving.${lang}.jsonl`), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { text: string; main?: string }),
);
const coded = examples.filter(({ main }) => main !== undefined).slice(0, CODED);

/** What was written, with the number behind it, so that no two answers are the same. */
const wordsOf = (i: number) => `${coded[i % coded.length]!.text} (${i})`;

async function respond(i: number): Promise<void> {
  const link = baseUrl + links.next().value;
  await ask(`${link}/happened`, { answer: wordsOf(i) });
  await ask(`${link}/check-answers`, {});
}

async function several(callers: number, each: () => Promise<boolean>): Promise<void> {
  const caller = async () => {
    while (await each());
  };
  await Promise.all(Array.from({ length: callers }, caller));
}

let given = 0;
await several(16, async () => {
  if (given >= CODED) return false;
  await respond(given++);
  return true;
});

/** A question page and an answer, again and again until it is over. */
async function answering(until: Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  let over = false;
  void until.then(() => (over = true));
  await several(CALLERS, async () => {
    const link = baseUrl + links.next().value;
    for (const form of [undefined, { answer: 'The machine leaks, and nobody called back.' }]) {
      const start = performance.now();
      await ask(form === undefined ? link : `${link}/happened`, form);
      times.push(performance.now() - start);
    }
    await new Promise((resume) => setTimeout(resume, PAUSE_MS));
    return !over;
  });
  return times;
}

const wait = (ms: number) => new Promise((resume) => setTimeout(resume, ms));
const shown = (times: number[]) =>
  `p50 ${percentile(times, 0.5).toFixed(1)}, p99 ${percentile(times, 0.99).toFixed(1)} ms of ${times.length}`;
await answering(wait(QUIET_MS / 3));
const quiet = await answering(wait(QUIET_MS));
const learning = said();
server.send(
  Object.fromEntries(Array.from({ length: CODED }, (_, i) => [wordsOf(i), coded[i % coded.length]!.main ?? ''])),
);
await learning;
const start = performance.now();
const seconds = () => ((performance.now() - start) / 1000).toFixed(1);
const reading = said();
const whileLearning = await answering(reading);
const learnedIn = seconds();
const done = said<string>();
const whileReading = await answering(done);
console.log(`The engine ${await done} answers in ${learnedIn} s, and had read all of them after ${seconds()} s`);
console.log(`Answering, ${CALLERS} at a time:
  before it              ${shown(quiet)}
  while it learns        ${shown(whileLearning)}
  while it reads them    ${shown(whileReading)}`);
server.kill();
files.remove();
process.exit(0);

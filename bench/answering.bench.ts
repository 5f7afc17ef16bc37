/**
 * Answering, over HTTP: a question page, one durable answer, and a complete response (all its pages and the sending).
 * Bare: Express and EJS as they come with a page of the same size and a look-up of the token; a form checked by zod and
 * as many rows in a durable commit that the writers of a turn share.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { median, percentile, temporary } from './measure.ts';
import { send, type Reply } from './send.ts';

const RESPONDENTS = 180_000;
const CALLERS = [1, 8, 32];
/** Short turns, many of them: a machine that is shared is now fast, now slow, and both are to have of each. */
const ROUNDS = 15;
const MILLISECONDS = 500;
const WARMING = 8000;

interface Served {
  baseUrl: string;
  tokens: string[];
  stop(): void;
}

function serve(kind: 'ours' | 'bare', directory: string): Promise<Served> {
  const child: ChildProcess = fork(join(import.meta.dirname, 'answering-server.ts'), [
    kind,
    directory,
    String(RESPONDENTS),
  ]);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}`)));
    child.once('message', (told: { baseUrl: string; tokens: string[] }) =>
      resolve({ ...told, stop: () => child.kill() }),
    );
  });
}

interface Figure {
  rate: number;
  p50: number;
  p99: number;
}

async function measure(once: () => Promise<unknown>, callers: number, duration = MILLISECONDS): Promise<Figure> {
  const times: number[] = [];
  const start = performance.now();
  const end = start + duration;
  const caller = async () => {
    while (performance.now() < end) {
      const began = performance.now();
      await once();
      times.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return {
    rate: (times.length / (performance.now() - start)) * 1000,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
  };
}

function expect(reply: Reply, status: number): Reply {
  if (reply.status !== status) throw new Error(`Answered with ${reply.status} instead of ${status}`);
  return reply;
}

const WORDS = new URLSearchParams({
  answer: 'Die Maschine tropft seit drei Wochen. Ich habe dreimal angerufen, und jedes Mal ist danach nichts passiert.',
}).toString();

/** Every page and the sending. */
async function completeResponse(base: string, link: string): Promise<void> {
  let at = base + link;
  expect(await send(at), 200);
  at = `${base}${link}/happened`;
  for (let steps = 0; steps < 12; steps++) {
    const form = at.endsWith('/happened')
      ? WORDS
      : at.endsWith('/reasons')
        ? 'reason=price&reason=complaints'
        : at.endsWith('.most')
          ? 'most=complaints'
          : at.endsWith('/check-answers')
            ? ''
            : WORDS;
    const { location } = expect(await send(at, form), 303);
    at = new URL(location, base).href;
    expect(await send(at), 200);
    if (/\/thank-you/.test(at)) return;
  }
  throw new Error('The questionnaire had no end');
}

/** What ours walks through: as many pages read, as many posts. */
const PAGES = ['happened', 'reasons', 'reasons.most', 'now', 'keep', 'check-answers'];

async function bareResponse(base: string, link: string): Promise<void> {
  expect(await send(base + link), 200);
  for (const page of PAGES) {
    expect(await send(`${base}${link}/${page}`, WORDS), 303);
    expect(await send(`${base}${link}/next`), 200);
  }
}

const files = temporary();
const [bare, ours] = [await serve('bare', files.path('.')), await serve('ours', files.path('.'))];
const links = { ours: ours.tokens.values(), bare: bare.tokens.values() };
const next = (which: 'ours' | 'bare'): string =>
  links[which].next().value ?? raise('No respondent is left: raise RESPONDENTS');

function raise(text: string): never {
  throw new Error(text);
}

const first = { ours: ours.baseUrl + next('ours'), bare: bare.baseUrl + next('bare') };
const sizes = { ours: (await send(first.ours)).size, bare: (await send(first.bare)).size };
console.log(`A question page: ours ${sizes.ours} bytes, bare ${sizes.bare} bytes`);

const kinds: Record<string, Record<'bare' | 'ours', () => Promise<unknown>>> = {
  'GET of a question page': {
    bare: async () => expect(await send(first.bare), 200),
    ours: async () => expect(await send(first.ours), 200),
  },
  'one durable answer': {
    bare: async () => expect(await send(`${bare.baseUrl}${next('bare')}/happened`, WORDS), 303),
    ours: async () => expect(await send(`${ours.baseUrl}${next('ours')}/happened`, WORDS), 303),
  },
  'one complete response (seven pages read, six posts)': {
    bare: () => bareResponse(bare.baseUrl, next('bare')),
    ours: () => completeResponse(ours.baseUrl, next('ours')),
  },
};

const shown = ({ rate, p50, p99 }: Figure) =>
  `${Math.round(rate)} a second, p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)} ms`;
const middle = (figures: Figure[]): Figure => ({
  rate: median(figures.map((each) => each.rate)),
  p50: median(figures.map((each) => each.p50)),
  p99: median(figures.map((each) => each.p99)),
});

for (const [name, once] of Object.entries(kinds)) {
  // Both have run for a while before anything counts: a server that was just started compiles its code.
  await measure(once.bare, 8, WARMING);
  await measure(once.ours, 8, WARMING);
  const table: Record<string, Record<string, string>> = {};
  for (const callers of CALLERS) {
    const found = { bare: [] as Figure[], ours: [] as Figure[] };
    for (let round = 0; round < ROUNDS; round++) {
      found.bare.push(await measure(once.bare, callers));
      found.ours.push(await measure(once.ours, callers));
    }
    const [mine, limit] = [middle(found.ours), middle(found.bare)];
    table[`${callers} at a time`] = {
      ours: shown(mine),
      bare: shown(limit),
      share: `${Math.round(median(found.ours.map(({ rate }, i) => rate / (found.bare[i]?.rate ?? NaN))) * 100)} %`,
      'p99 ratio': (mine.p99 / limit.p99).toFixed(1),
    };
  }
  console.log(`\n${name} (median of ${ROUNDS} rounds)`);
  console.table(table);
}

bare.stop();
ours.stop();
files.remove();
process.exit(0);

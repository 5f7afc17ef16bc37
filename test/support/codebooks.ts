import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { quickFolder } from './quick-folder.ts';

const DATA = join(import.meta.dirname, '../../data/codebook');

const LEXICONS = {
  'leaving/en': {
    price: { price_increase: ['put up the price*', 'rate went up'], price_level: ['(far|too) expensive'] },
    quality: { quality_faulty: ['(broken|faulty)', 'fell apart'] },
    competitor: { competitor_price: ['cheaper elsewhere'] },
    responsiveness: { responsiveness_reach: ['nobody answered', 'on hold'] },
    promises: { promises: ['promise*'] },
    complaints: { complaints: ['complain*'] },
    dissatisfaction: { dissatisfaction: ['disappoint*', 'fed up'] },
    moved: { moved_away: ['moved (to|away)'] },
    payment: { payment: ['my income', 'lost my job'] },
    other: { other: ['something else'] },
    unknown: { unknown: ['no idea', "don't know"] },
    no_answer: { no_answer: ['no comment'] },
  },
  'leaving/de': { responsiveness: { responsiveness_reach: ['niemand .. telefon', 'warteschleife'] } },
  'satisfaction/en': {
    why_buy: { why_buy_quality: ['taste*', 'quality'], why_buy_price: ['(cheap|price*)'], why_buy_near: ['nearby'] },
    needs: { needs_price: ['price*', 'value'], needs_speed: ['(fast|late) deliver*'] },
    miss: { miss_product: ['product*'], miss_hours: ['open on sunday*'], miss_nothing: ['nothing'] },
    value: { value_people: ['friendly', 'staff'], value_price: ['price*'] },
    competitors_better: { competitors_price: ['cheap*'] },
    other: { other: ['something else'] },
    unknown: { unknown: ["don't know"] },
    no_answer: { no_answer: ['no comment'] },
  },
};

const WRITTEN: Record<string, string[]> = {
  // A word that only these explain.
  payment: ['They snorfled me twice.', 'Snorfled me, sadly.', 'All of us got snorfled', 'I got snorfled in March'],
  price: ['Much too expensive, all of it.', 'You put up the price again', 'Far too expensive for us'],
  quality: ['The lid was broken.', 'It fell apart in a week', 'Two of three were faulty'],
  moved: ['We moved to Bergen.', 'I moved away in May', 'Since we moved to the coast'],
  responsiveness: ['Nobody answered my letters', 'An hour on hold', 'On hold, every time'],
  unknown: ['No idea, really', "I don't know", 'That is how it went'],
};

/** Enough of them to be believed. */
const AROUND = ['', 'Thank you.', 'Goodbye.', 'Sorry to say.', 'All in all.'];

/** Beside the run's database, which goes when the run is over; where there is none, whoever asked takes it away. */
function folderOfItsOwn(): string {
  const { TEST_SQLITE } = process.env;
  return mkdtempSync(join(TEST_SQLITE ? dirname(TEST_SQLITE) : quickFolder(), 'codebooks-'));
}

/** The product's codebooks with a few entries and answers written for them: they stay as they are and are learned at once. */
export function smallCodebooks(): string {
  const folder = folderOfItsOwn();
  for (const name of ['leaving.json', 'satisfaction.json']) cpSync(join(DATA, name), join(folder, name));
  for (const name of ['lexicon/leaving', 'lexicon/satisfaction', 'examples'])
    mkdirSync(join(folder, name), { recursive: true });
  for (const [name, lexicon] of Object.entries(LEXICONS))
    writeFileSync(join(folder, `lexicon/${name}.json`), JSON.stringify(lexicon));
  const written = Object.entries(WRITTEN).flatMap(([code, texts]) =>
    texts.flatMap((text) =>
      AROUND.map((more) => JSON.stringify({ text: `${text} ${more}`, labels: [code], main: code })),
    ),
  );
  writeFileSync(join(folder, 'examples/leaving.en.jsonl'), `${written.join('\n')}\n`);
  return folder;
}

/** The product's codebooks with one in so many of the answers written for them: they suggest well and learn in seconds. */
export function thinnedCodebooks(oneIn: number): string {
  const folder = folderOfItsOwn();
  cpSync(DATA, folder, { recursive: true });
  for (const file of globSync(join(folder, 'examples/*.jsonl'))) {
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
    writeFileSync(file, `${lines.filter((_, i) => i % oneIn === 0).join('\n')}\n`);
  }
  return folder;
}

import { parentPort } from 'node:worker_threads';
import {
  createPredictor,
  readModel,
  train,
  writeModel,
  type Answer,
  type Explanation,
  type Model,
  type Predictor,
} from '../engine/index.ts';
import type { Ask, Comparison, FromEngine, Judgement, Learned, ToEngine } from './engine-thread.ts';
import type { Coded, Material } from './material.ts';

const port = parentPort!;

interface Mind {
  codes: string[];
  predictor: Predictor;
}

const minds = new Map<string, Mind>();
const MOST_PLACES = 3;

port.on('message', ({ id, ask }: ToEngine) => {
  try {
    port.postMessage({ id, answer: answerTo(ask) } satisfies FromEngine);
  } catch (error) {
    port.postMessage({ id, failed: error instanceof Error ? error.message : String(error) } satisfies FromEngine);
  }
});

function answerTo(ask: Ask): unknown {
  if (ask.type === 'learn') return learn(ask.name, ask.material);
  if (ask.type === 'remember') return keep(ask.name, readModel(ask.bytes));
  if (ask.type === 'compare') return compare(ask.material, ask.since);
  return ask.answers.map((answer) => judge(ask.name, answer));
}

function learn(name: string, material: Material): Learned {
  const model = train(material);
  keep(name, model);
  return { micro: microOf(model), bytes: writeModel(model) };
}

/** One model of a programme at a time: the name begins with the programme. */
function keep(name: string, model: Model): void {
  const [programme = ''] = name.split(' ');
  for (const each of minds.keys()) if (each.startsWith(programme)) minds.delete(each);
  minds.set(name, { codes: model.space.concepts.codes, predictor: createPredictor(model) });
}

const microOf = ({ home: { figures } }: Model): number | null => (figures.promoted ?? figures.cold)?.micro ?? null;

/**
 * How the model of then and the one of now do on the answers coded in between. Neither has seen the answer that it is
 * asked about: the new one is made twice, each time without one half of them.
 */
function compare(material: Material, since: string): Comparison {
  const [old, fresh] = [
    material.examples.filter(({ at }) => at <= since),
    material.examples.filter(({ at }) => at > since),
  ];
  const knowing = (examples: Coded[]) => createPredictor(train({ ...material, examples }));
  const then = knowing(old);
  const halves = [0, 1].map((half) => fresh.filter((_, i) => i % 2 === half));
  const now = [1, 0].map((other) => knowing([...old, ...(halves[other] ?? [])]));
  return {
    answers: fresh.length,
    before: f1(fresh.map((example) => hits(material.codes, example, then))),
    after: f1(halves.flatMap((mine, half) => mine.map((each) => hits(material.codes, each, now[half]!)))),
  };
}

interface Hits {
  hit: number;
  given: number;
}

function hits(codes: string[], example: Coded, predictor: Predictor): Hits {
  const { decided } = predictor.tell(example);
  const told = codes.filter((_, i) => decided[i] === 1);
  return {
    hit: told.filter((code) => example.labels.includes(code)).length,
    given: told.length + example.labels.length,
  };
}

/** Micro-F1: over all answers together. */
function f1(all: Hits[]): number {
  const sum = (of: (each: Hits) => number) => all.reduce((total, each) => total + of(each), 0);
  return (
    (2 * sum(({ hit }) => hit)) /
    Math.max(
      1,
      sum(({ given }) => given),
    )
  );
}

function judge(name: string, answer: Answer): Judgement {
  const { codes, predictor } = minds.get(name) ?? missing(name);
  const { chances } = predictor.tell(answer);
  const why = predictor.explain(answer).map((each) => [each.code, placesOf(answer.text, each)]);
  return {
    chances: Object.fromEntries(codes.map((code, i) => [code, Math.round((chances[i] ?? 0) * 1e4) / 1e4])),
    why: Object.fromEntries(why) as Record<string, string>,
  };
}

/** The strongest places in the order of the text, none within another, as they were written. */
function placesOf(text: string, { spans }: Explanation): string {
  const chosen: { from: number; to: number }[] = [];
  for (const { from, to } of spans) {
    if (chosen.length < MOST_PLACES && !chosen.some((each) => from < each.to && each.from < to))
      chosen.push({ from, to });
  }
  const inOrder = chosen.sort((a, b) => a.from - b.from);
  return inOrder.map(({ from, to }) => text.slice(from, to)).join(' … ');
}

function missing(name: string): never {
  throw new Error(`No model ${name}`);
}

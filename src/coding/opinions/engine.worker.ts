import { createPredictor, readModel, worthOfAsking, type Explanation, type Predictor } from '../engine/index.ts';
import { serve } from '../../shared/threads/serving.ts';
import type { Ask, Asked, Judgement, Learned, Rival } from './engine-thread.ts';
import type { Group } from './fields.ts';
import { pack, unpack, versionOf, type Fitted } from './kept-bytes.ts';
import { readKnowledge, type Knowledge } from './knowledge-files.ts';
import { against, learnFrom, lessonOf, microOf } from './lessons.ts';
import type { Field } from './material.ts';
import { isSame, type ModelName } from './model-name.ts';
import { scaled } from './scaling.ts';

/** What tells answers of one group apart, and the rows of those that it learned from. */
interface Mind {
  codes: string[];
  predictor: Predictor;
  fitted: Fitted;
  rows: ReadonlyMap<string, number>;
}

interface Known {
  name: ModelName;
  minds: ReadonlyMap<Group, Mind>;
}

/** What was written for a programme's codebook, and the version of it and of the engine. */
interface Brought {
  knowledge: Knowledge;
  version: string;
}

/** One model of a programme at a time. */
const known = new Map<string, Known>();
/** By the number of the gathering. */
const gathered = new Map<number, Map<Group, Field>>();
const brought = new Map<string, Brought>();
const MOST_PLACES = 3;

/** @param folder of what was written for the product's own codebooks */
serve((ask: Ask, folder: string) => {
  if (ask.type === 'gather') return gather(ask.gathering, ask);
  if (ask.type === 'remember') return remember(ask.name, broughtAlong(folder, ask.key), ask.bytes);
  if (ask.type === 'learn') return learn(ask, broughtAlong(folder, ask.key));
  const minds = mindsOf(ask.name);
  return ask.answers.map((answer) => judge(minds.get(answer.group), answer));
});

function mindsOf(name: ModelName): Known['minds'] {
  const found = known.get(name.programmeId);
  if (!found || !isSame(found.name, name)) throw new Error(`No model ${JSON.stringify(name)}`);
  return found.minds;
}

function broughtAlong(folder: string, key: string): Brought {
  const found = brought.get(key) ?? { knowledge: readKnowledge(folder, key), version: versionOf(folder, key) };
  brought.set(key, found);
  return found;
}

function gather(gathering: number, { group, coded, pool }: Field): void {
  const fields = gathered.get(gathering) ?? new Map<Group, Field>();
  const field = fields.get(group) ?? { group, coded: [], pool: [] };
  fields.set(group, { group, coded: [...field.coded, ...coded], pool: [...field.pool, ...pool] });
  gathered.set(gathering, fields);
}

function remember(name: ModelName, { version }: Brought, bytes: Uint8Array): boolean {
  const fields = unpack(bytes, version);
  const minds = fields?.flatMap(({ group, model, fitted }): [Group, Mind][] => {
    if (!model) return [];
    const read = readModel(model);
    const rows = new Map(fitted.places.map((place, row) => [place, row]));
    return [[group, { codes: read.space.concepts.codes, predictor: createPredictor(read), fitted, rows }]];
  });
  if (minds) known.set(name.programmeId, { name, minds: new Map(minds) });
  return minds !== undefined;
}

function learn({ gathering, book, keywords, rival }: Extract<Ask, { type: 'learn' }>, { knowledge, version }: Brought) {
  const fields = [...(gathered.get(gathering)?.values() ?? [])];
  gathered.delete(gathering);
  const learnt = fields.map((field) => learnFrom(lessonOf(field, book, knowledge, keywords)));
  return {
    micro: microOf(learnt),
    compared: rival ? against(predictorsOf(rival), rival.since, learnt) : null,
    groups: fields.map(({ group }) => group),
    bytes: pack(
      learnt.map(({ saved }) => saved),
      version,
    ),
  } satisfies Learned;
}

function predictorsOf({ name }: Rival): (group: Group) => Predictor | undefined {
  const minds = mindsOf(name);
  return (group) => minds.get(group)?.predictor;
}

const NOTHING: Judgement = { chances: {}, why: {}, mains: {}, worthAsking: 0 };

/** An answer that it learned from is judged by what the others taught. */
function judge(mind: Mind | undefined, answer: Asked): Judgement {
  if (!mind) return NOTHING;
  const { codes, predictor, fitted, rows } = mind;
  const { told, explanations } = predictor.judge(answer);
  const row = rows.get(answer.place);
  const valuesOf = (own: Float64Array, others: Float32Array) =>
    codes.map((_, code) => (row === undefined ? own[code]! : others[row * codes.length + code]!));
  const likely = valuesOf(told.chances, fitted.chances);
  const chances = new Map(codes.map((code, i) => [code, likely[i]!]));
  const why = new Map(explanations.map((each) => [each.code, placesOf(answer.text, each)]));
  for (const { code, detail } of explanations) {
    if (!detail) continue;
    chances.set(detail.code, chances.get(code)! * detail.share);
    why.set(detail.code, why.get(code)!);
  }
  const { thresholds } = predictor.headFor(answer.lang).rule;
  return {
    chances: Object.fromEntries([...chances].map(([code, chance]) => [code, rounded(chance)])),
    why: Object.fromEntries(why),
    mains: scaled(codes, valuesOf(told.mains, fitted.mains)),
    worthAsking: rounded(worthOfAsking({ ...told, thresholds })),
  };
}

const rounded = (chance: number) => Math.round(chance * 1e4) / 1e4;

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

import { parentPort } from 'node:worker_threads';
import { giveWay } from '../../shared/giving-way.ts';
import {
  compare,
  countRow,
  createPredictor,
  f1,
  plus,
  readModel,
  trainCrossFitted,
  truthOf,
  worthOfAsking,
  writeModel,
  type Counts,
  type Explanation,
  type Pair,
  type Predictor,
  type Verdict,
} from '../engine/index.ts';
import type {
  Ask,
  Asked,
  Fitted,
  FromEngine,
  Judgement,
  LearnedFields,
  Rival,
  SavedField,
  ToEngine,
} from './engine-thread.ts';
import type { Group } from './fields.ts';
import type { Field, Material } from './material.ts';
import { isSame, type ModelName } from './model-name.ts';
import { scaled } from './scaling.ts';

giveWay();
const port = parentPort!;

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

/** One model of a programme at a time. */
const known = new Map<string, Known>();
const FEWEST_CODES = 2;
const FEWEST_CODED = 10;
const MOST_PLACES = 3;

port.on('message', ({ id, ask }: ToEngine) => {
  try {
    port.postMessage({ id, answer: answerTo(ask) } satisfies FromEngine);
  } catch (error) {
    port.postMessage({ id, failed: error instanceof Error ? error.message : String(error) } satisfies FromEngine);
  }
});

function answerTo(ask: Ask): unknown {
  if (ask.type === 'learn') return learn(ask.material, ask.rival);
  if (ask.type === 'remember') return remember(ask.name, ask.fields);
  const minds = mindsOf(ask.name);
  return ask.answers.map((answer) => judge(minds.get(answer.group), answer));
}

function mindsOf(name: ModelName): Known['minds'] {
  const found = known.get(name.programmeId);
  if (!found || !isSame(found.name, name)) throw new Error(`No model ${JSON.stringify(name)}`);
  return found.minds;
}

function remember(name: ModelName, fields: SavedField[]): void {
  const minds = fields.flatMap(({ group, model, fitted }): [Group, Mind][] => {
    if (!model) return [];
    const read = readModel(model);
    const rows = new Map(fitted.places.map((place, row) => [place, row]));
    return [[group, { codes: read.space.concepts.codes, predictor: createPredictor(read), fitted, rows }]];
  });
  known.set(name.programmeId, { name, minds: new Map(minds) });
}

interface Lesson {
  field: Field;
  saved: SavedField;
  /** On the answers that people coded. */
  verdicts: Verdict[];
}

function learn(material: Material, rival: Rival | undefined): LearnedFields {
  const lessons = material.map(learnField);
  const all = lessons.flatMap(({ field, verdicts }) => countsOf(field, verdicts));
  return {
    micro: all.length < FEWEST_CODED ? null : f1(all.reduce(plus)),
    compared: rival ? compare(lessons.flatMap((lesson) => against(rival, lesson))) : null,
    fields: lessons.map(({ saved }) => saved),
  };
}

function learnField(field: Field): Lesson {
  const { group, codes, groups, written, coded, pool } = field;
  if (codes.length < FEWEST_CODES) {
    const fitted = { places: [], chances: new Float32Array(0), mains: new Float32Array(0) };
    return { field: { ...field, coded: [] }, saved: { group, model: null, fitted }, verdicts: [] };
  }
  const trained = trainCrossFitted({ codes, groups, examples: [...written, ...coded], pool });
  const verdicts = trained.verdicts().slice(written.length);
  return { field, saved: { group, model: writeModel(trained.model), fitted: fittedTo(field, verdicts) }, verdicts };
}

function fittedTo({ codes, coded }: Field, verdicts: Verdict[]): Fitted {
  const values = () => new Float32Array(coded.length * codes.length);
  const fitted = { places: coded.map(({ place }) => place), chances: values(), mains: values() };
  verdicts.forEach(({ chances, mains }, row) => {
    fitted.chances.set(chances, row * codes.length);
    fitted.mains.set(mains, row * codes.length);
  });
  return fitted;
}

/** How the model of then and the one of now do on the answers coded in between. Neither has seen the one it is asked about. */
function against({ name, since }: Rival, { field, verdicts }: Lesson): Pair[] {
  const mind = mindsOf(name).get(field.group);
  const nothing = new Uint8Array(field.codes.length);
  const before = field.coded.map((each) => ({ decided: mind?.predictor.tell(each).decided ?? nothing }));
  const [then, now] = [countsOf(field, before), countsOf(field, verdicts)];
  return field.coded.flatMap(({ at }, row) => (at > since ? [{ before: then[row]!, after: now[row]! }] : []));
}

function countsOf({ codes, coded }: Field, verdicts: Pick<Verdict, 'decided'>[]): Counts[] {
  const { labels } = truthOf(codes, coded);
  return verdicts.map(({ decided }, row) => countRow(labels, decided, row));
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

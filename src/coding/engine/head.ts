import { calibrate, type Sigmoid } from './calibration.ts';
import { COLD_RULE, coldRule, column, decide, fitThresholds, likeliest, type Rule } from './deciding.ts';
import { sigmoid } from './logistic.ts';
import { learnMainReason, mainChances, type MainReason } from './main-reason.ts';

/** What turns the margins of an answer into probabilities, codes and a main reason. */
export interface Head {
  calibration: Sigmoid[];
  main: MainReason;
  rule: Rule;
}

/** What people said about answers, rows x codes; `mains` as shares that add up to one. */
export interface Truth {
  codes: number;
  labels: Uint8Array;
  mains: Float32Array;
}

/** What is believed of the margins of the cold start. */
const COLD: Sigmoid = { slope: 1, intercept: 0 };

export function coldHead(codes: number): Head {
  return {
    calibration: Array.from({ length: codes }, () => COLD),
    main: { scale: 1, leaning: new Array<number>(codes).fill(0) },
    rule: coldRule(codes),
  };
}

export interface Verdict {
  chances: Float64Array;
  mains: Float64Array;
  decided: Uint8Array;
}

export function judge({ calibration, main, rule }: Head, margins: Float64Array, from = 0): Verdict {
  const codes = calibration.length;
  const odds = new Float64Array(codes);
  const chances = new Float64Array(codes);
  const mains = new Float64Array(codes);
  for (let code = 0; code < codes; code++) {
    odds[code] = calibration[code]!.slope * margins[from + code]! + calibration[code]!.intercept;
    chances[code] = sigmoid(odds[code]!);
  }
  mainChances(main, odds, 0, mains);
  return { chances, mains, decided: decide(rule, chances, mains) };
}

/** Fits calibration, thresholds and main reason to margins that a model gave to answers it did not learn from. */
export function fitHead(margins: Float64Array, truth: Truth, prior: Sigmoid = COLD): Head {
  const { codes } = truth;
  const calibration = Array.from({ length: codes }, (_, code) => {
    return calibrate(column(margins, code, codes), column(truth.labels, code, codes), prior);
  });
  const odds = new Float64Array(margins.length);
  for (let at = 0, code = 0; at < odds.length; at++, code = code + 1 === codes ? 0 : code + 1) {
    odds[at] = calibration[code]!.slope * margins[at]! + calibration[code]!.intercept;
  }
  const main = learnMainReason(odds, truth.mains, codes);
  return { calibration, main, rule: chooseRule(odds, truth, main) };
}

/** So many labels must be there before anything but the cold start's way of deciding is believed. */
const FEWEST = 60;
const FEWEST_SINGLES = 20;

/** Where people gave every answer exactly one code, one is told; else, with labels enough, whatever did best. */
function chooseRule(odds: Float64Array, truth: Truth, main: MainReason): Rule {
  const chances = odds.map(sigmoid);
  const thresholds = fitThresholds(chances, truth.labels, truth.codes);
  const rows = chances.length / truth.codes;
  const kinds = (rows < FEWEST ? ['some'] : ['some', 'each']) as Rule['kind'][];
  if (rows >= FEWEST_SINGLES && alwaysOne(truth)) kinds.push('one');
  const rules = kinds.map((kind) => ({ kind, thresholds, floor: COLD_RULE.floor }));
  return rules[likeliest(rules.map((rule) => micro(rule, odds, chances, truth, main)))]!;
}

function alwaysOne({ labels, codes }: Truth): boolean {
  for (let from = 0; from < labels.length; from += codes) {
    const first = labels.indexOf(1, from);
    const next = labels.indexOf(1, first + 1);
    if (first < 0 || first >= from + codes || (next >= 0 && next < from + codes)) return false;
  }
  return true;
}

function micro(
  rule: Rule,
  odds: Float64Array,
  chances: Float64Array,
  { codes, labels }: Truth,
  main: MainReason,
): number {
  let hit = 0;
  let all = 0;
  const mains = new Float64Array(codes);
  for (let from = 0; from < chances.length; from += codes) {
    mainChances(main, odds, from, mains);
    const decided = decide(rule, chances.subarray(from, from + codes), mains);
    for (let code = 0; code < codes; code++) {
      hit += decided[code]! & labels[from + code]!;
      all += decided[code]! + labels[from + code]!;
    }
  }
  return (2 * hit) / Math.max(1, all);
}

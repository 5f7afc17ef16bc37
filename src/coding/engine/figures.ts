/** How well codes were found: all between 0 and 1 (kappa from -1), over rows x codes of 0 and 1. */
export interface Figures {
  /** F1 over all decisions together. */
  micro: number;
  /** Mean F1 of the codes that occur in truth or prediction. */
  macro: number;
  /** Mean F1 of the answers; an answer rightly left without codes counts 1. */
  samples: number;
  /** Cohen's kappa (1960); see `kappaOf`. */
  kappa: number;
}

export function figuresOf(
  truth: Uint8Array,
  decided: Uint8Array,
  codes: number,
  mains?: { truth: Int32Array; told: Int32Array },
): Figures {
  const rows = truth.length / codes;
  const byCode = Array.from({ length: codes }, (_, code) => count(truth, decided, code, codes, rows));
  const byRow = Array.from({ length: rows }, (_, row) => count(truth, decided, row * codes, 1, codes));
  const sum = byCode.reduce(plus, { hit: 0, truths: 0, told: 0 });
  const present = byCode.filter(({ truths, told }) => truths + told > 0);
  return {
    micro: f1(sum),
    macro: mean(present.map(f1)),
    samples: mean(byRow.map((row) => (row.truths + row.told === 0 ? 1 : f1(row)))),
    kappa: mains ? kappaOf(mains.truth, mains.told) : pooledKappa(sum, truth.length),
  };
}

/** Codes told and true, told, and true. */
export interface Counts {
  hit: number;
  truths: number;
  told: number;
}

export const plus = (a: Counts, b: Counts): Counts => ({
  hit: a.hit + b.hit,
  truths: a.truths + b.truths,
  told: a.told + b.told,
});

/** Of one answer, whose codes stand from there on. */
export const countRow = (truth: Uint8Array, decided: Uint8Array, row: number): Counts =>
  count(truth.subarray(row * decided.length), decided, 0, 1, decided.length);

function count(truth: Uint8Array, decided: Uint8Array, from: number, step: number, times: number): Counts {
  const counts = { hit: 0, truths: 0, told: 0 };
  for (let i = 0, at = from; i < times; i++, at += step) {
    counts.truths += truth[at]!;
    counts.told += decided[at]!;
    counts.hit += truth[at]! & decided[at]!;
  }
  return counts;
}

export const f1 = ({ hit, truths, told }: Counts): number => (truths + told === 0 ? 0 : (2 * hit) / (truths + told));
const mean = (values: number[]) => (values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length);

/** Agreement beyond chance of two codings that give every answer one code. */
export function kappaOf(truth: Int32Array, told: Int32Array): number {
  const shares = new Map<number, [number, number]>();
  let agreed = 0;
  truth.forEach((code, i) => {
    shares.set(code, added(shares.get(code), 1, 0));
    shares.set(told[i]!, added(shares.get(told[i]!), 0, 1));
    if (code === told[i]) agreed++;
  });
  const n = truth.length;
  const chance = [...shares.values()].reduce((sum, [a, b]) => sum + (a / n) * (b / n), 0);
  return chance === 1 ? 1 : (agreed / n - chance) / (1 - chance);
}

const added = (at: [number, number] | undefined, a: number, b: number): [number, number] => [
  (at?.[0] ?? 0) + a,
  (at?.[1] ?? 0) + b,
];

/** With several codes an answer: one kappa over all yes-or-no decisions pooled. */
function pooledKappa({ hit, truths, told }: Counts, decisions: number): number {
  const agreed = (decisions - truths - told + 2 * hit) / decisions;
  const chance = (truths / decisions) * (told / decisions) + (1 - truths / decisions) * (1 - told / decisions);
  return chance === 1 ? 1 : (agreed - chance) / (1 - chance);
}

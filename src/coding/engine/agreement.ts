/** From 0.80 good; from 0.67 tentative (Krippendorff 2004); below, the code needs a clearer description. */
export type Agreement = 'good' | 'tentative' | 'poor';

export const GOOD = 0.8;
const TENTATIVE = 0.67;

export function interpret(alpha: number): Agreement {
  if (alpha >= GOOD) return 'good';
  return alpha >= TENTATIVE ? 'tentative' : 'poor';
}

/** What several people said of one answer, in any order; who said nothing is left out or undefined. */
type Sayings<T> = readonly (T | undefined)[];

interface Alpha {
  /** 1 perfect, 0 as by chance; undefined where nothing varies or nothing was said twice. */
  alpha?: number;
  /** Answers that at least two people coded. */
  units: number;
  /** Codings of these. */
  values: number;
}

/**
 * Krippendorff's alpha for nominal codes, any number of coders, gaps allowed ("Computing Krippendorff's Alpha-Reliability",
 * 2011): 1 less observed over expected disagreement, from the coincidences within answers.
 */
export function krippendorffAlpha<T>(units: Iterable<Sayings<T>>): Alpha {
  const totals = new Map<T, number>();
  let [observed, values, pairable] = [0, 0, 0];
  for (const unit of units) {
    const said = unit.filter((each) => each !== undefined);
    if (said.length < 2) continue;
    pairable++;
    values += said.length;
    const counts = countsOf(said);
    for (const [code, count] of counts) {
      totals.set(code, (totals.get(code) ?? 0) + count);
      observed += (count * (said.length - count)) / (said.length - 1);
    }
  }
  const expected = [...totals.values()].reduce((sum, count) => sum + count * (values - count), 0) / (values - 1);
  return { alpha: expected > 0 ? 1 - observed / expected : undefined, units: pairable, values };
}

function countsOf<T>(said: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const each of said) counts.set(each, (counts.get(each) ?? 0) + 1);
  return counts;
}

export interface CodeAgreement extends Alpha {
  code: string;
  agreement?: Agreement;
}

/**
 * Alpha for each code: given or not given, answer by answer.
 * @param answers for each answer the codes that each person gave it; no code at all is a coding too
 */
export function agreementByCode(
  answers: readonly Sayings<readonly string[]>[],
  codes: readonly string[],
): CodeAgreement[] {
  return codes.map((code) => {
    const found = krippendorffAlpha(answers.map((answer) => answer.map((given) => given?.includes(code))));
    return { code, ...found, ...(found.alpha !== undefined && { agreement: interpret(found.alpha) }) };
  });
}

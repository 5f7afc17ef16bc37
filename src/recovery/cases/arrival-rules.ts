import type { AnswerValue, Definition } from '../../questionnaires/index.ts';

/** Why an answer opens a case: in words for staff, 'cases.why.KIND'. */
export type Why =
  | { kind: 'score'; value: number; max: number }
  | { kind: 'reason'; reason: string }
  | { kind: 'keyword'; word: string };

interface OpeningRules {
  /** The lowest part of a scale, in percent of its length; 0: never. */
  lowScorePercent: number;
  reasons: string[];
  keywords: string[];
}

type Answers = ReadonlyMap<string, AnswerValue>;

/** What of these answers asks for a case, the first that is found; undefined where nothing does. */
export function whyOf(definition: Definition, answers: Answers, rules: OpeningRules): Why | undefined {
  return lowScore(definition, answers, rules) ?? reasonIn(answers, rules) ?? keywordIn(answers, rules);
}

function lowScore({ questions }: Definition, answers: Answers, { lowScorePercent }: OpeningRules): Why | undefined {
  if (lowScorePercent === 0) return undefined;
  for (const question of questions) {
    if (question.kind !== 'scale') continue;
    const answer = answers.get(question.key);
    if (answer?.kind !== 'scale') continue;
    const highest = question.min + ((question.max - question.min) * lowScorePercent) / 100;
    if (answer.value <= highest) return { kind: 'score', value: answer.value, max: question.max };
  }
  return undefined;
}

function reasonIn(answers: Answers, { reasons }: OpeningRules): Why | undefined {
  const chosen = new Set(reasons);
  for (const answer of answers.values()) {
    const found = answer.kind === 'reasons' ? answer.ticked.find((key) => chosen.has(key)) : undefined;
    if (found !== undefined) return { kind: 'reason', reason: found };
  }
  return undefined;
}

const folded = (text: string) => text.normalize('NFKC').toLocaleLowerCase('und');

function keywordIn(answers: Answers, { keywords }: OpeningRules): Why | undefined {
  const said = folded(wordsOf(answers));
  const word = keywords.find((each) => each.trim() !== '' && said.includes(folded(each.trim())));
  return word === undefined ? undefined : { kind: 'keyword', word };
}

/** Between two answers that a case keeps as one text. */
export const BETWEEN = '\n\n';

/** Everything that they wrote, in the order of the questions. */
export function wordsOf(answers: Answers): string {
  const texts = [...answers.values()].flatMap((answer) => {
    if (answer.kind === 'open') return [answer.text];
    return answer.kind === 'reasons' && answer.other ? [answer.other] : [];
  });
  return texts.filter((text) => text.trim() !== '').join(BETWEEN);
}

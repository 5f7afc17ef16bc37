import type { CodeResponse } from '../coding/index.ts';
import { addMinutes } from '../shared/dates.ts';
import { SATISFACTION_QUESTIONS } from './content.ts';
import { bothYears, type LeavingEntry, type SatisfactionEntry } from './plan.ts';
import { actorOf, need, placeOf, type Stage, type Step } from './stage.ts';

/** What colleagues made of the answers. */
export function codingSteps(stage: Stage): Step[] {
  const { leaving, satisfaction } = bothYears(stage.plan);
  return [
    ...leaving.people.flatMap((entry) => step(stage, entry, leavingCodes)),
    ...satisfaction.people.flatMap((entry) => step(stage, entry, satisfactionCodes)),
  ];
}

type Codes = Omit<CodeResponse, 'responseId'>;

function step<E extends LeavingEntry | SatisfactionEntry>(
  stage: Stage,
  entry: E,
  codesOf: (entry: E) => Codes[],
): Step[] {
  const { coding, wave, customer } = entry;
  if (!coding) return [];
  return codesOf(entry).map((codes, i) => ({
    at: addMinutes(coding.at, i),
    act: () => {
      const responseId = need(stage.responses, placeOf(wave, customer));
      return stage.past.coding.codeResponse(actorOf(stage, coding.by), { responseId, ...codes });
    },
  }));
}

function leavingCodes({ answer, coding }: LeavingEntry): Codes[] {
  if (!coding) return [];
  const main = answer?.detail || coding.main;
  return [{ questionKey: 'happened', codes: [main, ...coding.contributing], main }];
}

/** The first answer that somebody gave holds what weighs most. */
function satisfactionCodes({ answer }: SatisfactionEntry): Codes[] {
  const coded = SATISFACTION_QUESTIONS.flatMap((question) => {
    const codes = answer?.codes[question];
    // The words on how well needs are met explain a number: they stand on the page after it.
    return codes ? [{ questionKey: question === 'needs' ? 'needs.probe' : question, codes }] : [];
  });
  return coded.map((one, i) => ({ ...one, main: i === 0 ? (one.codes[0] ?? null) : null }));
}

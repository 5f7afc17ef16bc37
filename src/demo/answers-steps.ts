import {
  answersPage,
  firstUnanswered,
  pageKey,
  PREFER_NOT_TO_SAY,
  reasonKeys,
  type AnswerValue,
  type Definition,
} from '../questionnaires/index.ts';
import type { Asked, ContactWish, WholeResponse } from '../responses/index.ts';
import { addMinutes } from '../shared/dates.ts';
import {
  bothYears,
  type LeavingAnswer,
  type LeavingEntry,
  type SatisfactionAnswer,
  type SatisfactionEntry,
} from './plan.ts';
import { need, placeOf, type Stage, type Step } from './stage.ts';

type Given = Map<string, AnswerValue>;

interface Sheet {
  wave: string | null;
  customer: string;
  mode: Asked['mode'];
  language: string;
  at: string;
  /** Whether it was sent; otherwise only the first page has been saved. */
  isSent: boolean;
  given(definition: Definition): Given;
  wish: ContactWish | null;
}

/** What came back, day by day: those of one day say themselves at what time. */
export function answerSteps(stage: Stage): Step[] {
  const { leaving, satisfaction } = bothYears(stage.plan);
  const sheets = [...leaving.people.flatMap(leavingSheet), ...satisfaction.people.flatMap(satisfactionSheet)];
  const days = Map.groupBy(
    sheets.sort((a, b) => (a.at < b.at ? -1 : 1)),
    ({ at }) => at.slice(0, 10),
  );
  return [...days.values()].map((some) => ({
    at: some.at(-1)?.at ?? '',
    act: () => Promise.all(some.map((sheet) => record(stage, sheet))),
  }));
}

function leavingSheet({ wave, customer, outcome, answer }: LeavingEntry): Sheet[] {
  if (!answer) return [];
  const { mode, language, answered_at: at, may_contact } = answer;
  const wish = may_contact === null ? null : may_contact ? (answer.text.length % 2 ? 'phone' : 'mail') : 'no';
  const given = (definition: Definition) => leavingAnswers(answer, definition);
  return [{ wave, customer, mode, language, at, isSent: outcome === 'answered', given, wish }];
}

function leavingAnswers(answer: LeavingAnswer, definition: Definition): Given {
  const list = definition.questions.find((each) => each.key === 'reasons');
  const wanted: string[] = answer.ticked.map((key) => (key === 'withheld' ? PREFER_NOT_TO_SAY : key));
  const ticked = list?.kind === 'reasons' ? reasonKeys(list).filter((key) => wanted.includes(key)) : [];
  return new Map([
    ...words('happened', answer.text),
    ...words('happened.probe', answer.probe),
    ...(ticked.length > 0 ? [['reasons', { kind: 'reasons', ticked }] as [string, AnswerValue]] : []),
    ...(answer.ticked_main
      ? [['reasons.most', { kind: 'most', code: answer.ticked_main }] as [string, AnswerValue]]
      : []),
    ...words('now', answer.now),
    ...words('keep', answer.keep),
  ]);
}

function satisfactionSheet({ wave, customer, answer }: SatisfactionEntry): Sheet[] {
  if (!answer) return [];
  const { mode, language, answered_at: at } = answer;
  return [{ wave, customer, mode, language, at, isSent: true, given: () => satisfactionAnswers(answer), wish: null }];
}

function satisfactionAnswers({ needs_score: value, texts }: SatisfactionAnswer): Given {
  const { needs = '', ...others } = texts;
  return new Map([
    ['needs', { kind: 'scale', value }],
    ...words('needs.probe', needs),
    ...Object.entries(others).flatMap(([key, text]) => words(key, text)),
  ]);
}

function words(key: string, text: string): [string, AnswerValue][] {
  return text === '' ? [] : [[key, { kind: 'open', text }]];
}

async function record(stage: Stage, sheet: Sheet): Promise<void> {
  const { past, storage } = stage;
  const place = placeOf(sheet.wave, sheet.customer);
  const invitation = await past.invitations.find(storage.read, need(stage.invitations, place));
  const definition = invitation && (await past.questionnaires.version(invitation.versionId))?.definition;
  if (!invitation || !definition) throw new RangeError('answered without having been asked');
  const { mode, language } = sheet;
  const whole = wholeResponse(sheet, definition, (await past.accounts.company()).name);
  const { id } = await storage.transaction((tx) =>
    past.responses.record(tx, { invitation, definition, mode, language }, whole),
  );
  stage.responses.set(place, id);
}

function wholeResponse(sheet: Sheet, definition: Definition, company: string): WholeResponse {
  const pages = walk(definition, sheet.given(definition));
  const kept = sheet.isSent ? pages : pages.slice(0, 1);
  const answers = kept.map(([key, value], i) => ({ key, value, answeredAt: addMinutes(sheet.at, i - kept.length) }));
  return {
    answers,
    startedAt: addMinutes(sheet.at, -kept.length),
    submittedAt: sheet.isSent ? sheet.at : null,
    contactWish: sheet.wish,
    company,
  };
}

/** From page to page as the questionnaire leads; what has no answer is passed over. */
function walk(definition: Definition, given: Given): [string, AnswerValue][] {
  const answers: Given = new Map();
  for (let page = firstUnanswered(definition, answers); page; page = firstUnanswered(definition, answers)) {
    const key = pageKey(page);
    const value = given.get(key);
    answers.set(key, value && answersPage(page, value, answers) ? value : { kind: 'skipped' });
  }
  return [...answers];
}

import type { Question, Questionnaires } from '../../questionnaires/index.ts';

type Texts = Record<string, string>;

/** A question whose answers are counted, as it is asked now. */
export interface AskedQuestion {
  programmeId: string;
  programmeKey: string;
  questionKey: string;
  text: Texts;
  /** Other questionnaires of the programme that ask it in other words. */
  elsewhere: Wording[];
}

export interface Wording {
  questionnaire: string;
  text: Texts;
}

/** Every question with words of every programme, in the order in which it is asked; of archived questionnaires last. */
export async function askedQuestions(
  questionnaires: Pick<Questionnaires, 'list' | 'archived'>,
): Promise<Map<string, AskedQuestion>> {
  const all = [...(await questionnaires.list()), ...(await questionnaires.archived())];
  const asked = new Map<string, AskedQuestion>();
  for (const { programme, name: questionnaire, latest } of all) {
    const about = { programmeId: programme.id, programmeKey: programme.key };
    for (const question of latest?.definition.questions ?? [])
      for (const [questionKey, text] of worded(question)) {
        const key = questionAt(programme.id, questionKey);
        const known = asked.get(key);
        if (!known) asked.set(key, { ...about, questionKey, text, elsewhere: [] });
        else if (isNew(text, known)) known.elsewhere.push({ questionnaire, text });
      }
  }
  return asked;
}

/** In some language it reads as nobody has asked it so far. */
const isNew = (text: Texts, { text: first, elsewhere }: AskedQuestion): boolean =>
  [first, ...elsewhere.map((each) => each.text)].every((known) =>
    Object.entries(text).some(([language, words]) => known[language] !== words),
  );

export const questionAt = (programmeId: string, questionKey: string): string => `${programmeId} ${questionKey}`;

/** What comes back in words: an open question, with its probe as one, or the why after a number. */
function worded(question: Question): [string, Texts][] {
  if (question.kind === 'open') return [[question.key, question.text]];
  if (question.kind !== 'scale' || !question.probe) return [];
  return [[`${question.key}.probe`, together(question.text, question.probe.text)]];
}

/** "How well do we meet your needs? What makes you say so?" */
const together = (asked: Texts, why: Texts): Texts =>
  Object.fromEntries(
    Object.entries(why).map(([language, text]) => [language, `${asked[language] ?? ''} ${text}`.trim()]),
  );

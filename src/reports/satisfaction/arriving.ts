import { hasTouchpoints } from '../../questionnaires/index.ts';
import { dayIn } from '../../shared/dates.ts';
import type { Submitted } from '../../responses/index.ts';
import type { Tx } from '../../storage/index.ts';
import type { InsightDeps } from '../deps.ts';
import * as store from './arriving-store.ts';
import type { Auditing } from './auditing.ts';
import type { Part } from './parts.ts';

/** What a wave is about never changes; so many are remembered. */
const WAVES = 5000;

/**
 * Keeps each response about being served when it is sent, drawn for an audit where one covers it.
 * @param note has a day counted anew
 */
export function keepArriving(
  { accounts, responses }: Pick<InsightDeps, 'accounts' | 'responses'>,
  auditing: Pick<Auditing, 'include'>,
  note: (tx: Tx, days: string[]) => Promise<void>,
): void {
  const parts = new Map<string, Part | null>();

  async function partOf(tx: Tx, waveId: string, definition: Submitted['definition']): Promise<Part | null> {
    const known = parts.get(waveId);
    if (known !== undefined) return known;
    const part = await readPart(tx, waveId, definition);
    if (parts.size >= WAVES) parts.clear();
    parts.set(waveId, part);
    return part;
  }

  responses.onSubmitted(async (tx, { response, definition, answers }) => {
    const part = await partOf(tx, response.waveId, definition);
    if (part === null) return;
    const { timeZone } = await accounts.companyIn(tx);
    const day = dayIn(timeZone, new Date(response.submittedAt));
    const { id: responseId, customerId, programmeId } = response;
    const scores = scoresOf(part, definition, answers);
    const kept = await store.keepResponse(tx, { responseId, customerId, programmeId, part, day, ...scores });
    await auditing.include(tx, programmeId, responseId, kept);
    await note(tx, [day]);
  });
}

/** What a wave is about: the moment at which it was sent by itself, else what its questionnaire asks; null where that is neither. */
async function readPart(tx: Tx, waveId: string, { questions }: Submitted['definition']): Promise<Part | null> {
  const { programme, moment } = await store.originOfWave(tx, waveId);
  if (moment || !hasTouchpoints(programme)) return moment;
  const asksNeeds = questions.some(({ key }) => key === NEEDS_MET);
  const dealing = asksNeeds ? null : (dealingIn(questions) ?? (await store.momentOfQuestionnaire(tx, waveId)));
  return dealing ?? (programme === 'satisfaction' ? 'satisfaction' : null);
}

const NEEDS_MET = 'needs';

/** What is asked of a dealing, and of a complaint once it is dealt with, by the questions that the product brings. */
const ASKED_OF_DEALINGS = new Map<string, Part>([
  ['expected', 'before'],
  ['underway', 'during'],
  ['went', 'after'],
  ['complaint', 'after'],
  ['put_right', 'after'],
]);

const dealingIn = (questions: Submitted['definition']['questions']): Part | undefined =>
  questions.map(({ key }) => ASKED_OF_DEALINGS.get(key)).find((part) => part !== undefined);

/** Satisfaction is "needs met" and nothing else; a dealing's score is that, too, where it is asked, else the first of its kind. */
function scoresOf(part: Part, { questions }: Submitted['definition'], answers: Submitted['answers']) {
  const given = (max: number) =>
    questions.flatMap((question) => {
      const answer = question.kind === 'scale' && question.max === max ? answers.get(question.key) : undefined;
      return answer?.kind === 'scale' ? [{ key: question.key, value: answer.value }] : [];
    });
  const scores = given(5);
  const needs = scores.find(({ key }) => key === NEEDS_MET);
  const score = part === 'satisfaction' ? needs : (needs ?? scores[0]);
  return { score: score?.value ?? null, likely: given(10)[0]?.value ?? null };
}

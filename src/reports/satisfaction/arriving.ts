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
    const scores = scoresOf(definition, answers);
    const kept = await store.keepResponse(tx, { responseId, customerId, programmeId, part, day, ...scores });
    await auditing.include(tx, programmeId, responseId, kept);
    await note(tx, [day]);
  });
}

/** Questions about a dealing that somebody sends by hand are about that moment too: how it went is not how well needs are met. */
async function readPart(tx: Tx, waveId: string, { questions }: Submitted['definition']): Promise<Part | null> {
  const part = await store.partOfWave(tx, waveId);
  if (part !== 'satisfaction' || questions.some(({ key }) => key === NEEDS_MET)) return part;
  return (await store.momentOfQuestionnaire(tx, waveId)) ?? part;
}

const NEEDS_MET = 'needs';

/** "Needs met" where it is asked, else the first question of its kind that was answered. */
function scoresOf({ questions }: Submitted['definition'], answers: Submitted['answers']) {
  const given = (max: number) =>
    questions.flatMap((question) => {
      const answer = question.kind === 'scale' && question.max === max ? answers.get(question.key) : undefined;
      return answer?.kind === 'scale' ? [{ key: question.key, value: answer.value }] : [];
    });
  const scores = given(5);
  const score = scores.find(({ key }) => key === NEEDS_MET) ?? scores[0];
  return { score: score?.value ?? null, likely: given(10)[0]?.value ?? null };
}

import { addDays, addMinutes } from '../shared/dates.ts';
import { Conflict } from '../shared/errors.ts';
import type { LeavingEntry } from './plan.ts';
import { actorOf, need, placeOf, type Stage, type Step } from './stage.ts';
import { codersFor } from './timing.ts';

/** Who wants to know how good the shares are. */
const MANAGER = 'miriam';
const PROGRAMMES = ['leaving', 'satisfaction'];
/** What arrived since waits to be coded, drawn or not. */
const DRAWN_DAYS = 8;
/** More than there are: all that have arrived are drawn. */
const ALL = 1000;
/** Every so-manieth second word is another one, and so many words are still to come. */
const [DIFFERS_EACH, STILL_WAITING] = [6, 4];

/**
 * All answers are drawn to be checked, as a business with so few does: what colleagues have coded speaks for the rest, with
 * intervals. One in five goes to a second colleague, who mostly says the same.
 */
export function checkingSteps(stage: Stage): Step[] {
  const at = `${addDays(stage.company.today, -DRAWN_DAYS)}T13:00:00.000Z`;
  return [
    { at, act: () => drawAll(stage) },
    { at: addMinutes(at, 45), act: () => secondWords(stage) },
  ];
}

async function drawAll(stage: Stage): Promise<void> {
  const { questionnaires, coding } = stage.past;
  for (const { id, key } of await questionnaires.programmes()) {
    if (!PROGRAMMES.includes(key)) continue;
    await coding.audits.draw(actorOf(stage, MANAGER), { programmeId: id, covers: {}, wanted: ALL });
  }
}

async function secondWords(stage: Stage): Promise<void> {
  const { people } = stage.plan.leaving;
  const ids = await codeIds(stage);
  const now = stage.clock.now().toISOString();
  const coded = people.filter(({ coding }) => coding !== null && coding.at < now);
  let said = 0;
  for (const entry of coded.slice(0, -STILL_WAITING)) {
    const [main = '', ...others] = codesOf(entry).map((key) => need(ids, key));
    const differs = said % DIFFERS_EACH === DIFFERS_EACH - 1;
    const other = need(ids, entry.coding?.main === 'dissatisfaction' ? 'other' : 'dissatisfaction');
    if (await saySecond(stage, entry, differs ? [other] : [main, ...others])) said += 1;
  }
}

/** As their colleague gave them, the main reason first. */
function codesOf({ answer, coding }: LeavingEntry): string[] {
  return coding ? [answer?.detail || coding.main, ...coding.contributing] : [];
}

async function codeIds({ past }: Stage): Promise<Map<string, string>> {
  const programme = (await past.questionnaires.programmes()).find(({ key }) => key === 'leaving');
  const book = programme && (await past.coding.codebook(programme.id));
  return new Map((book?.codes ?? []).map(({ key, id }) => [key, id]));
}

/** False where nobody waits for a second word on it. */
async function saySecond(stage: Stage, entry: LeavingEntry, codes: string[]): Promise<boolean> {
  const { wave, customer, answer, coding } = entry;
  const coders = [...codersFor(stage.company, answer?.language ?? ''), ...codersFor(stage.company, '')];
  const who = coders.find((key) => key !== coding?.by) ?? MANAGER;
  const responseId = need(stage.responses, placeOf(wave, customer));
  const given = { responseId, questionKey: 'happened', codeIds: codes, mainCodeId: codes[0] ?? null };
  try {
    await stage.past.coding.audits.saveSecond(actorOf(stage, who), given);
    return true;
  } catch (error) {
    if (error instanceof Conflict) return false;
    throw error;
  }
}

import type { NewCase } from '../recovery/index.ts';
import { addDays } from '../shared/dates.ts';
import { weekdayOf } from '../shared/zones.ts';
import { STORIES, type Story, type When } from './case-stories.ts';
import { actorOf, need, type Stage, type Step } from './stage.ts';

/** Complaints in every state: in the middle of its steps, overdue, nobody's, waiting, urgent, confirmed, not quite, unanswered. */
export function caseSteps(stage: Stage): Step[] {
  const ids = new Map<string, string>();
  const told = STORIES.flatMap((story) => storySteps(stage, story, ids));
  return [...told, ...extras(stage, ids)].filter(({ at }) => at < stage.now);
}

function storySteps(stage: Stage, story: Story, ids: Map<string, string>): Step[] {
  const { storage, past } = stage;
  const { cases, caseWork } = past.recovery;
  const id = () => need(ids, story.key);
  const { closed, answer } = story;
  const steps: Step[] = [{ at: moment(stage, story.at), act: () => openCase(stage, story, ids) }];
  for (const { at, step, by, said, channel = 'telephone' } of story.signed ?? [])
    steps.push({
      at: moment(stage, at),
      act: () => caseWork.steps.sign(actorOf(stage, by), id(), step, { said, channel }),
    });
  if (closed) {
    const { at, by, ...why } = closed;
    const act = async () => {
      await storage.transaction((tx) => cases.close(tx, actorOf(stage, by), id(), { ...why, outcome: 'put_right' }));
      // What is asked is written as it was then, not as it is once they have answered.
      await past.mailer.sendDue();
    };
    steps.push({ at: moment(stage, at), act });
  }
  if (answer) {
    const { settling } = caseWork;
    const act = () => (answer.words === '' ? settling.confirm(id()) : settling.notQuite(id(), answer.words));
    steps.push({ at: moment(stage, answer.at), act });
  }
  return steps;
}

/** An exception, a remedy that waits for a manager, a wait for the customer, and silence. */
function extras(stage: Stage, ids: Map<string, string>): Step[] {
  const { storage, past } = stage;
  const { cases, caseWork } = past.recovery;
  const waived = { waived: 'Leihgerät ohne Kaution', why: 'Seit 2017 bei uns, und am Samstag ist die Stube voll.' };
  const remedy = { kind: 'credit' as const, what: 'Ein Monat Wartung ohne Berechnung', amountMinor: 12_000 };
  const lookAgain = moment(stage, [-2, 8]);
  return [
    {
      at: moment(stage, [1, 9]),
      act: () => caseWork.exceptions.make(actorOf(stage, 'ingrid'), need(ids, 'machine'), waived),
    },
    {
      at: moment(stage, [1, 9], 20),
      act: () =>
        caseWork.remedies.offer({ actor: actorOf(stage, 'jonas'), role: 'staff' }, need(ids, 'machine'), remedy),
    },
    {
      at: moment(stage, [2, 9], 10),
      act: () => storage.transaction((tx) => cases.awaitCustomer(tx, need(ids, 'tin'), lookAgain)),
    },
    { at: moment(stage, [1, 7]), act: () => caseWork.settling.noteSilence() },
  ];
}

async function openCase(stage: Stage, story: Story, ids: Map<string, string>): Promise<void> {
  const { key, language, nth, by, owner, words, summary, urgent = false } = story;
  const buyers = stage.company.customers.filter(
    (one) =>
      one.language === language && one.left_on === null && one.email !== '' && stage.customers.has(one.reference),
  );
  const customer = buyers[nth % buyers.length];
  if (!customer) return;
  const ownerId = owner === null ? null : need(stage.colleagues, owner);
  const fresh: NewCase = {
    kind: 'complaint',
    customerId: need(stage.customers, customer.reference),
    origin: 'hand',
    originId: `demo:${key}`,
    words,
    language,
    summary,
    urgent,
    ownerId,
  };
  const { cases } = stage.past.recovery;
  const { caseId } = await stage.storage.transaction((tx) => cases.open(tx, actorOf(stage, by), fresh));
  ids.set(key, caseId);
}

/** That hour of a working day before today (after it, where it is negative). */
function moment({ company }: Stage, [ago, hour]: When, minutes = 5): string {
  let day = company.today;
  for (let left = Math.abs(ago); left > 0;) {
    day = addDays(day, ago > 0 ? -1 : 1);
    if (weekdayOf(day) !== 0 && weekdayOf(day) !== 6) left -= 1;
  }
  return `${day}T${String(hour).padStart(2, '0')}:${String(minutes).padStart(2, '0')}:00.000Z`;
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import { ALONE, type Lease } from '../scheduler/index.ts';
import type { Actor } from '../shared/actor.ts';
import { timestamp, type Clock } from '../shared/clock.ts';
import { addDays, dayIn } from '../shared/dates.ts';
import { Conflict } from '../shared/errors.ts';
import type { Storage } from '../storage/index.ts';
import { planAnswers } from './answers.ts';
import { answerSteps } from './answers-steps.ts';
import { attentionSteps } from './attentions.ts';
import { caseSteps } from './cases.ts';
import { checkingSteps } from './checking.ts';
import { codingSteps } from './codings-steps.ts';
import { confirmCompetitors } from './competitors.ts';
import { loadDemoContent } from './content.ts';
import { librarySteps } from './library.ts';
import { importFiles } from './files.ts';
import { raiseFlags } from './flags.ts';
import { goalSteps } from './goals.ts';
import { generateCompany } from './generate.ts';
import { letterSteps } from './letters.ts';
import { HISTORY_DAYS, recordSteps } from './records-steps.ts';
import { settleColleagues, settleCompany, type SettleOptions } from './settling.ts';
import { actorOf, pastClock, type DemoServices, type Stage, type Step } from './stage.ts';
import { summarySteps } from './summary.ts';
import { tellingSteps } from './tellings.ts';
import { touchpointSteps } from './touchpoints.ts';
import { returnSteps } from './returns.ts';
import { trialSteps } from './trial.ts';
import { winningBackSteps } from './winning-back.ts';
import { openLinks, wavesOfToday, waveSteps, type OpenLink } from './waves-steps.ts';

interface DemoDeps {
  storage: Storage;
  clock: Clock;
  present: DemoServices;
  /** The same services over the same storage with another clock; their mailer keeps every mail and sends none. */
  past(clock: Clock): DemoServices;
  /** Does something while this process's own background work rests. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

export interface Sample {
  /** Those who can sign in, where a password was given. */
  people: { name: string; email: string; role: string; title: string }[];
  links: OpenLink[];
}

export interface Demo {
  /**
   * Fills an empty application with the sample company: 700 customers with two years of purchases, of whom 140 have
   * left, those who had left in the year before, waves, answers and codings, all up to today and all at their own times. Nothing is sent to anybody.
   * @throws Conflict where there are customers, or it is being loaded
   */
  loadSample(actor: Actor, options?: SettleOptions): Promise<Sample>;
}

const LATE = 'accounts.sample.late';
/** Who approved the wording. */
const APPROVER = 'ingrid';

export function createDemo(deps: DemoDeps): Demo {
  let loading = false;
  return {
    async loadSample(actor, options = {}) {
      const { customers, accounts } = deps.present;
      if (loading || (await customers.count({}, 1)) > 0) throw new Conflict(LATE);
      // Nobody reads the addresses of invented people, and what would come back harms the sender's good name.
      await accounts.settings.noteSample();
      loading = true;
      try {
        return await withoutOthers(deps, (lease) => load(deps, actor, options, lease));
      } finally {
        loading = false;
      }
    },
  };
}

/** While nothing goes on in the background, here or in another process on the same database. */
async function withoutOthers<T>({ present, alone }: DemoDeps, work: (lease: Lease) => Promise<T>): Promise<T> {
  const lease = await present.leases.take(ALONE);
  if (!lease) throw new Conflict(LATE);
  return await alone(() => work(lease).finally(() => lease.end()));
}

async function load(deps: DemoDeps, actor: Actor, options: SettleOptions, lease: Lease): Promise<Sample> {
  const stage = await setStage(deps, actor, options);
  await approveWording(stage, actor);
  const steps = [
    ...recordSteps(stage),
    ...waveSteps(stage),
    ...answerSteps(stage),
    ...codingSteps(stage),
    ...checkingSteps(stage),
    ...caseSteps(stage),
    ...winningBackSteps(stage),
    ...trialSteps(stage),
    ...returnSteps(stage),
    ...tellingSteps(stage),
    ...letterSteps(stage),
    ...attentionSteps(stage),
    ...librarySteps(stage),
    ...goalSteps(stage),
    ...touchpointSteps(stage),
    ...summarySteps(stage),
  ];
  for (const { at, act } of inOrder(steps)) {
    stage.clock.moveTo(at);
    await act();
    await lease.keep();
    await nextTurn();
  }
  await importFiles(stage);
  await wavesOfToday(stage);
  await confirmCompetitors(stage);
  // So that every page with figures has something to show at once.
  await stage.present.insight.work();
  await raiseFlags(stage);
  await stage.present.duplicates.work();
  const { staff } = stage.company.profile;
  const people = staff.map(({ name, email, role, title }) => ({ name, email, role, title }));
  return { people: options.password === undefined ? [] : people, links: openLinks(stage) };
}

async function setStage(deps: DemoDeps, actor: Actor, options: SettleOptions): Promise<Stage> {
  const content = loadDemoContent();
  const { profile } = content;
  const { present, storage } = deps;
  await settleCompany(present.accounts, actor, profile);
  const colleagues = await settleColleagues(present.accounts, actor, profile, options);
  const today = dayIn(profile.time_zone, deps.clock.now());
  const company = generateCompany({ today }, content);
  await nextTurn();
  const plan = planAnswers(company, content);
  await nextTurn();
  const clock = pastClock(`${addDays(today, -HISTORY_DAYS)}T09:00:00.000Z`, company.seed);
  const found = { customers: new Map(), invitations: new Map(), responses: new Map() };
  const now = timestamp(deps.clock);
  return { storage, clock, past: deps.past(clock), present, now, company, plan, colleagues, ...found };
}

/** Long ago, if it is still to be done; the application is told, so that it does not go by what it knew before. */
async function approveWording(stage: Stage, actor: Actor): Promise<void> {
  const { past, present } = stage;
  await past.questionnaires.installStarters();
  await past.coding.installCodebooks();
  await past.questionnaires.approveAll(actorOf(stage, APPROVER));
  await present.questionnaires.approveAll(actor);
}

/** By time; what happened at the same moment stays in its order. */
function inOrder(steps: Step[]): Step[] {
  return steps.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

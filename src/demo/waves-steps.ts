import type { AudienceFilter } from '../customers/index.ts';
import { addDays, addMinutes } from '../shared/dates.ts';
import type { DemoCustomer } from './model.ts';
import { bothYears, type Outcome, type PlannedWave } from './plan.ts';
import { segmentName } from './records-steps.ts';
import { actorOf, need, placeOf, type DemoServices, type Stage, type Step } from './stage.ts';

/** Who sends, and in whose name. */
const SENDER = 'miriam';
const EXPIRES_DAYS = 60;
/** So many mails of each programme came back. */
const BOUNCED = 3;
const TODAYS_WAVE = 'today';
/** Today's wave went out so long ago. */
const TODAY_MINUTES = 45;

type Programme = 'leaving' | 'satisfaction';

/** Waves that have gone out, with what became of their mail, and what people do with waves today. */
export function waveSteps(stage: Stage): Step[] {
  const { leaving, satisfaction, before } = stage.plan;
  const { waves } = bothYears(stage.plan).leaving;
  return [
    ...waves.flatMap((wave, i) => sentWave(stage, 'leaving', wave, whoLeft(wave, waves[i - 1]))),
    ...before.satisfaction.waves.flatMap((wave) =>
      sentWave(stage, 'satisfaction', wave, { references: wave.customers }),
    ),
    ...satisfaction.waves.flatMap((wave, i) => sentWave(stage, 'satisfaction', wave, drawn(stage, wave, i))),
    ...bounces(stage, leaving.people),
    ...bounces(stage, satisfaction.people),
    ...optOuts(stage),
    todaysWave(stage),
  ];
}

interface NewWave {
  programme: Programme;
  name: string;
  audience: AudienceFilter;
}

function sentWave(stage: Stage, programme: Programme, wave: PlannedWave, audience: AudienceFilter): Step[] {
  const { past } = stage;
  const name = `${programme === 'leaving' ? 'Abgänge bis' : 'Zufriedenheit'} ${monthOf(wave.sent_at)}`;
  let id = '';
  const draft = async () => (id = await createWave(past, stage, { programme, name, audience }));
  return [
    { at: addMinutes(wave.sent_at, -25), act: draft },
    { at: wave.sent_at, act: () => send(stage, wave.key, id) },
  ];
}

/** Asks at once, outside the programmes' own waves. */
export async function sendWave(stage: Stage, key: string, wave: Omit<NewWave, 'programme'> & Asks): Promise<void> {
  await send(stage, key, await draftWave(stage.past, stage, wave));
}

interface Asks {
  questionnaireId: string;
}

async function createWave(services: DemoServices, stage: Stage, { programme, ...wave }: NewWave): Promise<string> {
  const questionnaires = await services.questionnaires.list();
  const questionnaireId = questionnaires.find((each) => each.latest?.definition.key === programme)?.id ?? '';
  return await draftWave(services, stage, { ...wave, questionnaireId });
}

async function draftWave(services: DemoServices, stage: Stage, wave: Omit<NewWave, 'programme'> & Asks) {
  const senderAccountId = need(stage.colleagues, SENDER);
  const input = { ...wave, senderAccountId, expiresDays: EXPIRES_DAYS };
  const created = await services.invitations.createWave(actorOf(stage, SENDER), input);
  if (!created.ok) throw new RangeError(`no wave: ${JSON.stringify(created.errors)}`);
  return created.value.id;
}

async function send(stage: Stage, key: string, id: string): Promise<void> {
  const { past } = stage;
  await past.invitations.startWaveAtOnce(actorOf(stage, SENDER), id);
  await past.mailer.sendDue();
  await past.invitations.work();
  const references = new Map([...stage.customers].map(([reference, customerId]) => [customerId, reference]));
  for (let after: string | null = null; ;) {
    const { rows, next } = await past.invitations.listInvitations(id, {}, after, 500);
    for (const row of rows) stage.invitations.set(placeOf(key, need(references, row.customerId)), row.id);
    if (next === null) return;
    after = next;
  }
}

/** Everybody who has left since the wave before, as far as two days before this one. */
function whoLeft(wave: PlannedWave, previous: PlannedWave | undefined): AudienceFilter {
  const leftTo = addDays(wave.sent_at.slice(0, 10), -2);
  return { status: 'left', leftTo, ...(previous && { leftFrom: addDays(previous.sent_at.slice(0, 10), -1) }) };
}

/** A sample that was drawn by number, among them a few who cannot be written to. */
function drawn({ company, plan }: Stage, wave: PlannedWave, index: number): AudienceFilter {
  const mute = company.customers.filter((one) => one.status === 'active' && !(one.email && one.legal_basis));
  const known = mute.filter((one) => one.customer_since < wave.sent_at.slice(0, 10));
  const mine = known.filter((_, i) => i % plan.satisfaction.waves.length === index);
  return { references: [...wave.customers, ...mine.map(({ reference }) => reference)] };
}

interface Entry {
  customer: string;
  wave: string | null;
  outcome: Outcome;
}

function bounces(stage: Stage, people: readonly Entry[]): Step[] {
  const sentAt = sendingTimes(stage);
  const silent = people.filter(({ outcome }) => outcome === 'no_answer');
  const every = Math.max(1, Math.floor(silent.length / BOUNCED));
  return silent
    .filter((_, i) => i % every === every - 1)
    .map(({ wave, customer }) => ({
      at: addMinutes(need(sentAt, wave ?? ''), 2),
      act: () =>
        stage.storage.transaction((tx) =>
          stage.past.invitations.markBounced(tx, need(stage.invitations, placeOf(wave, customer))),
        ),
    }));
}

function optOuts(stage: Stage): Step[] {
  const sentAt = sendingTimes(stage);
  const gone = stage.plan.leaving.people.filter(({ outcome }) => outcome === 'opted_out');
  return gone.map(({ wave, customer }, i) => ({
    at: addMinutes(need(sentAt, wave ?? ''), 190 + 1500 * i),
    async act() {
      const { past, storage } = stage;
      const id = need(stage.invitations, placeOf(wave, customer));
      const invitation = await past.invitations.find(storage.read, id);
      if (invitation) await past.answering.optOut(invitation, 'all', i % 3 === 0 ? 'oneClick' : 'link');
    },
  }));
}

function sendingTimes({ plan }: Stage): Map<string, string> {
  return new Map([...plan.leaving.waves, ...plan.satisfaction.waves].map(({ key, sent_at }) => [key, sent_at]));
}

/** Restaurants abroad were asked this morning; some of them had been asked a few weeks ago and are left in peace. */
function todaysWave(stage: Stage): Step {
  const audience: AudienceFilter = { status: 'active', segments: [segmentName('gastronomy')], languages: ['nl', 'nb'] };
  const wave: NewWave = { programme: 'satisfaction', name: 'Gastronomie in NL und NO', audience };
  return {
    at: addMinutes(stage.now, -TODAY_MINUTES),
    act: async () => send(stage, TODAYS_WAVE, await createWave(stage.past, stage, wave)),
  };
}

/** One wave waits as a draft. Another is started now and can still be stopped. */
export async function wavesOfToday(stage: Stage): Promise<void> {
  const { present } = stage;
  const households: AudienceFilter = { status: 'active', segments: [segmentName('household')], countries: ['DE'] };
  const offices: AudienceFilter = { status: 'active', segments: [segmentName('office')] };
  await createWave(present, stage, {
    programme: 'satisfaction',
    name: 'Haushalte in Deutschland',
    audience: households,
  });
  const id = await createWave(present, stage, { programme: 'satisfaction', name: 'Büros', audience: offices });
  await present.invitations.startWave(actorOf(stage, SENDER), id);
}

/** The personal links of some who have not answered yet, one for each questionnaire. */
export function openLinks(stage: Stage): OpenLink[] {
  const { plan, invitations, present, company } = stage;
  const last = plan.leaving.waves.at(-1)?.key ?? '';
  const customers = new Map(company.customers.map((one) => [one.reference, one]));
  const silent = plan.leaving.people.filter(({ wave, outcome }) => wave === last && outcome === 'no_answer');
  const left = silent.map(({ customer }) => need(customers, customer)).find(({ language }) => language === 'de');
  const todays = company.customers.find((one) => isOpenToday(stage, one));
  const link = (wave: string, customer: DemoCustomer | undefined, programme: Programme): OpenLink[] => {
    const id = customer && invitations.get(placeOf(wave, customer.reference));
    return id ? [{ programme, language: customer.language, href: present.invitations.linkFor(id) }] : [];
  };
  return [...link(last, left, 'leaving'), ...link(TODAYS_WAVE, todays, 'satisfaction')];
}

export interface OpenLink {
  programme: Programme;
  language: string;
  href: string;
}

/** Those who had not been asked some weeks ago were really written to today. */
function isOpenToday({ invitations, plan }: Stage, { reference, email, legal_basis }: DemoCustomer): boolean {
  const recent = plan.satisfaction.waves.at(-1)?.key ?? '';
  const wasAsked = invitations.has(placeOf(TODAYS_WAVE, reference)) && !invitations.has(placeOf(recent, reference));
  return wasAsked && email !== '' && legal_basis !== '';
}

export function monthOf(at: string): string {
  return new Intl.DateTimeFormat('de', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(at));
}

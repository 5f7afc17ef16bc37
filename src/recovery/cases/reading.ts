import { z } from 'zod';
import type { Colleague, Company } from '../../accounts/index.ts';
import { displayName, greetingLine, type Customer, type Habits } from '../../customers/index.ts';
import { createVoices, type Voice } from '../../responses/index.ts';
import { timestamp } from '../../shared/clock.ts';
import type { Staff } from '../../web/index.ts';
import type { RecoveryDeps } from '../deps.ts';
import { absencesOn } from './absence-store.ts';
import { asCase, openCases } from './case-store.ts';
import type { Cases, RecoveryCase } from './interface.ts';
import { STEPS } from './rules.ts';
import { remediesOf, type RemedyRow } from './remedy-store.ts';
import { readSettings, type CaseSettings } from './settings.ts';
import { tagsOf } from './tag-store.ts';
import { eventsOf, stepsOf, type EventRow, type StepRow } from './thread-store.ts';
import { dayIn } from '../../shared/dates.ts';

/** Everything that a case's page shows. */
export interface CaseFacts {
  theCase: RecoveryCase;
  customer: Customer | undefined;
  habits: Habits | undefined;
  steps: StepRow[];
  events: EventRow[];
  remedies: RemedyRow[];
  tags: string[];
  company: Company;
  colleagues: Colleague[];
  /** Until when, by colleague. */
  away: Map<string, string>;
  settings: CaseSettings;
  /** The case that this one was put into. */
  into: RecoveryCase | undefined;
  /** What they wrote in the responses that it comes from. */
  voices: Voice[];
  /** Open ones of the same kind and customer: what this one may be a duplicate of. */
  alike: RecoveryCase[];
  /** Words to begin a step with, in the customer's language. */
  starters: Record<string, string>;
  now: string;
}

const MOST_EVENTS = 200;

/** @throws NotFound */
export async function caseFacts(deps: RecoveryDeps, cases: Cases, id: string, reader: Staff): Promise<CaseFacts> {
  const { storage, customers, accounts, clock } = deps;
  const { read } = storage;
  const theCase = await cases.get(id);
  const { customerId, mergedIntoId } = theCase;
  const company = await accounts.company();
  const customer = customerId === null ? undefined : (await customers.findMany(read, [customerId])).get(customerId);
  const isKnown = customer !== undefined && customer.erasedAt === null;
  const events = await eventsOf(read, id, null, MOST_EVENTS);
  return {
    theCase,
    customer,
    habits: isKnown ? await customers.habits(customer.id) : undefined,
    steps: await stepsOf(read, id),
    events,
    voices: await createVoices(deps).ofResponses(responsesOf(theCase, events), reader),
    remedies: await remediesOf(read, id),
    tags: (await tagsOf(read, [id])).get(id) ?? [],
    company,
    colleagues: await accounts.colleagues(),
    away: await absencesOn(read, dayIn(company.timeZone, clock.now())),
    settings: await readSettings(read),
    alike: customerId === null ? [] : await alikeOf(deps, theCase, customerId),
    into: mergedIntoId === null ? undefined : await cases.find(read, mergedIntoId),
    starters: startersFor(deps, theCase, customer),
    now: timestamp(clock),
  };
}

/** The responses that opened it, or joined it later. */
function responsesOf(theCase: RecoveryCase, events: EventRow[]): string[] {
  const joined = events
    .filter(({ kind }) => kind === 'joined')
    .map(({ detail }) => causeSchema.parse(JSON.parse(detail)));
  return [theCase, ...joined].flatMap(({ origin, originId }) =>
    originId !== null && (origin === 'answer' || origin === 'wish') ? [originId] : [],
  );
}

const causeSchema = z
  .object({ origin: z.string(), originId: z.string().nullable() })
  .catch({ origin: '', originId: null });

async function alikeOf({ storage }: RecoveryDeps, { id, kind }: RecoveryCase, customerId: string) {
  return (await openCases(storage.read, [customerId], kind)).filter((row) => row.id !== id).map(asCase);
}

/** With their own greeting; '' in the language of a customer that we have no words in. */
function startersFor({ texts }: RecoveryDeps, { language }: RecoveryCase, customer: Customer | undefined) {
  const t = texts.to(language);
  const greeting = customer && customer.erasedAt === null ? greetingLine(customer, t) : '';
  return Object.fromEntries(STEPS.map((step) => [step, t(`cases.starter.${step}`, { greeting }).trim()]));
}

/** Whose case it is, as staff call them. */
export function caseName({ contact }: RecoveryCase, customer: Customer | undefined, nobody: string): string {
  if (customer) return customer.erasedAt === null ? displayName(customer) : customer.reference;
  return contact.name || contact.email || contact.telephone || nobody;
}

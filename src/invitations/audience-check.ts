import { setImmediate as nextTurn } from 'node:timers/promises';
import { emailKey, type AudienceCustomer } from '../customers/index.ts';
import { timestamp } from '../shared/clock.ts';
import type { Db } from '../storage/index.ts';
import type { InvitationsDeps } from './deps.ts';
import { freeAfter } from './contact-rules.ts';
import type { Contacts } from './contacts.ts';
import type { Holdouts } from './holdouts.ts';
import { createTally } from './left-out.ts';
import { decide, type Decision } from './rules.ts';
import { SKIP_REASONS, type SkipReason, type Wave } from './wave.ts';

/** What starting a wave would do now. */
export interface AudienceCheck {
  total: number;
  /** So many would be written to. */
  writable: number;
  /** Of those, about so many would be drawn for the holdout instead. */
  withheld: number;
  /** The languages in which, with somebody to preview each with. */
  languages: { language: string; count: number; sampleId: string }[];
  /** Written to in another language than their own, because theirs is not approved. */
  otherLanguage: number;
  skipped: { reason: SkipReason; count: number; from: string | null; until: string | null }[];
}

export interface Deciding {
  offered: string[];
  defaultLanguage: string;
  isSuppressed?: InvitationsDeps['isSuppressed'];
  isTalking?: InvitationsDeps['isTalking'];
  hasOpenComplaint?: InvitationsDeps['hasOpenComplaint'];
}

/** What deciding about a wave's customers needs to know before a transaction begins. */
export async function decidingFor(deps: InvitationsDeps, versionId: string): Promise<Deciding> {
  const { defaultLanguage } = await deps.accounts.company();
  const offered = await deps.questionnaires.offeredLanguages(versionId);
  const { isSuppressed, isTalking, hasOpenComplaint } = deps;
  return { offered, defaultLanguage, isSuppressed, isTalking, hasOpenComplaint };
}

export interface Decided {
  customer: AudienceCustomer;
  decision: Decision;
}

/** What has been decided so far in one pass: an address that is taken stands for a person. */
export interface Pass extends Deciding {
  now: string;
  taken: Map<string, string>;
  /** What goes on already for some customers: one sequence with it. */
  sequences?: ReadonlyMap<string, string>;
}

/** The same for the check and for the start: who of these is written to. */
export async function decideAll(
  db: Db,
  customers: AudienceCustomer[],
  contacts: Contacts,
  pass: Pass,
): Promise<Decided[]> {
  const { now, sequences } = pass;
  const allowed = await contacts.mayContactPeople(db, customers, 'survey', now, sequences);
  const { days } = await contacts.budget(db);
  const addresses = customers.map(({ email }) => email);
  const suppressed = (await pass.isSuppressed?.(db, addresses)) ?? new Set();
  const ids = customers.map(({ id }) => id);
  const talking = (await pass.isTalking?.(db, ids)) ?? new Set();
  const complaining = (await pass.hasOpenComplaint?.(db, ids)) ?? new Set();
  return customers.map((customer) => {
    const budget = allowed.get(customer.id);
    const key = emailKey(customer.email);
    const overBudgetUntil = budget && !budget.may ? budget.from : pass.taken.get(key);
    const isSuppressed = suppressed.has(customer.email);
    const [isTalking, isComplaining] = [talking.has(customer.id), complaining.has(customer.id)];
    const decision = decide(customer, { ...pass, overBudgetUntil, isSuppressed, isTalking, isComplaining });
    if (decision.write) pass.taken.set(key, freeAfter(now, days));
    return { customer, decision };
  });
}

/** Few enough that other requests get their turn between two slices. */
const SLICE = 500;

/** Goes through the whole audience, slice by slice: exactly what the start would decide at this moment. */
export async function checkAudience(
  deps: InvitationsDeps,
  { contacts, holdouts }: { contacts: Contacts; holdouts: Holdouts },
  wave: Wave,
): Promise<AudienceCheck> {
  const pass: Pass = { ...(await decidingFor(deps, wave.versionId)), now: timestamp(deps.clock), taken: new Map() };
  const tally = new Tally();
  for (let after: string | null = null; ;) {
    const slice: AudienceCustomer[] = await deps.customers.audienceSlice(
      deps.storage.read,
      wave.audience,
      after,
      SLICE,
    );
    const decided = await decideAll(deps.storage.read, slice, contacts, pass);
    for (const each of decided) tally.add(each);
    const eligible = decided.filter(({ decision }) => decision.write).map(({ customer }) => customer.id);
    tally.withheld += await holdouts.expected(deps.storage.read, wave.programmeId, eligible);
    after = slice.at(-1)?.id ?? null;
    if (slice.length < SLICE || after === null) return tally.result();
    await nextTurn();
  }
}

class Tally {
  withheld = 0;
  #total = 0;
  #otherLanguage = 0;
  #languages = new Map<string, { count: number; sampleId: string }>();
  #skipped = createTally(SKIP_REASONS);

  add({ customer, decision }: Decided): void {
    this.#total++;
    if (!decision.write) return this.#skipped.add(decision.reason, decision.until);
    const known = this.#languages.get(decision.language);
    if (known) known.count++;
    else this.#languages.set(decision.language, { count: 1, sampleId: customer.id });
    if (decision.language !== customer.language && customer.language !== '') this.#otherLanguage++;
  }

  result(): AudienceCheck {
    const languages = [...this.#languages].map(([language, each]) => ({ language, ...each }));
    return {
      total: this.#total,
      writable: languages.reduce((sum, { count }) => sum + count, 0),
      languages: languages.sort((a, b) => b.count - a.count || (a.language < b.language ? -1 : 1)),
      withheld: Math.round(this.withheld),
      otherLanguage: this.#otherLanguage,
      skipped: this.#skipped.result().map(({ why, ...each }) => ({ reason: why, ...each })),
    };
  }
}

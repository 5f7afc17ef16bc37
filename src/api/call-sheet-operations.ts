import { z } from 'zod';
import type { Accounts } from '../accounts/index.ts';
import { displayName, type Customers } from '../customers/index.ts';
import { isLanguage, type Texts } from '../i18n/index.ts';
import type { Questionnaires } from '../questionnaires/index.ts';
import { clarifyingQuestions, isCallOver, mayRingNow, type CallSheet, type Recovery } from '../recovery/index.ts';
import { createVoices } from '../responses/index.ts';
import { timestamp, type Clock } from '../shared/clock.ts';
import type { Storage } from '../storage/index.ts';
import { nextCall, readDraft } from '../telephone/index.ts';
import { givenSchema } from './care-operations.ts';
import { colleagueOf } from './colleague-operations.ts';
import { about } from './errors.ts';
import { choiceJson, choiceSchema } from './offer-operations.ts';
import { idParams, operation, type Caller, type Operation } from './operation.ts';
import { callJson, callSchema } from './winback-operations.ts';

const day = z.string().nullable();

/** As somebody types it while they speak: none of it needs to be whole yet. */
const draft = z.object({
  outcome: z.string().max(64).default(''),
  reasonKey: z.string().max(64).default(''),
  said: z.string().max(5000).default(''),
  promised: z.string().max(2000).default(''),
  /** When they want to be called again, in the time of the business: '2026-11-30' and '14:30'. */
  backDay: z.string().max(20).default(''),
  backTime: z.string().max(20).default(''),
});
type Draft = z.infer<typeof draft>;

const whoSchema = z.object({
  name: z.string(),
  telephone: z.string(),
  language: z.string(),
  timeZone: z.string(),
  customerSince: day,
  lastPurchaseOn: day,
  leftOn: day,
  worthMinor: z.int(),
  /** The colleague whom they know. */
  contactAccountId: z.uuid().nullable(),
});

const sheetSchema = z.object({
  caseId: z.uuid(),
  customerId: z.uuid(),
  who: whoSchema,
  /** From 3, worth a call first, to 0, hardly any; null where they never left. */
  chance: z.int().nullable(),
  /** Why they left, by its first-level key; null while nobody knows. */
  reason: z.object({ key: z.string(), source: z.enum(['colleague', 'stated', 'call']) }).nullable(),
  /** What opened the case, word for word. */
  words: z.string(),
  /** What they wrote to us lately, the newest first. */
  voices: z.array(z.object({ text: z.string(), language: z.string(), about: z.string() })),
  /** Open questions for their reason, in their language. */
  questions: z.array(z.string()),
  /** The newest first, with what was promised. */
  calls: z.array(callSchema),
  /** What can be given to them now, and what speaks against the rest: none before the reason is known. */
  choices: z.array(choiceSchema),
  given: z.array(givenSchema),
  /** Who is calling them; null where nobody is. */
  held: z.object({ accountId: z.uuid(), since: z.string().nullable(), until: z.string() }).nullable(),
  /** Nobody calls any more. */
  over: z.boolean(),
  /** A good time to ring them up, and the next one where it is none. */
  mayRingNow: z.boolean(),
  ringFrom: z.string().nullable(),
  draft,
});

interface Deps {
  recovery: Pick<Recovery, 'winback' | 'offers'>;
  customers: Customers;
  questionnaires: Questionnaires;
  accounts: Pick<Accounts, 'colleague' | 'company'>;
  storage: Storage;
  texts: Texts;
  clock: Clock;
}

/** What a colleague has before them while they speak with somebody who left. */
export function callSheetOperations(deps: Deps): Operation[] {
  const { winback } = deps.recovery;
  return [
    operation({
      method: 'get',
      path: '/cases/{id}/call-sheet',
      summary: 'All for a call to win somebody back: who they are, their words, questions, what was promised, offers',
      role: 'staff',
      params: idParams,
      response: sheetSchema,
      run: async ({ params }, caller) => await whole(deps, await winback.sheet(params.id), caller),
    }),
    operation({
      method: 'post',
      path: '/cases/{id}/calls/draft',
      summary: 'Keep what a colleague has typed of their call so far, whole; refused where they do not have the call',
      role: 'staff',
      params: idParams,
      body: draft.extend({ accountId: z.uuid() }),
      response: z.object({ id: z.uuid(), draft }),
      async run({ params: { id }, body: { accountId, ...typed } }) {
        await winback.sheet(id);
        await colleagueOf(deps.accounts, accountId);
        await about('accountId', winback.saveDraft(accountId, id, asForm(typed)));
        return { id, draft: typed };
      },
    }),
  ];
}

async function whole(deps: Deps, sheet: CallSheet, { role }: Caller): Promise<z.input<typeof sheetSchema>> {
  const { recovery, customers, questionnaires, storage, texts } = deps;
  const { winback, offers } = recovery;
  const { theCase, customer, own, calls } = sheet;
  const company = await deps.accounts.company();
  const reader = { language: company.defaultLanguage, timeZone: company.timeZone };
  const reason = (await winback.reasonsOf(storage.read, [customer.id])).get(customer.id) ?? null;
  const choices = await offers.choices(customer, role);
  const standing = await winback.standing(customer.id);
  const now = timestamp(deps.clock);
  const ringsNow = mayRingNow(sheet, company, now);
  const { language } = customer;
  return {
    caseId: theCase.id,
    customerId: customer.id,
    who: { ...customer, name: displayName(customer) },
    chance: standing?.chance ?? null,
    reason,
    words: theCase.words,
    voices: await createVoices({ storage, questionnaires, customers }).ofCustomer(customer.id, reader),
    questions: clarifyingQuestions(reason?.key ?? '', texts.to(isLanguage(language) ? language : 'en')),
    calls: calls.map(callJson),
    choices: choices.map(choiceJson),
    given: await offers.ofCustomer(storage.read, customer.id),
    held: heldOf(own, now),
    over: isCallOver(own),
    mayRingNow: ringsNow,
    ringFrom: ringsNow ? null : nextCall(customer, company, now),
    draft: asTyped(readDraft(own.draft)),
  };
}

const heldOf = ({ claimed_by, claimed_at, claimed_until }: CallSheet['own'], now: string) =>
  claimed_by !== null && claimed_until !== null && claimed_until > now
    ? { accountId: claimed_by, since: claimed_at, until: claimed_until }
    : null;

/** As the form of the call sheet names it. */
const asForm = ({ reasonKey, backDay, backTime, ...typed }: Draft) => ({
  ...typed,
  reason: reasonKey,
  'back-day': backDay,
  'back-time': backTime,
});

function asTyped(form: Record<string, unknown>): Draft {
  const text = (name: string) => (typeof form[name] === 'string' ? form[name] : '');
  return {
    outcome: text('outcome'),
    reasonKey: text('reason'),
    said: text('said'),
    promised: text('promised'),
    backDay: text('back-day'),
    backTime: text('back-time'),
  };
}

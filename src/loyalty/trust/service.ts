import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { addMinutes } from '../../shared/dates.ts';
import { Conflict } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { Customer } from '../../customers/index.ts';
import { isLanguage } from '../../i18n/index.ts';
import { page, type Db, type Page, type Tx } from '../../storage/index.ts';
import { standingsOf } from '../care.ts';
import type { LoyaltyDeps } from '../deps.ts';
import { ASK, createTrustMail, THANKS } from './mail.ts';
import { against, YEAR_DAYS, type Against, type AskFacts } from './rules.ts';
import * as store from './trust-store.ts';
import type { AskRow, ReferenceRow, ReferralRow, UseRow } from './trust-store.ts';

export interface Candidate {
  customer: Customer;
  score: number;
  saidAt: string;
  /** What stands against writing to them. */
  against: Against | null;
  /** They may be asked face to face. */
  inPerson: boolean;
}

export interface NewAsk {
  kind: AskRow['kind'];
  /** For `vouch`: who has agreed that we name them. */
  prospect: string;
  way: AskRow['way'];
}

export interface Reference extends ReferenceRow {
  /** Asked in the last twelve months, the newest first. */
  uses: UseRow[];
}

/** How, how often and about what somebody may be asked. */
export type ReferenceTerms = Pick<ReferenceRow, 'a_year' | 'way' | 'topics'>;

export interface Trust {
  /** Those who said within a year that they are happy, the newest first. */
  candidates(cursor: string | null): Promise<Page<Candidate>>;
  /** What stands against asking somebody that way; null: nothing. */
  mayAsk(db: Db, customerId: string, way: AskRow['way']): Promise<Against | null>;
  /** Asks once a year at most. @throws Conflict where something stands against it */
  ask(actor: Actor, customerId: string, fresh: NewAsk): Promise<string>;
  linkFor(askId: string): string;
  byToken(token: string): Promise<AskRow | undefined>;
  /** They would rather not; nobody asks again. */
  decline(ask: Pick<AskRow, 'id' | 'customer_id'>, how: string): Promise<void>;
  /** They have changed their mind. */
  takeDeclineBack(ask: Pick<AskRow, 'id' | 'customer_id'>): Promise<void>;
  /** They have told somebody about us. No addresses. */
  refer(customerId: string, askId: string | null, words: string, accountId?: string | null): Promise<void>;
  /** What they say about a prospect who knows them. */
  vouch(ask: AskRow, words: string): Promise<void>;
  beReference(customerId: string, ask: AskRow | null, terms: ReferenceTerms, accountId?: string | null): Promise<void>;
  endReference(customerId: string, accountId?: string | null): Promise<void>;
  references(cursor: string | null): Promise<Page<Reference>>;
  /** A prospect is told whom they may ask. @throws Conflict above the limit, or where somebody else was faster */
  use(actor: Actor, customerId: string, revision: number, prospect: string): Promise<void>;
  openReferrals(cursor: string): Promise<Page<ReferralRow>>;
  toThank(): Promise<ReferralRow[]>;
  /** What came of it; the thanks go out by mail where it became a customer. @throws Conflict */
  settle(
    actor: Actor,
    referralId: string,
    outcome: 'became_customer' | 'nothing',
    newCustomerId: string | null,
  ): Promise<void>;
  /** A gift or a card is on its way. @throws Conflict */
  thank(actor: Actor, referralId: string): Promise<void>;
  ofCustomer(db: Db, customerId: string): Promise<CustomerTrust>;
}

export interface CustomerTrust {
  contentment: { score: number; saidAt: string } | undefined;
  declined: boolean;
  reference: Reference | undefined;
  asks: AskRow[];
  referrals: ReferralRow[];
}

const A_PAGE = 30;
const MINUTES_A_DAY = 24 * 60;
const SIGNED = 'trust';

export function createTrust(deps: LoyaltyDeps): Trust {
  const { storage, clock, accounts, customers, invitations, mailer, signer, baseUrl } = deps;
  const now = () => timestamp(clock);
  const yearAgo = () => addMinutes(now(), -YEAR_DAYS * MINUTES_A_DAY);
  const linkFor = (askId: string) => `${baseUrl}/r/${signer.sign(SIGNED, askId)}`;

  async function factsOf(db: Db, ids: string[]): Promise<AskFacts[]> {
    const said = await store.contentmentOf(db, ids);
    const declined = await store.refusalsAmong(db, ids);
    const asked = await store.lastAsks(db, ids, yearAgo());
    const allowed = await invitations.contacts.mayContact(db, ids, 'referral', now());
    return (await standingsOf(deps, db, ids)).map((standing) => {
      const { id } = standing.customer;
      const contentment = said.get(id);
      return {
        ...standing,
        contentment: contentment && { score: contentment.score, saidAt: contentment.said_at },
        declined: declined.has(id),
        askedAt: asked.get(id),
        overBudget: allowed.get(id)?.may === false,
      };
    });
  }

  const mail = createTrustMail(deps, {
    linkFor,
    async obstacles(db, ids) {
      const facts = await factsOf(db, ids);
      return new Map(
        facts.map((each) => [
          each.customer.id,
          against({ ...each, askedAt: undefined, overBudget: false }, 'mail', yearAgo()),
        ]),
      );
    },
  });
  mailer.register(ASK, mail.ask.compose, mail.ask.onState, mail.ask.screening);
  mailer.register(THANKS, mail.thanks);
  const addressee = async (db: Db, customerId: string | undefined) => {
    const customer = customerId === undefined ? undefined : await customers.find(customerId, db);
    return customer && { customerId: customer.id, address: customer.email };
  };
  deps.bounces.knows(ASK, async (db, id) => addressee(db, (await store.findAsks(db, [id]))[0]?.customer_id));
  deps.bounces.knows(THANKS, async (db, id) => addressee(db, (await store.findReferral(db, id))?.customer_id));
  customers.onUnsubscribed(async (tx, ids) => {
    const queued = await store.queuedAsks(tx, ids);
    if (queued.length > 0) await mailer.cancelQueued(tx, ASK, queued);
  });
  deps.responses.onSubmitted(async (tx, { response, answers }) => {
    const needs = answers.get('needs');
    if (needs?.kind !== 'scale') return;
    const { id, customerId, submittedAt } = response;
    await store.keepContentment(tx, {
      customer_id: customerId,
      response_id: id,
      score: needs.value,
      said_at: submittedAt,
    });
  });

  async function record(
    tx: Tx,
    customerId: string,
    what: string,
    by: { accountId?: string | null; subjectId?: string | null } = {},
  ) {
    await customers.recordEvents(tx, [{ customerId, kind: `attentions.${what}`, ...by }]);
  }

  async function sayThanks(tx: Tx, { id, customer_id: customerId }: ReferralRow): Promise<void> {
    const [standing] = await standingsOf(deps, tx, [customerId]);
    if (!standing || standing.suppressed) return;
    const { email, unsubscribedAt, legalBasis } = standing.customer;
    if (email === '' || unsubscribedAt !== null || legalBasis === '') return;
    const allowed = await invitations.contacts.mayContact(tx, [customerId], 'greeting.card', now());
    if (allowed.get(customerId)?.may === false) return;
    await invitations.contacts.record(tx, 'greeting.card', [{ id, customer: { id: customerId, email } }], now());
    await mailer.enqueue(tx, [{ kind: THANKS, subjectId: id }]);
  }

  async function withUses(db: Db, rows: ReferenceRow[]): Promise<Reference[]> {
    const uses = await store.usesSince(
      db,
      rows.map((row) => row.customer_id),
      yearAgo(),
    );
    return rows.map((row) => ({ ...row, uses: uses.get(row.customer_id) ?? [] }));
  }

  return {
    async candidates(cursor) {
      const [, at, id] = /^(\S{24}) ([0-9a-f-]{36})$/.exec(cursor ?? '') ?? [];
      const before = at !== undefined && id !== undefined ? { at, id } : null;
      const rows = await store.happySince(storage.read, yearAgo(), before, A_PAGE + 1);
      const facts = await factsOf(
        storage.read,
        rows.map((row) => row.customer_id),
      );
      const byId = new Map(facts.map((each) => [each.customer.id, each]));
      const { rows: kept, next } = page(rows, A_PAGE, (row) => `${row.said_at} ${row.customer_id}`);
      const found = kept.flatMap((row) => {
        const each = byId.get(row.customer_id);
        const said = { score: row.score, saidAt: row.said_at };
        if (!each) return [];
        const inPerson = against(each, 'talk', yearAgo()) === null;
        return [{ customer: each.customer, ...said, against: against(each, 'mail', yearAgo()), inPerson }];
      });
      return { rows: found, next };
    },
    async mayAsk(db, customerId, way) {
      const [facts] = await factsOf(db, [customerId]);
      return facts ? against(facts, way, yearAgo()) : 'left';
    },
    async ask(actor, customerId, { kind, prospect, way }) {
      return await storage.transaction(async (tx) => {
        await invitations.contacts.lock(tx);
        const [facts] = await factsOf(tx, [customerId]);
        const why = facts ? against(facts, way, yearAgo()) : 'left';
        if (!facts || why !== null) throw new Conflict(`attentions.against.${why ?? 'left'}`);
        const { defaultLanguage } = await accounts.companyIn(tx);
        const { email } = facts.customer;
        const id = newId(clock);
        const state = way === 'mail' ? ('queued' as const) : ('waiting' as const);
        const language = [facts.customer.language, defaultLanguage].find(isLanguage) ?? 'en';
        const asked = { id, customer_id: customerId, kind, prospect, way, state, language };
        const open = { answer: null, answered_at: null, words: '', settled_at: null };
        await store.insertAsk(tx, { ...asked, ...open, asked_by: accountOf(actor), asked_at: now() });
        if (way === 'mail') {
          await invitations.contacts.record(tx, 'referral', [{ id, customer: { id: customerId, email } }], now());
          await mailer.enqueue(tx, [{ kind: ASK, subjectId: id }]);
        } else await record(tx, customerId, `asked.${kind}`, { accountId: accountOf(actor), subjectId: id });
        await accounts.audit(tx, actor, `attentions.asked.${kind}`, { kind: 'customer', id: customerId }, { way });
        return id;
      });
    },
    linkFor,
    async byToken(token) {
      const id = signer.verify(SIGNED, token);
      return id === undefined ? undefined : (await store.findAsks(storage.read, [id]))[0];
    },
    async decline({ id, customer_id: customerId }, how) {
      await storage.transaction(async (tx) => {
        await store.answerAsk(tx, id, { answer: 'declined', answered_at: now() });
        await store.keepRefusal(tx, { customer_id: customerId, since: now(), how });
        await record(tx, customerId, 'declined', { subjectId: id });
      });
    },
    async takeDeclineBack({ id, customer_id: customerId }) {
      await storage.transaction(async (tx) => {
        await store.answerAsk(tx, id, { answer: null, answered_at: null });
        await store.dropRefusal(tx, customerId);
      });
    },
    async refer(customerId, askId, words, accountId = null) {
      await storage.transaction(async (tx) => {
        const blank = { outcome: 'open' as const, outcome_by: null, outcome_at: null, new_customer_id: null };
        const row = { id: newId(clock), customer_id: customerId, ask_id: askId, words, named_at: now(), ...blank };
        await store.insertReferral(tx, { ...row, thanked_by: null, thanked_at: null });
        if (askId !== null) await store.answerAsk(tx, askId, { answer: 'agreed', answered_at: now() });
        await record(tx, customerId, 'referred', { accountId, subjectId: row.id });
      });
    },
    async vouch({ id, customer_id: customerId }, words) {
      await storage.transaction(async (tx) => {
        await store.answerAsk(tx, id, { answer: 'agreed', answered_at: now(), words });
        await record(tx, customerId, 'vouched', { subjectId: id });
      });
    },
    async beReference(customerId, ask, terms, accountId = null) {
      await storage.transaction(async (tx) => {
        const row = {
          customer_id: customerId,
          ...terms,
          since: now(),
          ended_at: null,
          noted_by: accountId,
          revision: 0,
        };
        await store.saveReference(tx, row);
        if (ask) await store.answerAsk(tx, ask.id, { answer: 'agreed', answered_at: now() });
        await record(tx, customerId, 'reference', { accountId });
      });
    },
    async endReference(customerId, accountId = null) {
      await storage.transaction(async (tx) => {
        if (await store.endReference(tx, customerId, now())) await record(tx, customerId, 'noReference', { accountId });
      });
    },
    async references(cursor) {
      const [, since, id] = /^(\S{24}) ([0-9a-f-]{36})$/.exec(cursor ?? '') ?? [];
      const after = since !== undefined && id !== undefined ? { since, id } : null;
      const rows = await store.standingReferences(storage.read, after, A_PAGE + 1);
      const { rows: kept, next } = page(rows, A_PAGE, (row) => `${row.since} ${row.customer_id}`);
      return { rows: await withUses(storage.read, kept), next };
    },
    async use(actor, customerId, revision, prospect) {
      await storage.transaction(async (tx) => {
        const reference = await store.findReference(tx, customerId);
        const used = (await store.usesSince(tx, [customerId], yearAgo())).get(customerId) ?? [];
        if (!reference || reference.ended_at !== null) throw new Conflict('attentions.error.noReference');
        if (used.length >= reference.a_year) throw new Conflict('attentions.error.often');
        const [standing] = await standingsOf(deps, tx, [customerId]);
        if (!standing || standing.talking) throw new Conflict('attentions.against.talking');
        if (!(await store.takeReference(tx, customerId, revision))) throw new Conflict('error.changed');
        const row = { id: newId(clock), customer_id: customerId, prospect, account_id: accountOf(actor), at: now() };
        await store.insertUse(tx, { ...row, thanked_at: null });
        await record(tx, customerId, 'used', { accountId: accountOf(actor), subjectId: row.id });
        await accounts.audit(tx, actor, 'attentions.used', { kind: 'customer', id: customerId });
      });
    },
    async openReferrals(cursor) {
      const rows = await store.referrals(storage.read, { outcome: 'open' }, cursor, A_PAGE + 1);
      return page(rows, A_PAGE, ({ id }) => id);
    },
    toThank: () => store.referrals(storage.read, { outcome: 'became_customer', unthanked: true }, '', A_PAGE),
    async settle(actor, referralId, outcome, newCustomerId) {
      await storage.transaction(async (tx) => {
        await invitations.contacts.lock(tx);
        const by = { outcome_by: accountOf(actor), outcome_at: now(), new_customer_id: newCustomerId };
        const referral = await store.settleReferral(tx, referralId, { outcome, ...by });
        if (!referral) throw new Conflict('error.changed');
        if (outcome === 'became_customer') await sayThanks(tx, referral);
        const who = { accountId: accountOf(actor), subjectId: referralId };
        await record(tx, referral.customer_id, `referral.${outcome}`, who);
        await accounts.audit(tx, actor, `attentions.referral.${outcome}`, { kind: 'referral', id: referralId });
      });
    },
    async thank(actor, referralId) {
      await storage.transaction(async (tx) => {
        if (!(await store.thankReferral(tx, referralId, accountOf(actor), now()))) throw new Conflict('error.changed');
        const customerId = (await store.findReferral(tx, referralId))?.customer_id ?? '';
        await record(tx, customerId, 'thanked', { accountId: accountOf(actor), subjectId: referralId });
        await accounts.audit(tx, actor, 'attentions.thanked', { kind: 'referral', id: referralId });
      });
    },
    async ofCustomer(db, customerId) {
      const said = (await store.contentmentOf(db, [customerId])).get(customerId);
      const found = await store.findReference(db, customerId);
      const [reference] = found && found.ended_at === null ? await withUses(db, [found]) : [];
      return {
        contentment: said && { score: said.score, saidAt: said.said_at },
        declined: (await store.refusalsAmong(db, [customerId])).has(customerId),
        reference,
        asks: await store.asksOf(db, customerId, 5),
        referrals: await store.referralsOf(db, customerId, 5),
      };
    },
  };
}

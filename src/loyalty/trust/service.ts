import { accountOf } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { addMinutes } from '../../shared/dates.ts';
import { Conflict } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import { isLanguage } from '../../i18n/index.ts';
import { page, type Db } from '../../storage/index.ts';
import { standingsOf } from '../care.ts';
import type { LoyaltyDeps } from '../deps.ts';
import type { Trust } from './interface.ts';
import { ASK, createTrustMail, THANKS } from './mail.ts';
import { A_PAGE, recorder } from './record.ts';
import { createReferences } from './references.ts';
import { createReferrals } from './referrals.ts';
import { against, YEAR_DAYS, type AskFacts } from './rules.ts';
import * as store from './trust-store.ts';

const MINUTES_A_DAY = 24 * 60;
const SIGNED = 'trust';

export function createTrust(deps: LoyaltyDeps): Trust {
  const { storage, clock, accounts, customers, invitations, mailer, signer, baseUrl } = deps;
  const now = () => timestamp(clock);
  const yearAgo = () => addMinutes(now(), -YEAR_DAYS * MINUTES_A_DAY);
  const record = recorder(deps);
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

  const { withUses, endIn, ...references } = createReferences(deps, yearAgo);

  return {
    ...createReferrals(deps),
    ...references,
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
        // Who would rather not be asked is not named to others as somebody to ask either.
        await endIn(tx, customerId, null);
      });
    },
    async takeDeclineBack({ id, customer_id: customerId }) {
      await storage.transaction(async (tx) => {
        await store.answerAsk(tx, id, { answer: null, answered_at: null });
        await store.dropRefusal(tx, customerId);
        await record(tx, customerId, 'mayAsk', { subjectId: id });
      });
    },
    async vouch({ id, customer_id: customerId }, words) {
      await storage.transaction(async (tx) => {
        await store.answerAsk(tx, id, { answer: 'agreed', answered_at: now(), words });
        await record(tx, customerId, 'vouched', { subjectId: id });
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

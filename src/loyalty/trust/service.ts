import type { Db } from '../../storage/index.ts';
import type { LoyaltyDeps } from '../deps.ts';
import { ask, declineAsk, takeDeclineBack, vouch } from './asking.ts';
import type { CustomerTrust, Reference, Trust } from './interface.ts';
import { ASK, createTrustMail, THANKS } from './mail.ts';
import { createReferences } from './references.ts';
import { createReferrals } from './referrals.ts';
import { againstAsking, askFacts, candidates, obstacles, yearAgo } from './standing.ts';
import * as store from './trust-store.ts';
import type { ReferenceRow } from './trust-store.ts';

const SIGNED = 'trust';
const MOST_SHOWN = 5;

/** Customers who are happy with us: asked for a word about us, thanked for it, and named to others if they like. */
export function createTrust(deps: LoyaltyDeps): Trust {
  const { storage, signer, baseUrl } = deps;
  const linkFor = (askId: string) => `${baseUrl}/r/${signer.sign(SIGNED, askId)}`;
  sendMail(deps, linkFor);
  keepContentment(deps);
  const { withUses, endIn, ...references } = createReferences(deps, () => yearAgo(deps));

  return {
    ...createReferrals(deps),
    ...references,
    linkFor,
    candidates: (cursor) => candidates(deps, cursor),
    async mayAsk(db, customerId, way) {
      const [facts] = await askFacts(deps, db, [customerId]);
      return againstAsking(deps, facts, way);
    },
    ask: (...given) => ask(deps, ...given),
    async byToken(token) {
      const id = signer.verify(SIGNED, token);
      return id === undefined ? undefined : (await store.findAsks(storage.read, [id]))[0];
    },
    decline: (asked, how, accountId = null) =>
      declineAsk(deps, asked, { how, accountId }, (tx, customerId) => endIn(tx, customerId, accountId)),
    takeDeclineBack: (asked) => takeDeclineBack(deps, asked),
    vouch: (asked, words) => vouch(deps, asked, words),
    ofCustomer: (db, customerId) => trustOf(db, customerId, withUses),
  };
}

/** The question and the thanks in the outbox, and whose they are when they come back. */
function sendMail(deps: LoyaltyDeps, linkFor: (askId: string) => string): void {
  const { mailer, bounces, customers } = deps;
  const mail = createTrustMail(deps, { linkFor, obstacles: (db, ids) => obstacles(deps, db, ids) });
  mailer.register(ASK, mail.ask.compose, mail.ask.onState, mail.ask.screening);
  mailer.register(THANKS, mail.thanks);
  const addressee = async (db: Db, customerId: string | undefined) => {
    const customer = customerId === undefined ? undefined : await customers.find(customerId, db);
    return customer && { customerId: customer.id, address: customer.email };
  };
  bounces.knows(ASK, async (db, id) => addressee(db, (await store.findAsks(db, [id]))[0]?.customer_id));
  bounces.knows(THANKS, async (db, id) => addressee(db, (await store.findReferral(db, id))?.customer_id));
  customers.onUnsubscribed(async (tx, ids) => {
    const queued = await store.queuedAsks(tx, ids);
    if (queued.length > 0) await mailer.cancelQueued(tx, ASK, queued);
  });
}

/** Whoever says how well their needs are met is remembered with it. */
function keepContentment({ responses }: LoyaltyDeps): void {
  responses.onSubmitted(async (tx, { response, answers }) => {
    const needs = answers.get('needs');
    if (needs?.kind !== 'scale') return;
    const { id: response_id, customerId: customer_id, submittedAt: said_at } = response;
    await store.keepContentment(tx, { customer_id, response_id, score: needs.value, said_at });
  });
}

async function trustOf(
  db: Db,
  customerId: string,
  withUses: (db: Db, rows: ReferenceRow[]) => Promise<Reference[]>,
): Promise<CustomerTrust> {
  const said = (await store.contentmentOf(db, [customerId])).get(customerId);
  const found = await store.findReference(db, customerId);
  const [reference] = found && found.ended_at === null ? await withUses(db, [found]) : [];
  return {
    contentment: said && { score: said.score, saidAt: said.said_at },
    declined: (await store.refusalsAmong(db, [customerId])).has(customerId),
    reference,
    asks: await store.asksOf(db, customerId, MOST_SHOWN),
    referrals: await store.referralsOf(db, customerId, MOST_SHOWN),
  };
}

import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { addMinutes } from '../../shared/dates.ts';
import { Conflict } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { Tx } from '../../storage/index.ts';
import type { RetentionDeps } from '../deps.ts';
import { readWording, type Wording } from '../wording.ts';
import { createLooking, SLICE, type TellingCheck } from './looking.ts';
import { stateOn, type Policy, type PolicyCode } from './policy.ts';
import { createTellingMail, TELLING, TELLING_TEST, type SampleMail } from './telling-mail.ts';
import * as store from './telling-store.ts';

/** What those who said it are written, as somebody approved it. */
export interface ApprovedLetter {
  id: string;
  number: number;
  texts: Wording;
  accountId: string | null;
  createdAt: string;
}

export interface Telling {
  letter(policyId: string): Promise<ApprovedLetter | null>;
  /** The next text; what is on its way keeps its own. @throws Conflict where somebody wrote one meanwhile */
  approve(actor: Actor, policyId: string, seen: number, texts: Wording): Promise<void>;
  /** Looks at a thousand at most; `after` is the `next` of the look before. */
  check(policyId: string, after?: string): Promise<TellingCheck>;
  /**
   * Writes to those whom `check` finds; nothing leaves for five minutes. @returns to how many
   * @throws Conflict where the text is not the newest, the policy not in force, or nobody is left to write to
   */
  send(actor: Actor, policyId: string, letterNumber: number, after?: string): Promise<number>;
  /** What has not left yet never will. @throws Conflict where nothing waits. @returns how many */
  stop(actor: Actor, policyId: string): Promise<number>;
  /** The same, together with the policy. */
  withdraw(tx: Tx, policyId: string): Promise<number>;
  /** One copy to a colleague. @throws Conflict without words in that language */
  test(actor: Actor, policyId: string, copy: { language: string; accountId: string }): Promise<void>;
  sample(policy: Policy, letter: ApprovedLetter, language: string): Promise<SampleMail | undefined>;
  /** By policy, how many messages have each state. */
  counts(policyIds: string[]): Promise<Map<string, Record<string, number>>>;
  /** Whose message a link to the way out came with. */
  byToken(token: string): Promise<{ customerId: string; language: string } | undefined>;
}

interface Parts {
  get(id: string): Promise<Policy>;
  codes(): Promise<Map<string, PolicyCode>>;
  today(): Promise<string>;
}

export const HOLD_MINUTES = 5;
const OPT_OUT = 'told';

export function createTelling(deps: RetentionDeps, { get, codes, today }: Parts): Telling {
  const { storage, clock, accounts, customers, invitations, mailer, signer, baseUrl } = deps;
  const { read } = storage;
  const now = () => timestamp(clock);
  const optOutLink = (id: string) => `${baseUrl}/w/${signer.sign(OPT_OUT, id)}`;

  const letter: Telling['letter'] = async (policyId) => {
    const row = await store.newestLetter(read, policyId);
    return row ? asLetter(row) : null;
  };

  const looking = createLooking(deps, codes);

  const mail = createTellingMail(deps, {
    optOutLink,
    get,
    async obstacles(db, policyId, ids, texts) {
      const looked = await looking.look(db, policyId, ids, { texts, counted: false });
      return new Map(looked.map(({ customer, why }) => [customer.id, why]));
    },
  });
  mailer.register(TELLING, mail.compose, mail.onState, mail.screening);
  mailer.register(TELLING_TEST, mail.composeTest);
  deps.bounces.knows(TELLING, async (db, id) => {
    const [message] = await store.findMessages(db, [id]);
    const customer = message && (await customers.find(message.customer_id, db));
    return customer && { customerId: customer.id, address: customer.email };
  });
  const cancel = async (tx: Tx, ids: string[]) =>
    ids.length === 0 ? 0 : (await mailer.cancelQueued(tx, TELLING, ids)).length;
  customers.onUnsubscribed(async (tx, ids) => void (await cancel(tx, await store.queuedOfCustomers(tx, ids))));

  /** One slice of them: looked at again and written to in one transaction. */
  async function sendSlice(actor: Actor, policyId: string, approved: ApprovedLetter, ids: string[]): Promise<number> {
    return await storage.transaction(async (tx) => {
      await invitations.contacts.lock(tx);
      if ((await store.newestLetter(tx, policyId))?.id !== approved.id) throw new Conflict('policies.error.letter');
      const known = await looking.look(tx, policyId, ids, { texts: approved.texts, counted: true });
      const looked = await looking.drawn(tx, known);
      const people = looked.filter(({ why }) => why === null);
      const rows = people.map(({ customer, language }) => messageRow(actor, policyId, approved, customer.id, language));
      const fresh = await store.insertMessages(tx, rows);
      const byId = new Map(people.map(({ customer }) => [customer.id, customer]));
      const contacts = fresh.flatMap(({ id, customer_id }) => {
        const customer = byId.get(customer_id);
        return customer ? [{ id, customer: { id: customer.id, email: customer.email } }] : [];
      });
      await invitations.contacts.record(tx, 'told', contacts, now());
      const notBefore = addMinutes(now(), HOLD_MINUTES);
      await mailer.enqueue(
        tx,
        fresh.map(({ id: subjectId }) => ({ kind: TELLING, subjectId, notBefore })),
      );
      if (fresh.length > 0)
        await accounts.audit(tx, actor, 'policies.told', { kind: 'policy', id: policyId }, { count: fresh.length });
      return fresh.length;
    });
  }

  function messageRow(
    actor: Actor,
    policy_id: string,
    approved: ApprovedLetter,
    customer_id: string,
    language: string,
  ): store.MessageRow {
    const standing = { state: 'queued' as const, reason: '', account_id: accountOf(actor), settled_at: null };
    return {
      id: newId(clock),
      policy_id,
      letter_id: approved.id,
      customer_id,
      language,
      ...standing,
      created_at: now(),
    };
  }

  async function inForce(policyId: string): Promise<Policy> {
    const policy = await get(policyId);
    if (stateOn(policy, await today()) !== 'in_force') throw new Conflict('policies.error.notInForce');
    return policy;
  }

  const stopSome = async (tx: Tx, policyId: string): Promise<number> => {
    let stopped = 0;
    for (let some = SLICE; some === SLICE;) {
      some = await cancel(tx, await store.queuedOfPolicy(tx, policyId, SLICE));
      stopped += some;
    }
    return stopped;
  };

  return {
    letter,
    async approve(actor, policyId, seen, texts) {
      await get(policyId);
      const row = { id: newId(clock), policy_id: policyId, number: seen + 1, texts: JSON.stringify(texts) };
      await storage.transaction(async (tx) => {
        const newest = await store.newestLetter(tx, policyId);
        const fresh = (newest?.number ?? 0) === seen;
        const by = { account_id: accountOf(actor), created_at: now() };
        if (!fresh || !(await store.insertLetter(tx, { ...row, ...by }))) throw new Conflict('policies.error.letter');
        await accounts.audit(tx, actor, 'policies.letter', { kind: 'policy', id: policyId }, { number: seen + 1 });
      });
    },
    check: async (policyId, after = '') =>
      await looking.check(await get(policyId), (await letter(policyId))?.texts ?? {}, after),
    async send(actor, policyId, letterNumber, after = '') {
      const policy = await inForce(policyId);
      const approved = await letter(policyId);
      if (!approved || approved.number !== letterNumber) throw new Conflict('policies.error.letter');
      const { ids } = await looking.sayers(policy, after);
      let written = 0;
      for (let start = 0; start < ids.length; start += SLICE) {
        written += await sendSlice(actor, policyId, approved, ids.slice(start, start + SLICE));
        await new Promise(setImmediate);
      }
      if (written === 0) throw new Conflict('policies.error.nobody');
      return written;
    },
    async stop(actor, policyId) {
      return await storage.transaction(async (tx) => {
        const stopped = await stopSome(tx, policyId);
        if (stopped === 0) throw new Conflict('policies.error.nothingWaits');
        await accounts.audit(tx, actor, 'policies.stopped', { kind: 'policy', id: policyId }, { count: stopped });
        return stopped;
      });
    },
    withdraw: stopSome,
    async test(actor, policyId, { language, accountId }) {
      const approved = await letter(policyId);
      if (!approved?.texts[language]) throw new Conflict('policies.error.letter');
      await storage.transaction(async (tx) => {
        const detail = { language, accountId };
        await mailer.enqueue(tx, [{ kind: TELLING_TEST, subjectId: approved.id, detail }]);
        await accounts.audit(tx, actor, 'policies.tested', { kind: 'policy', id: policyId });
      });
    },
    sample: mail.sample,
    async counts(policyIds) {
      const found = new Map<string, Record<string, number>>();
      for (const { policyId, state, count } of await store.countMessages(read, policyIds))
        found.set(policyId, { ...found.get(policyId), [state]: count });
      return found;
    },
    async byToken(token) {
      const id = signer.verify(OPT_OUT, token);
      const [message] = id === undefined ? [] : await store.findMessages(read, [id]);
      return message && { customerId: message.customer_id, language: message.language };
    },
  };
}

export const asLetter = (row: store.LetterRow): ApprovedLetter => ({
  id: row.id,
  number: row.number,
  texts: readWording(row.texts),
  accountId: row.account_id,
  createdAt: row.created_at,
});

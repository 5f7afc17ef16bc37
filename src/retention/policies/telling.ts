import type { Actor } from '../../shared/actor.ts';
import { Conflict } from '../../shared/errors.ts';
import type { Db, Tx } from '../../storage/index.ts';
import type { RetentionDeps } from '../deps.ts';
import type { Wording } from '../wording.ts';
import { createLooking, type Looking, type TellingCheck } from './looking.ts';
import { stateOn, type Policy, type PolicyCode } from './policy.ts';
import { approvedLetter, approveLetter, sendCopy, type ApprovedLetter } from './telling-letter.ts';
import { composeCopies, composeTelling, followTelling, screenTelling, TELLING, TELLING_TEST } from './telling-mail.ts';
import { sampleNote, type SampleMail } from './telling-note.ts';
import { callBack, cancelTelling, sendTelling, stopTelling } from './telling-sending.ts';
import { countMessages, findMessages, queuedOfCustomers } from './telling-store.ts';

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

const OPT_OUT = 'told';

/** "You said, we did": those who gave a reason are written what the business does about it. */
export function createTelling(deps: RetentionDeps, { get, codes, today }: Parts): Telling {
  const { storage, signer } = deps;
  const looking = createLooking(deps, codes);
  join(deps, looking, get);

  return {
    letter: (policyId) => approvedLetter(storage.read, policyId),
    async approve(actor, policyId, seen, texts) {
      await get(policyId);
      await approveLetter(deps, actor, policyId, seen, texts);
    },
    check: async (policyId, after = '') =>
      await looking.check(await get(policyId), (await approvedLetter(storage.read, policyId))?.texts ?? {}, after),
    async send(actor, policyId, letterNumber, after = '') {
      const policy = await get(policyId);
      if (stateOn(policy, await today()) !== 'in_force') throw new Conflict('policies.error.notInForce');
      return await sendTelling({ ...deps, looking }, actor, policy, letterNumber, after);
    },
    stop: (actor, policyId) => stopTelling(deps, actor, policyId),
    withdraw: (tx, policyId) => callBack(deps, tx, policyId),
    test: (actor, policyId, copy) => sendCopy(deps, actor, policyId, copy),
    sample: (policy, letter, language) => sampleNote(deps, policy, letter.texts, language),
    counts: (policyIds) => countsOf(storage.read, policyIds),
    async byToken(token) {
      const id = signer.verify(OPT_OUT, token);
      const [message] = id === undefined ? [] : await findMessages(storage.read, [id]);
      return message && { customerId: message.customer_id, language: message.language };
    },
  };
}

/** The messages in the outbox: composed, followed, and called back for those who want no more mail. */
function join(deps: RetentionDeps, looking: Looking, get: Parts['get']): void {
  const { mailer, bounces, customers, signer, baseUrl } = deps;
  const mail = {
    ...deps,
    get,
    optOutLink: (id: string) => `${baseUrl}/w/${signer.sign(OPT_OUT, id)}`,
    async obstacles(db: Db, policyId: string, ids: string[], texts: Wording) {
      const looked = await looking.look(db, policyId, ids, { texts, counted: false });
      return new Map(looked.map(({ customer, why }) => [customer.id, why]));
    },
  };
  mailer.register(TELLING, composeTelling(mail), followTelling(mail), screenTelling(mail));
  mailer.register(TELLING_TEST, composeCopies(mail));
  bounces.knows(TELLING, async (db, id) => {
    const [message] = await findMessages(db, [id]);
    const customer = message && (await customers.find(message.customer_id, db));
    return customer && { customerId: customer.id, address: customer.email };
  });
  customers.onUnsubscribed(async (tx, ids) => void (await cancelTelling(deps, tx, await queuedOfCustomers(tx, ids))));
}

async function countsOf(db: Db, policyIds: string[]): Promise<Map<string, Record<string, number>>> {
  const found = new Map<string, Record<string, number>>();
  for (const { policyId, state, count } of await countMessages(db, policyIds))
    found.set(policyId, { ...found.get(policyId), [state]: count });
  return found;
}

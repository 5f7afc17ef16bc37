import { accountOf, type Actor } from '../shared/actor.ts';
import { timestamp } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import { emailKey } from '../customers/index.ts';
import type { Db, Tx } from '../storage/index.ts';
import {
  allowanceOf,
  BUDGET_DAYS,
  CONTACT_KINDS,
  countsSince,
  daysBetweenContacts,
  freeAfter,
  freeFrom,
  type ContactKind,
} from './contact-rules.ts';
import * as store from './contact-store.ts';
import type { BudgetChange, ContactRow } from './contact-store.ts';
import type { InvitationsDeps } from './deps.ts';

/** Somebody, as the budget knows them: two customers with one address are one person. */
interface Person {
  id: string;
  email: string;
}

/** How somebody stands with the budget. */
export interface Standing {
  /** The sequences that count now, the newest first. */
  counted: { id: string; kind: ContactKind; at: string; isAnothers: boolean }[];
  /** From when they may be asked again; null where they may be now. */
  from: string | null;
  /** The yearly allowance of each greeting. */
  greetings: { kind: ContactKind; used: { at: string; from: string } | null }[];
}

/** From when they may be contacted again, where they may not be now. */
export type Allowed = { may: true } | { may: false; from: string };

interface NewContact {
  /** The row that was sent or is going to be: an invitation, a card. Recorded again it counts once, from then on. */
  id: string;
  /** What it belongs to; itself when left out. */
  sequenceId?: string | undefined;
  customer: Person;
}

/**
 * One budget for each person across everything that the business sends through Comeback, counted in sequences: an
 * invitation, its reminders and the conversation that follows are one. Whoever records what was decided with
 * `mayContact` calls `lock` first, in the same transaction.
 */
export interface Contacts {
  /** Until the transaction ends, nobody else decides about the budget. */
  lock(tx: Tx): Promise<void>;
  /** For each of these customers, by id. `sequences` names what goes on for whom: that does not count against itself. */
  mayContact(
    db: Db,
    customerIds: string[],
    kind: ContactKind,
    now: string,
    sequences?: ReadonlyMap<string, string>,
  ): Promise<Map<string, Allowed>>;
  /** The same for people whose addresses are at hand. */
  mayContactPeople(
    db: Db,
    people: Person[],
    kind: ContactKind,
    now: string,
    sequences?: ReadonlyMap<string, string>,
  ): Promise<Map<string, Allowed>>;
  /** For a customer's profile: the same as `mayContact` goes by. */
  standing(db: Db, person: Person, now: string): Promise<Standing>;
  record(tx: Tx, kind: ContactKind, contacts: NewContact[], at: string): Promise<void>;
  /** It was sent later than it was recorded. */
  sentAt(tx: Tx, ids: string[], at: string): Promise<void>;
  /** It never was sent, so it does not count. */
  release(tx: Tx, ids: string[]): Promise<void>;
  /** What was sent to a customer, counted or not, the newest first. */
  ofCustomer(db: Db, customerId: string, limit: number): Promise<ContactRow[]>;
  /** The sequences that these belong to, where they were ever recorded; what was released belongs to its own still. */
  sequencesOf(db: Db, ids: string[]): Promise<Map<string, string>>;
  /** The keyed hash under which the budget knows an address. */
  keyOf(email: string): string;
  /** Days from one sequence to the next, and who set them; `changed` is null where nobody has. */
  budget(db: Db): Promise<{ days: number; changed: BudgetChange | null }>;
  setBudget(actor: Actor, days: number): Promise<void>;
}

type ContactsDeps = Pick<InvitationsDeps, 'storage' | 'clock' | 'signer'> & {
  customers: Pick<InvitationsDeps['customers'], 'forMail'>;
  accounts: Pick<InvitationsDeps['accounts'], 'audit'>;
};

const PURPOSE = 'contact';

export function createContacts({ storage, clock, signer, customers, accounts }: ContactsDeps): Contacts {
  const keyOf = (email: string) => signer.mac(PURPOSE, emailKey(email));
  const budget = async (db: Db) => {
    const changed = (await store.findBudget(db)) ?? null;
    return { days: changed?.days ?? BUDGET_DAYS, changed };
  };

  const countedOf = async (db: Db, { id, email }: Person, kind: ContactKind, now: string) => {
    const allowance = allowanceOf(kind) ?? '';
    const days = daysBetweenContacts(allowance, (await budget(db)).days);
    const who = { customerIds: [id], addressKeys: email === '' ? [] : [keyOf(email)] };
    const rows = await store.countedContacts(db, who, { allowance, since: countsSince(now, days) });
    const newest = rows.sort((a, b) => (a.at < b.at ? 1 : -1));
    return { days, rows: newest };
  };

  const standing: Contacts['standing'] = async (db, person, now) => {
    const { days, rows } = await countedOf(db, person, 'survey', now);
    const sequences = [...Map.groupBy(rows, (row) => row.sequence_id).values()].flatMap(([newest]) => newest ?? []);
    const greetings = CONTACT_KINDS.filter((kind) => kind.startsWith('greeting.')).map(async (kind) => {
      const found = await countedOf(db, person, kind, now);
      const at = found.rows[0]?.at;
      return { kind, used: at === undefined ? null : { at, from: freeAfter(at, found.days) } };
    });
    return {
      counted: sequences.map(({ id, kind, at, customer_id }) => ({
        id,
        kind: kind as ContactKind,
        at,
        isAnothers: customer_id !== person.id,
      })),
      from: sequences[0] ? freeAfter(sequences[0].at, days) : null,
      greetings: await Promise.all(greetings),
    };
  };

  const mayContactPeople: Contacts['mayContactPeople'] = async (db, people, kind, now, sequences = new Map()) => {
    const allowance = allowanceOf(kind);
    if (allowance === null) return new Map(people.map(({ id }) => [id, { may: true }]));
    const days = daysBetweenContacts(allowance, (await budget(db)).days);
    const keys = new Map(people.map(({ id, email }) => [id, email === '' ? null : keyOf(email)]));
    const who = { customerIds: [...keys.keys()], addressKeys: [...keys.values()].filter((key) => key !== null) };
    const counted = await store.countedContacts(db, who, { allowance, since: countsSince(now, days) });
    const byCustomer = Map.groupBy(counted, (row) => row.customer_id);
    const byAddress = Map.groupBy(counted, (row) => row.address_key ?? '');
    return new Map(
      people.map(({ id }) => {
        const theirs = [...(byCustomer.get(id) ?? []), ...(byAddress.get(keys.get(id) ?? '-') ?? [])];
        const rows = theirs.map(({ sequence_id, at }) => ({ sequenceId: sequence_id, at }));
        const from = freeFrom(rows, days, sequences.get(id));
        return [id, from !== undefined && from > now ? { may: false, from } : { may: true }];
      }),
    );
  };

  return {
    lock: (tx) => store.lockBudget(tx, storage.engine),
    mayContactPeople,
    async mayContact(db, customerIds, kind, now, sequences) {
      const known = await customers.forMail(db, customerIds);
      const people = customerIds.map((id) => ({ id, email: known.get(id)?.email ?? '' }));
      return await mayContactPeople(db, people, kind, now, sequences);
    },
    standing,
    async record(tx, kind, contacts, at) {
      const rows = contacts.map(({ id, sequenceId, customer }) => ({
        id,
        sequence_id: sequenceId ?? id,
        customer_id: customer.id,
        address_key: customer.email === '' ? null : keyOf(customer.email),
        kind,
        allowance: allowanceOf(kind) ?? 'none',
        at,
        released_at: null,
      }));
      await store.insertContacts(tx, rows);
    },
    sentAt: store.moveContacts,
    release: (tx, ids) => store.releaseContacts(tx, ids, timestamp(clock)),
    ofCustomer: store.contactsOf,
    sequencesOf: store.sequencesOfContacts,
    keyOf,
    budget,
    async setBudget(actor, days) {
      await storage.transaction(async (tx) => {
        const changed = { changed_by: accountOf(actor), changed_at: timestamp(clock) };
        await store.insertBudget(tx, { id: newId(clock), days, ...changed });
        await accounts.audit(tx, actor, 'waves.budget', { kind: 'setting' }, { days });
      });
    },
  };
}

import { timestamp } from '../../shared/clock.ts';
import { addDays } from '../../shared/dates.ts';
import { displayName, type Customer } from '../../customers/index.ts';
import { isLanguage } from '../../i18n/index.ts';
import { createTally, type Allowed, type LeftOutCount } from '../../invitations/index.ts';
import { standingsOf } from '../../loyalty/index.ts';
import type { Db, Tx } from '../../storage/index.ts';
import type { RetentionDeps } from '../deps.ts';
import type { Wording } from '../wording.ts';
import type { Policy, PolicyCode } from './policy.ts';
import { untoldBecause, UNTOLD, type Untold } from './telling-rules.ts';
import { toldAmong } from './telling-store.ts';

/** A customer who said it, in the language of their message. */
export interface Looked {
  customer: Customer;
  language: string;
  /** What stands against writing to them; null: nothing. */
  why: Untold | null;
  /** When the contact budget has room again; null where it is not that. */
  until: string | null;
}

/** Whom the button would write to, and whom not and why. */
export interface TellingCheck {
  /** By language. */
  written: Map<string, number>;
  count: number;
  /** By language that is not written yet: how many would get it. */
  wanting: Map<string, number>;
  leftOut: LeftOutCount<Untold>[];
  /** The first of them, with the reason. */
  people: { id: string; name: string; why: Untold; until: string | null }[];
  /** Where to go on looking after the first thousand. */
  next: string | null;
}

const LOOKED_AT = 1000;
/** So many are decided about in one transaction. */
export const SLICE = 200;
const SHOWN = 50;
/** The programme whose holdout hears nothing. */
export const LEAVING = 'leaving';

const NOBODY: ReadonlySet<string> = new Set();
const UNASKED: ReadonlyMap<string, Allowed> = new Map();

export type Looking = ReturnType<typeof createLooking>;

/** Finds those who said it, and says of each whether they may be written to. */
export function createLooking(deps: RetentionDeps, codes: () => Promise<Map<string, PolicyCode>>) {
  const { storage, clock, accounts, invitations, coding } = deps;
  const { read } = storage;
  let leavingId: string | undefined;
  const programme = async (db: Db) =>
    (leavingId ??= (await coding.desk.programmes(db)).find(({ key }) => key === LEAVING)?.id);

  /** Whoever left and was never drawn is drawn before anything is sent; the holdout hears nothing. */
  async function drawn(tx: Tx, looked: Looked[]): Promise<Looked[]> {
    const leaving = await programme(tx);
    const left = looked.filter(({ why, customer }) => why === null && customer.status === 'left');
    if (leaving === undefined || left.length === 0) return looked;
    const ids = left.map(({ customer }) => customer.id);
    const held = await invitations.holdouts.draw(tx, leaving, ids);
    return looked.map((each) => (held.has(each.customer.id) ? { ...each, why: 'held_out' } : each));
  }

  /** How these stand now. `counted` asks the budget too, and who was told. */
  async function look(
    db: Db,
    policyId: string,
    ids: string[],
    { texts, counted }: { texts: Wording; counted: boolean },
  ): Promise<Looked[]> {
    const leaving = await programme(db);
    const { defaultLanguage } = await accounts.companyIn(db);
    const standings = await standingsOf(deps, db, ids);
    const told = counted ? await toldAmong(db, policyId, ids) : NOBODY;
    const allowed = counted ? await invitations.contacts.mayContact(db, ids, 'told', timestamp(clock)) : UNASKED;
    const held = leaving === undefined ? NOBODY : await invitations.holdouts.isHeldOut(db, leaving, ids);
    return standings.map((standing) => {
      const { customer } = standing;
      const budget = allowed.get(customer.id);
      const language = [customer.language, defaultLanguage].find(isLanguage) ?? 'en';
      const why = untoldBecause({
        ...standing,
        told: told.has(customer.id),
        heldOut: held.has(customer.id),
        wordless: texts[language] === undefined,
        overBudget: budget?.may === false,
      });
      return { customer, language, why, until: why === 'budget' && budget?.may === false ? budget.from : null };
    });
  }

  async function sayers(policy: Policy, after: string): Promise<{ ids: string[]; next: string | null }> {
    const codeIds = (await codes()).get(policy.codeId)?.family ?? [];
    const before = `${addDays(policy.inForceOn, 1)}T00:00:00.000Z`;
    const ids = await coding.sayers(read, { codeIds, before, after, limit: LOOKED_AT + 1 });
    return { ids: ids.slice(0, LOOKED_AT), next: ids.length > LOOKED_AT ? (ids[LOOKED_AT - 1] ?? null) : null };
  }

  return {
    look,
    drawn,
    sayers,
    async check(policy: Policy, texts: Wording, after: string): Promise<TellingCheck> {
      const { ids, next } = await sayers(policy, after);
      const looked: Looked[] = [];
      for (let start = 0; start < ids.length; start += SLICE)
        looked.push(...(await look(read, policy.id, ids.slice(start, start + SLICE), { texts, counted: true })));
      return { ...checkOf(looked), next };
    },
  };
}

function checkOf(looked: Looked[]): Omit<TellingCheck, 'next'> {
  const tally = createTally(UNTOLD);
  const [written, wanting] = [new Map<string, number>(), new Map<string, number>()];
  const people: TellingCheck['people'] = [];
  const oneMore = (counts: Map<string, number>, language: string) =>
    counts.set(language, (counts.get(language) ?? 0) + 1);
  for (const { customer, language, why, until } of looked) {
    if (why === null) {
      oneMore(written, language);
      continue;
    }
    tally.add(why, until);
    if (why === 'language') oneMore(wanting, language);
    if (people.length < SHOWN) people.push({ id: customer.id, name: displayName(customer), why, until });
  }
  const count = [...written.values()].reduce((sum, each) => sum + each, 0);
  return { written: mostFirst(written), wanting: mostFirst(wanting), count, leftOut: tally.result(), people };
}

/** Languages by how many speak them; it would otherwise hang on who comes first. */
const mostFirst = (counts: Map<string, number>): Map<string, number> =>
  new Map([...counts].sort(([a, n], [b, m]) => m - n || a.localeCompare(b)));

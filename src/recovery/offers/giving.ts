import type { Customer } from '../../customers/index.ts';
import { SYSTEM } from '../../shared/actor.ts';
import { Conflict } from '../../shared/errors.ts';
import type { Hooks } from '../../storage/index.ts';
import type { Role } from '../../web/index.ts';
import type { Catalogue } from './catalogue.ts';
import { decide, takeBack } from './deciding.ts';
import type { OffersDeps } from './deps.ts';
import { givenTo } from './given-store.ts';
import { counted, openOffer, receiver, todayIn } from './giving-facts.ts';
import type { Choice, Giving, OfferGiven } from './giving-interface.ts';
import { enclose, giveOne, type GivingDeps } from './giving-one.ts';
import { againstGiving, limitReached, needsApproval } from './rules.ts';

/** Offers go to customers: by colleagues within their limits, with somebody's approval above them. */
export function createGiving(offersDeps: OffersDeps, catalogue: Catalogue, handed: Hooks<OfferGiven>): Giving {
  const deps: GivingDeps = { ...offersDeps, catalogue, handed };
  const { storage } = deps;
  return {
    choices: (customer, role) => choicesFor(deps, customer, role),
    give: (giver, what) =>
      storage.transaction(async (tx) => {
        const given = await giveOne(deps, tx, giver, what);
        if (given.state === 'against') throw new Conflict(`offers.why.${given.why}`);
        return given;
      }),
    enclose: (tx, what) => enclose(deps, tx, what),
    decide: (giver, givenId, approves, why) =>
      storage.transaction((tx) => decide(deps, tx, giver, givenId, approves, why)),
    takeBack: (actor, givenId, why) =>
      storage.transaction(async (tx) => {
        if (!(await takeBack(deps, tx, actor, givenId, why))) throw new Conflict('offers.over');
      }),
    async withdraw(tx, givenIds) {
      for (const id of givenIds) await takeBack(deps, tx, SYSTEM, id, '');
    },
  };
}

async function choicesFor(deps: GivingDeps, customer: Customer, role: Role): Promise<Choice[]> {
  const { storage, catalogue } = deps;
  const { read } = storage;
  const today = await todayIn(deps, read);
  const limits = await catalogue.limits(read);
  const facts = await receiver(deps, read, customer);
  const open = new Set((await givenTo(read, customer.id)).flatMap(openOffer));
  const choices: Choice[] = [];
  for (const offer of await catalogue.list()) {
    if (offer.retiredAt !== null) continue;
    const rule = againstGiving(offer, facts, { role, today }) ?? (open.has(offer.id) ? 'has' : null);
    const why = rule ?? limitReached(offer, await counted(read, offer, customer.id, today));
    choices.push({ offer, why, approval: needsApproval(role, offer.costMinor, limits) });
  }
  return choices;
}

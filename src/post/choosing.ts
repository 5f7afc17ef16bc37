import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Customer } from '../customers/index.ts';
import type { ListedInvitation, OtherWay, Tally, Wave } from '../invitations/index.ts';
import type { PostDeps } from './deps.ts';
import { againstLetter, type LeftOut } from './letter-rules.ts';
import { lettersFor } from './store.ts';

/** One print job: few enough for any printer's paper, and for one page in a browser. */
export const PART = 200;

/** Somebody who gets a letter, and in which language. */
export interface Ready {
  invitation: ListedInvitation;
  language: string;
}

type LanguageOf = (own: string) => string | undefined;
/** Nobody who has been written to already. */
type Decided = Ready | { why: LeftOut; until: string | null };

/** The next recipients who get a letter, at most one part of them, and how far the search has come; null: to the end. */
export async function nextPart(
  deps: PostDeps,
  wave: Wave,
  whom: OtherWay,
  from: string | null,
  tally: Tally<LeftOut>,
): Promise<{ ready: Ready[]; after: string | null }> {
  const ready: Ready[] = [];
  const languageOf = await deps.invitations.languagesFor(wave.versionId);
  let after = from;
  while (ready.length < PART) {
    const slice = await deps.invitations.stillToAnswer(wave.id, whom, after, PART - ready.length);
    const last = slice.at(-1);
    if (!last) return { ready, after: null };
    after = last.customerId;
    for (const each of await decide(deps, wave, whom, slice, languageOf)) {
      if ('language' in each) ready.push(each);
      else tally.add(each.why, each.until);
    }
    await nextTurn();
  }
  return { ready, after };
}

async function decide(
  { storage, customers, invitations }: PostDeps,
  wave: Wave,
  whom: OtherWay,
  slice: ListedInvitation[],
  languageOf: LanguageOf,
): Promise<Decided[]> {
  const { read } = storage;
  const customerIds = slice.map(({ customerId }) => customerId);
  const people = await customers.findMany(read, customerIds);
  const against = await invitations.againstAsking(read, wave, slice);
  const ids = slice.map(({ id }) => id);
  const written = await lettersFor(read, ids);
  return slice
    .filter(({ id }) => !written.has(id))
    .map((invitation) => {
      const customer = people.get(invitation.customerId);
      const language = whom === 'no_address' ? languageOf(customer?.language ?? '') : invitation.language;
      return decideOne(invitation, customer, language, against.get(invitation.id));
    });
}

function decideOne(
  invitation: ListedInvitation,
  customer: Customer | undefined,
  language: string | undefined,
  known: { why: LeftOut; until: string | null } | undefined,
): Decided {
  const why = againstLetter(customer);
  if (why !== null) return { why, until: null };
  if (language === undefined) return { why: 'language', until: null };
  // Whoever is held out is noted as that in the transaction that draws.
  return known && known.why !== 'held_out' ? known : { invitation, language };
}

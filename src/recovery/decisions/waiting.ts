import { createHooks, momentIn, page, type Db, type Hooks, type Page, type Storage } from '../../storage/index.ts';
import { waiting as waitingOffers } from '../offers/given-store.ts';
import { waitingRemedies, waitingTexts } from './waiting-store.ts';

/** Something on which somebody with more right has to say yes or no, or we to the customer. */
export interface Waiting {
  what: 'remedy' | 'offer' | 'answer';
  /** Of the remedy, of what is to be given, or of the text. */
  id: string;
  caseId: string | null;
  customerId: string | null;
  /** Of a text: the answer in the library. */
  answerId: string | null;
  /** Minor units; 0 where it costs nothing that is counted. */
  costMinor: number;
  /** The customer proposes it. */
  byCustomer: boolean;
  /** Since when. */
  at: string;
}

/** Yes or no; `at`: when it was said. */
export type Decision = Omit<Waiting, 'costMinor' | 'byCustomer'> & { approved: boolean };

/** What waits for a decision, and who is to know of it, in the transaction in which it happens. */
export interface Decisions {
  waiting: Hooks<Waiting>;
  decided: Hooks<Decision>;
  /** Longest waiting first; the cursor is 'AT ID'. */
  list(cursor: string | null, limit: number): Promise<Page<Waiting>>;
}

export function createDecisions({ storage }: { storage: Pick<Storage, 'read'> }): Decisions {
  return {
    waiting: createHooks<Waiting>(),
    decided: createHooks<Decision>(),
    async list(cursor, limit) {
      const rows = await firstOfAll(storage.read, cursor, limit + 1);
      return page(rows, limit, placeOf);
    },
  };
}

const placeOf = ({ at, id }: Waiting): string => `${at} ${id}`;

/** So many of each kind are enough for so many of all. */
async function firstOfAll(db: Db, cursor: string | null, limit: number): Promise<Waiting[]> {
  const after = momentIn(cursor);
  const remedies = (await waitingRemedies(db, after, limit)).map((row) => remedyWaits(row, row.customer_id));
  const offers = (await waitingOffers(db, after, limit)).map(offerWaits);
  const texts = (await waitingTexts(db, after, limit)).map(textWaits);
  return [...remedies, ...offers, ...texts].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1)).slice(0, limit);
}

interface RemedyFacts {
  id: string;
  case_id: string;
  amount_minor: number;
  from_customer: number;
  proposed_at: string;
}

export function remedyWaits(row: RemedyFacts, customerId: string | null): Waiting {
  const { id, case_id: caseId, proposed_at: at } = row;
  const costMinor = Number(row.amount_minor);
  return { what: 'remedy', id, caseId, customerId, answerId: null, costMinor, byCustomer: row.from_customer === 1, at };
}

interface OfferFacts {
  id: string;
  caseId: string | null;
  customerId: string;
  costMinor: number;
  givenAt: string;
}

export function offerWaits({ id, caseId, customerId, costMinor, givenAt: at }: OfferFacts): Waiting {
  return { what: 'offer', id, caseId, customerId, answerId: null, costMinor, byCustomer: false, at };
}

interface TextFacts {
  id: string;
  answer_id: string;
  proposed_at: string;
}

export function textWaits({ id, answer_id: answerId, proposed_at: at }: TextFacts): Waiting {
  return { what: 'answer', id, caseId: null, customerId: null, answerId, costMinor: 0, byCustomer: false, at };
}

import { z } from 'zod';
import { WHYS, type Customer, type Duplicates } from '../customers/index.ts';
import { about } from './errors.ts';
import { idParams, listOf, operation, paging, type Operation } from './operation.ts';

interface Deps {
  duplicates: Duplicates;
}

const both = { customerId: z.uuid(), reference: z.string(), otherId: z.uuid(), otherReference: z.string() };

const likelySchema = z.object({
  /** The older record. */
  ...both,
  certainty: z.enum(['almost_certain', 'probable', 'possible']),
  /** What they share: `person` the same name, `name` name and place, `spelling` the name written otherwise and the place. */
  why: z.array(z.enum(WHYS)),
});

const differentSchema = z.object({
  ...both,
  saidAt: z.string(),
  /** Null where no colleague said it. */
  accountId: z.uuid().nullable(),
});

const CERTAINTIES = { 3: 'almost_certain', 2: 'probable', 1: 'possible' } as const;

const bothOf = ({ customer, other }: { customer: Customer; other: Customer }) => ({
  customerId: customer.id,
  reference: customer.reference,
  otherId: other.id,
  otherReference: other.reference,
});

/** Records that are probably one person, and who is not who. */
export function duplicateOperations({ duplicates }: Deps): Operation[] {
  return [
    operation({
      method: 'get',
      path: '/duplicates',
      summary: 'Pairs of customers that are probably one person, the surest first; found a few seconds after a change',
      role: 'manager',
      query: z.object(paging),
      response: listOf(likelySchema),
      async run({ query: { cursor, limit } }) {
        const { rows, next } = await duplicates.list(cursor ?? null, limit);
        const items = rows.map((pair) => ({ ...bothOf(pair), certainty: CERTAINTIES[pair.certainty], why: pair.why }));
        return { items, next };
      },
    }),
    operation({
      method: 'get',
      path: '/duplicates/different',
      summary: 'Pairs of customers of whom somebody said that they are two people, the latest first',
      role: 'manager',
      query: z.object(paging),
      response: listOf(differentSchema),
      async run({ query: { cursor, limit } }) {
        const { rows, next } = await duplicates.listDifferent(cursor ?? null, limit);
        return { items: rows.map((pair) => ({ ...bothOf(pair), saidAt: pair.at, accountId: pair.accountId })), next };
      },
    }),
    ...deciding(duplicates),
  ];
}

const otherBody = z.object({ otherId: z.uuid() });
const saidSchema = z.object({ customerId: z.uuid(), otherId: z.uuid(), different: z.boolean() });

function deciding(duplicates: Duplicates): Operation[] {
  return [
    operation({
      method: 'post',
      path: '/customers/{id}/different',
      summary:
        'Say that this customer and another one are not the same person; they are no longer listed as duplicates',
      role: 'manager',
      params: idParams,
      body: otherBody,
      response: saidSchema,
      async run({ params: { id }, body: { otherId } }, { actor }) {
        await about('otherId', duplicates.different(actor, id, otherId));
        return { customerId: id, otherId, different: true };
      },
    }),
    operation({
      method: 'post',
      path: '/customers/{id}/different/removal',
      summary: 'Take back that this customer and another one are not the same person',
      role: 'manager',
      params: idParams,
      body: otherBody,
      response: saidSchema,
      async run({ params: { id }, body: { otherId } }, { actor }) {
        await about('otherId', duplicates.takeBack(actor, id, otherId));
        return { customerId: id, otherId, different: false };
      },
    }),
  ];
}

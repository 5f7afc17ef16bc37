import { z } from 'zod';
import type { Import, Imports } from '../customers/index.ts';
import { about, Unfit } from './errors.ts';
import { idParams, listOf, operation, paging, type Operation } from './operation.ts';

const importSchema = z.object({
  id: z.uuid(),
  kind: z.enum(['customers', 'purchases', 'invoices', 'dealings']),
  filename: z.string(),
  /** `checked` waits for somebody to bring it in; `reading`, `importing` and `undoing` go on by themselves. */
  state: z.enum(['reading', 'checked', 'importing', 'done', 'failed', 'undoing', 'undone', 'discarded']),
  rows: z.object({
    total: z.int(),
    bad: z.int(),
    new: z.int(),
    update: z.int(),
    same: z.int(),
    /** New ones that look like customers who are here already. */
    alike: z.int(),
    /** Taken, with something to be said about it: a code of an offer that does not count as used. */
    remarked: z.int(),
    /** How far it is in its present state. */
    done: z.int(),
    /** Those that an undo left in, since somebody has changed them. */
    kept: z.int(),
  }),
  createdBy: z.uuid().nullable(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
  /** Whether it can be taken back now, and until when; null where no day is set, as it broke off. */
  undoable: z.boolean(),
  undoableUntil: z.string().nullable(),
});

const keptSchema = z.object({
  /** Of the file. */
  row: z.int(),
  /** The customer's, as it stood there. */
  reference: z.string(),
  /** Null where the customer is gone. */
  customerId: z.uuid().nullable(),
});

interface Deps {
  imports: Imports;
}

/** Files that were brought in, and taking one back. */
export function importOperations({ imports }: Deps): Operation[] {
  return [
    operation({
      method: 'get',
      path: '/imports',
      summary: 'Imports and how far each is, the newest first',
      role: 'staff',
      query: z.object(paging),
      response: listOf(importSchema),
      async run({ query: { cursor, limit } }) {
        const { rows, next } = await imports.list(cursor ?? null, limit);
        return { items: rows.map((each) => asJson(imports, each)), next };
      },
    }),
    operation({
      method: 'get',
      path: '/imports/{id}',
      summary: 'One import, and how far it is',
      role: 'staff',
      params: idParams,
      response: importSchema,
      run: async ({ params }) => asJson(imports, await imports.get(params.id)),
    }),
    ...undoing(imports),
  ];
}

function undoing(imports: Imports): Operation[] {
  return [
    operation({
      method: 'post',
      path: '/imports/{id}/undo',
      summary:
        'Take an import back within a day, but for what somebody has changed since; it goes on in the background until the state is `undone`',
      role: 'staff',
      params: idParams,
      response: importSchema,
      async run({ params }, { actor }) {
        const given = await imports.get(params.id);
        if (!imports.undoable(given).now)
          throw new Unfit('id', `It is “${given.state}”: an import is undone within a day after it was done.`, 409);
        await about('id', imports.undo(actor, params.id));
        return asJson(imports, await imports.get(params.id));
      },
    }),
    operation({
      method: 'get',
      path: '/imports/{id}/kept',
      summary: 'Rows that an undo left in, since somebody has changed them, in the order of the file',
      role: 'staff',
      params: idParams,
      query: z.object(paging),
      response: listOf(keptSchema),
      async run({ params, query: { cursor, limit } }) {
        const { rows, next } = await imports.keptRows(await imports.get(params.id), Number(cursor ?? 0), limit);
        const items = rows.map(({ row, reference, customer }) => ({
          row,
          reference,
          customerId: customer?.id ?? null,
        }));
        return { items, next };
      },
    }),
  ];
}

function asJson(imports: Imports, given: Import): z.input<typeof importSchema> {
  const state = importSchema.shape.state.parse(given.state);
  const { now, until } = imports.undoable(given);
  return {
    ...given,
    rows: { ...given.rows, alike: given.facts.alike, remarked: given.facts.remarked },
    state,
    undoable: now,
    undoableUntil: now ? until : null,
  };
}

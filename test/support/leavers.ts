import { newId } from '../../src/shared/ids.ts';
import type { Schema, Storage, Tx } from '../../src/storage/index.ts';
import type { Answered } from './coding.ts';
import type { TestClock } from './clock.ts';

export interface Left {
  customerId: string;
  responseId: string;
}

interface Who {
  segment?: string;
  worthMinor?: number;
  leftOn?: string;
}

const AT_ONCE = 50;
const TABLES = ['customer', 'invitation', 'response', 'answer', 'coding_task', 'main_reason'] as const;

/** So many customers who left and answered with the same words as somebody did, each with a random number of their own. */
export async function othersLike(
  storage: Storage,
  clock: TestClock,
  { customerId, invitationId, responseId }: Answered,
  count: number,
  of: (i: number) => Who,
  random: (i: number) => number = Math.random,
): Promise<Left[]> {
  const idOf = { customer: customerId, invitation: invitationId };
  const rows = new Map<string, object[]>();
  for (const table of TABLES) {
    const [column, id] =
      table in idOf ? ['id', idOf[table as 'customer']] : [table === 'response' ? 'id' : 'response_id', responseId];
    rows.set(
      table,
      await storage.read
        .selectFrom(table as 'response')
        .selectAll()
        .where(column as 'id', '=', id)
        .execute(),
    );
  }
  const made = Array.from({ length: count }, () => ({
    customer: newId(clock),
    invitation: newId(clock),
    response: newId(clock),
  }));
  await storage.transaction(async (tx) => {
    for (const table of TABLES) {
      const copies = made.flatMap((ids, i) =>
        (rows.get(table) ?? []).map((row) => copied(row, table, ids, of(i), random(i))),
      );
      for (let start = 0; start < copies.length; start += AT_ONCE)
        await insert(tx, table, copies.slice(start, start + AT_ONCE));
    }
  });
  return made.map(({ customer, response }) => ({ customerId: customer, responseId: response }));
}

const insert = async (tx: Tx, table: keyof Schema, rows: object[]) =>
  await (tx as never as { insertInto(table: string): { values(rows: object[]): { execute(): Promise<unknown> } } })
    .insertInto(table)
    .values(rows)
    .execute();

function copied(
  row: object,
  table: (typeof TABLES)[number],
  ids: { customer: string; invitation: string; response: string },
  { segment = '', worthMinor = 30_000, leftOn = '2026-11-01' }: Who,
  random: number,
): object {
  const { customer, invitation, response } = ids;
  switch (table) {
    case 'customer':
      return {
        ...row,
        id: customer,
        reference: customer,
        status: 'left',
        left_on: leftOn,
        segment,
        worth_minor: worthMinor,
      };
    case 'invitation':
      return { ...row, id: invitation, customer_id: customer };
    case 'response':
      return { ...row, id: response, invitation_id: invitation, customer_id: customer, reference: response };
    case 'answer':
      return { ...row, response_id: response };
    case 'coding_task':
      return { ...row, response_id: response, random_number: random };
    case 'main_reason':
      return { ...row, response_id: response, customer_id: customer };
  }
}

/** What the engine is made to say of these responses, by the id of a code. */
export async function believe(
  tx: Tx,
  responseIds: string[],
  chances: (i: number) => Record<string, number>,
): Promise<void> {
  const rows = responseIds.flatMap((response_id, i) =>
    Object.entries(chances(i)).map(([code_id, chance]) => ({ response_id, code_id, chance })),
  );
  for (let start = 0; start < rows.length; start += 200) {
    await tx
      .insertInto('main_chance')
      .values(rows.slice(start, start + 200))
      .execute();
  }
}

import { z } from 'zod';
import type { Accounts } from '../accounts/index.ts';
import type { Recovery } from '../recovery/index.ts';
import { colleagueOf } from './colleague-operations.ts';
import { about, Unfit } from './errors.ts';
import { idParams, operation, type Operation } from './operation.ts';

const letterSchema = z.object({
  id: z.uuid(),
  kind: z.enum(['ask', 'reminder', 'offer']),
  state: z.string(),
  language: z.string(),
  /** The colleague who signs it. */
  senderId: z.uuid().nullable(),
  /** What it offers. */
  givenId: z.uuid().nullable(),
  dueAt: z.string(),
  sentAt: z.string().nullable(),
});

const itemsSchema = z.object({ items: z.array(letterSchema) });

interface Deps {
  recovery: Pick<Recovery, 'winback'>;
  accounts: Pick<Accounts, 'colleague'>;
}

/** Winning back in writing, for those who cannot be telephoned. */
export function winbackLetterOperations({ recovery: { winback }, accounts }: Deps): Operation[] {
  const lettersOf = async (caseId: string): Promise<z.input<typeof itemsSchema>> => ({
    items: (await winback.letters.ofCase(caseId)).map((row) => ({
      id: row.id,
      kind: row.kind,
      state: row.state,
      language: row.language,
      senderId: row.sender_id,
      givenId: row.offer_given_id,
      dueAt: row.due_at,
      sentAt: row.sent_at,
    })),
  });
  return [
    operation({
      method: 'get',
      path: '/cases/{id}/winback-letters',
      summary: 'What was written to win somebody back',
      role: 'staff',
      params: idParams,
      response: itemsSchema,
      async run({ params }) {
        const { theCase } = await winback.sheet(params.id);
        return await lettersOf(theCase.id);
      },
    }),
    operation({
      method: 'post',
      path: '/cases/{id}/winback-letters',
      summary:
        'Write to somebody who left, in a colleague’s name: the letter that asks, which is reminded of once by itself, or later the one with an offer; one of each kind in a conversation',
      role: 'staff',
      params: idParams,
      body: z.object({
        accountId: z.uuid(),
        kind: z.enum(['ask', 'offer']),
        /** What they were given in this case; needed for `offer`. */
        givenId: z.uuid().nullable().default(null),
      }),
      response: itemsSchema,
      status: 201,
      async run({ params, body: { accountId, kind, givenId } }, { actor }) {
        const { id: senderId } = await colleagueOf(accounts, accountId);
        if (kind === 'offer' && givenId === null) throw new Unfit('givenId', 'Say which offer the letter names.');
        const sheet = await winback.sheet(params.id);
        await about('kind', winback.letters.write(actor, sheet, kind, kind === 'offer' ? givenId : null, senderId));
        return await lettersOf(sheet.theCase.id);
      },
    }),
  ];
}

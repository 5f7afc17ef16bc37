import { z } from 'zod';
import type { Accounts } from '../accounts/index.ts';
import type { Customers } from '../customers/index.ts';
import type { Loyalty } from '../loyalty/index.ts';
import type { Storage } from '../storage/index.ts';
import { colleagueOf } from './colleague-operations.ts';
import { about, Unfit } from './errors.ts';
import { idParams, operation, type Operation } from './operation.ts';

const trustSchema = z.object({
  /** When they said that they are happy, and how much so; null where they have not lately. */
  contentment: z.object({ score: z.number(), saidAt: z.string() }).nullable(),
  /** They would rather not be asked. */
  declined: z.boolean(),
  /** What stands against asking them by mail, or face to face; null: nothing. */
  againstMail: z.string().nullable(),
  againstTalking: z.string().nullable(),
  reference: z
    .object({ aYear: z.int(), way: z.enum(['telephone', 'mail']), topics: z.string(), uses: z.int() })
    .nullable(),
});

interface Deps {
  loyalty: Pick<Loyalty, 'trust'>;
  customers: Pick<Customers, 'get'>;
  accounts: Pick<Accounts, 'colleague'>;
  storage: Storage;
}

const name = z.string().trim().max(120);

/** Asking happy customers for a word about the business, and who may ask them about it. */
export function askingOperations({ loyalty: { trust }, customers, accounts, storage }: Deps): Operation[] {
  const whole = async (given: string): Promise<z.input<typeof trustSchema>> => {
    const { id } = await customers.get(given);
    const { contentment, declined, reference } = await trust.ofCustomer(storage.read, id);
    const [againstMail, againstTalking] = [
      await trust.mayAsk(storage.read, id, 'mail'),
      await trust.mayAsk(storage.read, id, 'talk'),
    ];
    const terms = reference && { aYear: reference.a_year, way: reference.way, topics: reference.topics };
    return {
      contentment: contentment ?? null,
      declined,
      againstMail,
      againstTalking,
      reference: reference && terms ? { ...terms, uses: reference.uses.length } : null,
    };
  };
  const act = <B extends z.ZodType>(
    path: string,
    summary: string,
    body: B,
    does: (id: string, body: z.infer<B>, by: { actor: Parameters<typeof trust.ask>[0] }) => Promise<unknown>,
  ) =>
    operation({
      method: 'post',
      path,
      summary,
      role: 'staff',
      params: idParams,
      body,
      response: trustSchema,
      async run({ params, body: given }, { actor }) {
        const { id } = await customers.get(params.id);
        await does(id, given, { actor });
        return await whole(id);
      },
    });
  return [
    operation({
      method: 'get',
      path: '/customers/{id}/trust',
      summary: 'Whether a customer may be asked for a word or about the business, and what stands against it',
      role: 'staff',
      params: idParams,
      response: trustSchema,
      run: ({ params }) => whole(params.id),
    }),
    act(
      '/customers/{id}/trust/asking',
      'Ask for a word, or what they would say to a prospect who knows them and has agreed to be named; once a year at most',
      z.object({
        kind: z.enum(['word', 'vouch']),
        way: z.enum(['mail', 'talk']),
        prospect: name.default(''),
        /** The prospect has agreed that we name them. */
        consent: z.boolean().default(false),
      }),
      async (id, { kind, way, prospect, consent }, { actor }) => {
        if (kind === 'vouch' && prospect === '') throw new Unfit('prospect', 'Say who it is about.');
        if (kind === 'vouch' && !consent) throw new Unfit('consent', 'A prospect is named only with their consent.');
        await about('id', trust.ask(actor, id, { kind, way, prospect: kind === 'vouch' ? prospect : '' }));
      },
    ),
    act(
      '/customers/{id}/trust/answer',
      'What they said to a colleague who asked: they would rather not, or they have told somebody',
      z.object({ accountId: z.uuid(), answer: z.enum(['no', 'told']), words: z.string().trim().max(1000).default('') }),
      async (id, { accountId, answer, words }) => {
        const { id: colleagueId } = await colleagueOf(accounts, accountId);
        const [ask] = (await trust.ofCustomer(storage.read, id)).asks;
        if (!ask) throw new Unfit('id', 'Nobody has asked them.', 409);
        if (answer === 'no') await trust.decline(ask, 'colleague', colleagueId);
        else await trust.refer(id, ask.id, words, colleagueId);
      },
    ),
    act(
      '/customers/{id}/reference',
      'They have said to a colleague that prospects may ask them, how often a year, how and about what',
      z.object({
        accountId: z.uuid(),
        aYear: z.int().min(1).max(12),
        way: z.enum(['telephone', 'mail']),
        topics: z.string().trim().max(300).default(''),
      }),
      async (id, { accountId, aYear, way, topics }) => {
        const { id: colleagueId } = await colleagueOf(accounts, accountId);
        await trust.beReference(id, null, { a_year: aYear, way, topics }, colleagueId);
      },
    ),
    act(
      '/customers/{id}/reference/end',
      'They would rather not be asked by prospects any more, as they said to a colleague',
      z.object({ accountId: z.uuid() }),
      async (id, { accountId }) => trust.endReference(id, (await colleagueOf(accounts, accountId)).id),
    ),
    act(
      '/customers/{id}/reference/uses',
      'A prospect is told that they may ask this customer; refused above what was agreed',
      z.object({ prospect: name.min(1) }),
      async (id, { prospect }, { actor }) => {
        const { reference } = await trust.ofCustomer(storage.read, id);
        if (!reference) throw new Unfit('id', 'They have not agreed to be asked.', 409);
        await about('id', trust.use(actor, id, reference.revision, prospect));
      },
    ),
  ];
}

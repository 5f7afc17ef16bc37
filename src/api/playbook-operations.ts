import { z } from 'zod';
import type { Accounts } from '../accounts/index.ts';
import type { Retention } from '../retention/index.ts';
import { PLAYBOOK_PLACES } from '../web/index.ts';
import { colleagueOf } from './colleague-operations.ts';
import { about } from './errors.ts';
import { idParams, operation, type Operation } from './operation.ts';
import { retiring } from './retiring.ts';

const texts = z.record(z.string(), z.object({ title: z.string(), body: z.string() }));

const pageSchema = z.object({
  id: z.uuid(),
  /** Where it is shown. */
  places: z.array(z.enum(PLAYBOOK_PLACES)),
  /** Of the newest version. */
  number: z.int(),
  /** By language. */
  texts,
  /** By language: the version from which on a confirmation counts. */
  asked: z.record(z.string(), z.int()),
  retiredAt: z.string().nullable(),
});

const wholeSchema = pageSchema.extend({
  /** Everybody who works here. */
  readers: z.array(
    z.object({
      accountId: z.uuid(),
      /** The newest version that they confirmed; 0 for none. */
      number: z.int(),
      at: z.string().nullable(),
      /** Whether that is all that there is to read. */
      current: z.boolean(),
    }),
  ),
});

const versionSchema = z.object({
  number: z.int(),
  texts,
  /** Readers were asked to read it again. */
  asks: z.boolean(),
  accountId: z.uuid().nullable(),
  createdAt: z.string(),
});

const pageBody = z.object({
  /** Two letters: 'de'. */
  language: z.string().max(10),
  title: z.string().max(1000),
  body: z.string().max(20_000),
  places: z.array(z.enum(PLAYBOOK_PLACES)),
});

interface Deps {
  retention: Pick<Retention, 'playbook'>;
  accounts: Pick<Accounts, 'colleague'>;
}

type Shown = (id: string) => Promise<z.input<typeof wholeSchema>>;

/** The playbook: pages read, confirmed, written and retired. */
export function playbookOperations({ retention: { playbook }, accounts }: Deps): Operation[] {
  const shown: Shown = async (id) => {
    const page = await playbook.get(id);
    return { ...page, readers: await playbook.readers(page) };
  };
  return [
    operation({
      method: 'get',
      path: '/playbook',
      summary: 'Pages of the playbook, in use and retired, with how many of the colleagues have read those in use',
      role: 'staff',
      response: z.object({
        items: z.array(pageSchema.extend({ reading: z.object({ read: z.int(), of: z.int() }).nullable() })),
      }),
      async run() {
        const pages = await playbook.list({ retired: true });
        const progress = await playbook.progress();
        return { items: pages.map((page) => ({ ...page, reading: progress.get(page.id) ?? null })) };
      },
    }),
    operation({
      method: 'get',
      path: '/playbook/{id}',
      summary: 'One page of the playbook, and who has read it',
      role: 'staff',
      params: idParams,
      response: wholeSchema,
      run: ({ params }) => shown(params.id),
    }),
    operation({
      method: 'get',
      path: '/playbook/{id}/versions',
      summary: 'The newest 200 versions of a page, with what each said in every language',
      role: 'manager',
      params: idParams,
      response: z.object({ items: z.array(versionSchema) }),
      async run({ params }) {
        const { id } = await playbook.get(params.id);
        return { items: await playbook.versions(id) };
      },
    }),
    operation({
      method: 'post',
      path: '/playbook/{id}/reading',
      summary: 'A colleague has read that version of a page; twice is harmless',
      role: 'staff',
      params: idParams,
      body: z.object({
        accountId: z.uuid(),
        /** Of the version that they read: the newest one. */
        number: z.int().min(1),
      }),
      response: wholeSchema,
      async run({ params: { id }, body: { accountId, number } }, { actor }) {
        const page = await playbook.get(id);
        const reader = await colleagueOf(accounts, accountId);
        const language = await playbook.languageFor(page, reader.language);
        await about('number', playbook.confirm(actor, { accountId, id, number, language }));
        return await shown(id);
      },
    }),
    ...writing(playbook, shown),
  ];
}

function writing(playbook: Retention['playbook'], shown: Shown): Operation[] {
  return [
    operation({
      method: 'post',
      path: '/playbook',
      summary:
        'Write a page in a first language, which everybody is asked to read; one in use that says the very same is that one',
      role: 'manager',
      body: pageBody,
      response: wholeSchema.extend({ fresh: z.boolean() }),
      status: 201,
      async run({ body }, { actor }) {
        const { id, fresh } = await playbook.create(actor, body);
        return { ...(await shown(id)), fresh };
      },
    }),
    operation({
      method: 'post',
      path: '/playbook/{id}',
      summary: 'Write the next version of a page: its text in one language, and where it is shown',
      role: 'manager',
      params: idParams,
      body: pageBody.extend({
        /** Of the version that it was made from, as you read it. */
        number: z.int().min(1),
        /** Whoever reads this language is asked to read it again; a first text in a language always asks. */
        asks: z.boolean().default(false),
      }),
      response: wholeSchema,
      async run({ params: { id }, body: { number, ...body } }, { actor }) {
        await about('number', playbook.write(actor, id, number, body));
        return await shown(id);
      },
    }),
    ...retiring({
      path: '/playbook/{id}',
      role: 'manager',
      summaries: { retirement: 'Take a page out of use', return: 'Use a page again' },
      response: wholeSchema,
      retiredAt: async (id) => (await playbook.get(id)).retiredAt,
      retire: (actor, _role, id, retires) => playbook.retire(actor, id, retires),
      shown,
    }),
  ];
}

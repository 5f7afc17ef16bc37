import { z } from 'zod';
import { customerRowSchema, type Customers } from '../customers/index.ts';
import { Conflict, Invalid } from '../shared/errors.ts';
import { idParams, operation, type Caller, type Operation } from './operation.ts';

const tag = z.string().max(200).describe('Up to 40 characters, without a comma');
const tagsSchema = z.object({ tags: z.array(z.string()) });
const namesSchema = z.object({ items: z.array(z.string()) });
/** Somebody else changes the same customer: so often it is tried again. */
const TIMES = 5;

interface Deps {
  customers: Pick<Customers, 'get' | 'update' | 'facets'>;
}

/** How customers are sorted: by tags, and by the segment that POST /customers sets. */
export function tagOperations({ customers }: Deps): Operation[] {
  return [
    ...(['tags', 'segments'] as const).map((what) =>
      operation({
        method: 'get',
        path: `/${what}`,
        summary: `Up to 200 ${what} that customers have`,
        role: 'staff',
        response: namesSchema,
        run: async () => ({ items: (await customers.facets())[what] }),
      }),
    ),
    operation({
      method: 'post',
      path: '/customers/{id}/tags',
      summary: 'Tag a customer; a tag that they have, in whatever case, stays as it is',
      role: 'staff',
      params: idParams,
      body: z.object({ tag }),
      response: tagsSchema,
      run: ({ params, body }, caller) => retag(customers, params.id, caller, (tags) => [...tags, body.tag]),
    }),
    operation({
      method: 'post',
      path: '/customers/{id}/tags/removal',
      summary: 'Take a tag off a customer; twice is harmless',
      role: 'staff',
      params: idParams,
      body: z.object({ tag }),
      response: tagsSchema,
      run: ({ params, body }, caller) =>
        retag(customers, params.id, caller, (tags) => tags.filter((each) => keyOf(each) !== keyOf(body.tag))),
    }),
  ];
}

const keyOf = (typed: string) => typed.trim().toLowerCase();

async function retag(
  customers: Deps['customers'],
  id: string,
  { actor }: Caller,
  change: (tags: string[]) => string[],
): Promise<z.input<typeof tagsSchema>> {
  for (let time = 1; ; time += 1) {
    const customer = await customers.get(id);
    const tags = checked(customer.reference, change(customer.tags));
    try {
      const done = await customers.update(actor, id, customer.revision, { tags });
      if (!done.ok) throw new Invalid(done.errors);
      return { tags: done.value.tags };
    } catch (error) {
      if (!(error instanceof Conflict) || time === TIMES) throw error;
    }
  }
}

/** By the rules of a row of customers: what a tag is, how many there may be, and each once. @throws Invalid */
function checked(reference: string, tags: string[]): string[] {
  const read = customerRowSchema.safeParse({ reference, tags });
  if (!read.success) throw new Invalid({ tag: { key: read.error.issues[0]?.message ?? 'form.invalid' } });
  return read.data.tags ?? [];
}

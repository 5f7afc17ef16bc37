import { sql } from 'kysely';
import type { AnswersAsked } from '../customers/index.ts';
import { unindexed, type Condition } from '../storage/index.ts';

/** Of five, as whoever is asked for a word about us is judged. */
const HAPPY_FROM = 4;
const UNHAPPY_TO = 2;

/** Customers whose answers fit, for a query about `customer`; undefined where nothing is asked of them. */
export function answeredAs({ reasons, contentment, answeredSince }: AnswersAsked): Condition | undefined {
  const asked = [
    ...(reasons || (answeredSince !== undefined && !contentment) ? [responded(reasons, answeredSince)] : []),
    ...(contentment ? [said(contentment, answeredSince)] : []),
  ];
  return asked.length === 0 ? undefined : sql<boolean>`${sql.join(asked, sql` and `)}`;
}

function responded(reasons: string[] | undefined, since: string | undefined): Condition {
  return sql<boolean>`exists (select 1 from response
    where response.customer_id = customer.id and response.submitted_at is not null
      and response.submitted_at >= ${since ?? ''}${reasons ? sql` and ${gave(reasons)}` : sql``})`;
}

/** Looked up by the response: a code alone has very many. As colleagues or they themselves say, and the main reason as the engine reads it where nobody has coded it. */
function gave(reasons: string[]): Condition {
  const codes = sql`select code.id from code where code.id in (${sql.join(reasons)})
    or code.parent_id in (${sql.join(reasons)}) or code.merged_into_id in (${sql.join(reasons)})`;
  return sql<boolean>`(exists (select 1 from main_reason
      where main_reason.response_id = response.id and main_reason.code_id in (${codes}))
    or exists (select 1 from coding
      where coding.response_id = response.id and coding.withdrawn_at is null
        and ${unindexed('coding.code_id')} in (${codes})))`;
}

function said(contentment: 'happy' | 'unhappy', since: string | undefined): Condition {
  const score = contentment === 'happy' ? sql`>= ${HAPPY_FROM}` : sql`<= ${UNHAPPY_TO}`;
  return sql<boolean>`exists (select 1 from contentment
    where contentment.customer_id = customer.id and contentment.said_at >= ${since ?? ''}
      and contentment.score ${score})`;
}

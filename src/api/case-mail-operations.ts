import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ANSWER_PLACEHOLDERS, toneFaults, type Recovery } from '../recovery/index.ts';
import { wholeCases, wholeSchema } from './case-json.ts';
import { about, Unfit } from './errors.ts';
import { idParams, listOf, operation, paging, type Caller, type Operation } from './operation.ts';

export const mailSchema = z.object({
  id: z.uuid(),
  direction: z.enum(['in', 'out']),
  state: z.string(),
  at: z.string(),
  /** The other side. */
  name: z.string(),
  address: z.string(),
  subject: z.string(),
  /** What was written anew, word for word. */
  words: z.string(),
  language: z.string(),
  /** Theirs: a machine wrote it. */
  automatic: z.boolean(),
  /** Theirs: it came from another address than the customer's. */
  otherAddress: z.boolean(),
  /** Theirs: since when no answer is due any more. */
  answeredAt: z.string().nullable(),
  /** The colleague who wrote ours. */
  accountId: z.uuid().nullable(),
});

const eventSchema = z.object({
  id: z.uuid(),
  at: z.string(),
  kind: z.string(),
  accountId: z.uuid().nullable(),
  fromCustomer: z.boolean(),
  words: z.string(),
  detail: z.record(z.string(), z.unknown()),
});

const mailBody = z.object({
  /** Yours: the same a second time is the same letter. */
  reference: z.string().min(1).max(100),
  subject: z.string().trim().min(1).max(200),
  words: z.string().max(20_000).transform(clean).pipe(z.string().min(1)),
  /** The approved text that it was made from, from /library. */
  textId: z.uuid().optional(),
  /** What they were given in this case that the letter is to name, with code and last day. */
  givenIds: z.array(z.uuid()).max(20).default([]),
  /** Also where some words may hurt. */
  anyway: z.boolean().default(false),
});

interface Deps {
  recovery: Pick<Recovery, 'cases' | 'caseLists' | 'mail'>;
}

/** What was written to and fro about a case, and writing to the customer. */
export function caseMailOperations(deps: Deps): Operation[] {
  const { cases, caseLists, mail } = deps.recovery;
  const whole = wholeCases(deps.recovery);
  return [
    operation({
      method: 'get',
      path: '/cases/{id}/thread',
      summary: 'What happened in a case, the newest first',
      role: 'staff',
      params: idParams,
      query: z.object(paging),
      response: listOf(eventSchema),
      async run({ params, query: { cursor, limit } }) {
        const { id } = await cases.get(params.id);
        const { rows, next } = await caseLists.events(id, cursor ?? null, limit);
        return { items: rows.map(eventJson), next };
      },
    }),
    operation({
      method: 'get',
      path: '/cases/{id}/mails',
      summary: 'The newest 100 letters of a case, in and out, and whether the last of theirs waits for an answer',
      role: 'staff',
      params: idParams,
      response: z.object({ waits: z.boolean(), items: z.array(mailSchema) }),
      async run({ params }) {
        const { id } = await cases.get(params.id);
        const { mails, waits } = await mail.thread(id);
        return { waits, items: mails.map(mailJson) };
      },
    }),
    operation({
      method: 'post',
      path: '/cases/{id}/mails',
      summary:
        'Write to the customer about a case, word for word; it answers what waits for an answer, and nothing goes to whom nothing may be sent',
      role: 'staff',
      params: idParams,
      body: mailBody,
      response: z.object({ fresh: z.boolean() }),
      status: 201,
      run: ({ params, body }, caller) => write(deps, params.id, body, caller),
    }),
    operation({
      method: 'post',
      path: '/cases/{id}/mails/answered',
      summary: 'What waits for an answer was answered otherwise, such as by telephone',
      role: 'staff',
      params: idParams,
      response: wholeSchema,
      async run({ params }, { actor }) {
        const { id } = await cases.get(params.id);
        await about('id', mail.answered(actor, id));
        return await whole(id);
      },
    }),
  ];
}

async function write({ recovery }: Deps, caseId: string, body: z.infer<typeof mailBody>, { actor }: Caller) {
  const theCase = await recovery.cases.get(caseId);
  const left = ANSWER_PLACEHOLDERS.find((name) => body.words.includes(`{${name}}`));
  if (left) throw new Unfit('words', `Put what is meant in the place of {${left}}: letters go out word for word.`);
  const [fault] = toneFaults(theCase.language, body.words);
  if (fault && !body.anyway)
    throw new Unfit(
      'words',
      `“${fault.words}” may hurt (${fault.fault}). Say it otherwise, or that it is meant: anyway.`,
    );
  const { reference, subject, words, textId, givenIds } = body;
  const draft = { form: formOf(caseId, reference), subject, words, approved: textId, given: givenIds };
  return await about('id', recovery.mail.write(actor, theCase.id, draft, []));
}

/** By a hash: what somebody calls a letter may speak of whom it is for, and this outlives the letter. */
const formOf = (caseId: string, reference: string) =>
  `interface ${createHash('sha256').update(`${caseId} ${reference}`).digest('base64url')}`;

/** Databases take no NUL, and no half of a pair. */
function clean(text: string): string {
  return text.replaceAll('\0', '').replace(/\r\n?/g, '\n').toWellFormed().trim();
}

type MailRow = Awaited<ReturnType<Recovery['mail']['thread']>>['mails'][number];
type EventRow = Awaited<ReturnType<Recovery['caseLists']['events']>>['rows'][number];

export const mailJson = (row: MailRow): z.input<typeof mailSchema> => ({
  id: row.id,
  direction: row.direction,
  state: row.state,
  at: row.at,
  name: row.name,
  address: row.address,
  subject: row.subject,
  words: row.words,
  language: row.language,
  automatic: row.automatic === 1,
  otherAddress: row.other_address === 1,
  answeredAt: row.answered_at,
  accountId: row.account_id,
});

const eventJson = (row: EventRow): z.input<typeof eventSchema> => ({
  id: row.id,
  at: row.at,
  kind: row.kind,
  accountId: row.account_id,
  fromCustomer: row.from_customer === 1,
  words: row.words,
  detail: JSON.parse(row.detail) as Record<string, unknown>,
});

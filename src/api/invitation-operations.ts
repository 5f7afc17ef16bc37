import { z } from 'zod';
import type { Accounts } from '../accounts/index.ts';
import type { Customers } from '../customers/index.ts';
import type { Bounces } from '../mailer/index.ts';
import type { Recovery } from '../recovery/index.ts';
import { Conflict, Invalid, NotFound } from '../shared/errors.ts';
import type { Storage } from '../storage/index.ts';
import { about, Unfit } from './errors.ts';
import { idParams, operation, type Caller, type Operation } from './operation.ts';
import { owingCase } from './payment-operations.ts';

const invitationSchema = z.object({
  caseId: z.uuid(),
  customerId: z.uuid(),
  /** `waiting` until a colleague has looked at it; `printed` went by post, and of `dropped` none was needed. */
  state: z.enum(['waiting', 'queued', 'sent', 'unknown', 'failed', 'cancelled', 'printed', 'dropped']),
  language: z.string(),
  /** As they would go now, or went. */
  subject: z.string(),
  words: z.string(),
  /** Whether mail reaches the customer now. */
  reachable: z.boolean(),
  decidedBy: z.uuid().nullable(),
  decidedAt: z.string().nullable(),
  sentAt: z.string().nullable(),
});

const clean = (text: string) => text.replaceAll('\0', '').replace(/\r\n?/g, '\n').toWellFormed().trim();
const text = (most: number) => z.string().max(most).transform(clean).pipe(z.string().min(1));
const wordsBody = z.object({
  subject: text(120).optional().describe('Without it, the usual one in the language of the customer'),
  words: text(4000).optional().describe('Without them, the usual ones; paragraphs stand apart by an empty line'),
});

interface Deps {
  recovery: Pick<Recovery, 'cases' | 'payment'>;
  accounts: Pick<Accounts, 'company'>;
  customers: Pick<Customers, 'get'>;
  bounces: Pick<Bounces, 'suppressions'>;
  storage: Storage;
}

/** The invitation to talk with which a payment difficulty begins. */
export function invitationOperations(deps: Deps): Operation[] {
  return [
    operation({
      method: 'get',
      path: '/cases/{id}/invitation',
      summary: 'The invitation to talk of a payment difficulty: its words, and whether it has gone out',
      role: 'staff',
      params: idParams,
      response: invitationSchema,
      run: ({ params }) => invitationOf(deps, params.id),
    }),
    operation({
      method: 'post',
      path: '/cases/{id}/invitation',
      summary: 'Send the invitation to talk by mail; what sounds like a reminder is refused',
      role: 'staff',
      params: idParams,
      body: wordsBody,
      response: invitationSchema,
      run: ({ params, body }, caller) => send(deps, params.id, body, caller),
    }),
    ...(['posting', 'no-letter'] as const).map((verb) =>
      operation({
        method: 'post',
        path: `/cases/{id}/invitation/${verb}`,
        summary: verb === 'posting' ? 'The invitation has gone by post' : 'No invitation is needed',
        role: 'staff',
        params: idParams,
        response: invitationSchema,
        async run({ params }, caller) {
          await about('id', verb === 'posting' ? post(deps, params.id, caller) : drop(deps, params.id, caller));
          return await invitationOf(deps, params.id);
        },
      }),
    ),
  ];
}

/** @throws NotFound unless it is about what a customer owes, and has an invitation */
async function letterOf(deps: Deps, caseId: string) {
  const { id } = await owingCase(deps, caseId);
  const letter = await deps.recovery.payment.letters.find(deps.storage.read, id);
  if (!letter) throw new NotFound();
  return letter;
}

async function invitationOf(deps: Deps, caseId: string): Promise<z.input<typeof invitationSchema>> {
  const letter = await letterOf(deps, caseId);
  const { name } = await deps.accounts.company();
  const { language, subject, words } = deps.recovery.payment.letters.wordsOf(letter, name);
  return {
    caseId: letter.case_id,
    customerId: letter.customer_id,
    state: letter.state,
    language,
    subject,
    words,
    reachable: await takesMail(deps, letter.customer_id),
    decidedBy: letter.decided_by,
    decidedAt: letter.decided_at,
    sentAt: letter.sent_at,
  };
}

async function takesMail({ customers, bounces, storage }: Deps, customerId: string): Promise<boolean> {
  const { email } = await customers.get(customerId);
  return email !== '' && !(await bounces.suppressions.among(storage.read, [email])).has(email);
}

async function send(deps: Deps, caseId: string, given: z.infer<typeof wordsBody>, { actor }: Caller) {
  const { letters } = deps.recovery.payment;
  const { revision } = await letterOf(deps, caseId);
  const { reachable, ...usual } = await invitationOf(deps, caseId);
  if (!reachable) throw new Unfit('id', 'No mail reaches this customer: the invitation can go by post.', 409);
  const words = { subject: given.subject ?? usual.subject, words: given.words ?? usual.words };
  const done = await about('id', letters.confirm(actor, caseId, revision, words));
  if (!done.ok) throw new Invalid(done.errors);
  return await invitationOf(deps, caseId);
}

async function post(deps: Deps, caseId: string, { actor }: Caller): Promise<void> {
  const { revision } = await letterOf(deps, caseId);
  await deps.recovery.payment.letters.markPrinted(actor, caseId, revision);
}

async function drop(deps: Deps, caseId: string, { actor }: Caller): Promise<void> {
  await letterOf(deps, caseId);
  const dropped = await deps.storage.transaction((tx) => deps.recovery.payment.letters.drop(tx, actor, caseId));
  if (!dropped) throw new Conflict('payment.error.letter');
}

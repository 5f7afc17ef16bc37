import { accountOf, type Actor } from '../shared/actor.ts';
import { timestamp } from '../shared/clock.ts';
import { dayIn, isPlainDate } from '../shared/dates.ts';
import { Conflict, NotFound, type FieldErrors } from '../shared/errors.ts';
import type { Accounts } from '../accounts/index.ts';
import { parseWhole, type WholeBody } from '../answering/index.ts';
import type { Customers } from '../customers/index.ts';
import type { OpenInvitation } from '../invitations/index.ts';
import type { Definition } from '../questionnaires/index.ts';
import type { ContactWish, Entered, Responses } from '../responses/index.ts';
import type { Tx } from '../storage/index.ts';
import type { PostDeps } from './deps.ts';

interface EntryDeps extends PostDeps {
  accounts: Pick<Accounts, 'audit' | 'company'>;
  customers: Pick<Customers, 'findMany' | 'recordEvents' | 'unsubscribe'>;
  invitations: PostDeps['invitations'] & { optOut(tx: Tx, id: string): Promise<void> };
  responses: Pick<Responses, 'enter'>;
}

export interface Sheet {
  invitation: OpenInvitation;
  definition: Definition;
}

export interface LetterEntry {
  /** @throws NotFound */
  sheet(invitationId: string): Promise<Sheet>;
  /** Keeps what stands on a sheet that came back, or says what is wrong with it. */
  enter(actor: Actor, sheet: Sheet, body: WholeBody): Promise<{ ok: true; entered: Entered } | Rejected>;
}

interface Rejected {
  ok: false;
  errors: FieldErrors;
}

const WISHES: ContactWish[] = ['phone', 'mail', 'no'];

/** Returned letters, typed by a colleague. */
export function createLetterEntry(deps: EntryDeps): LetterEntry {
  const { storage, clock, invitations, accounts, responses } = deps;

  async function keep(actor: Actor, { invitation, definition }: Sheet, form: Form): Promise<Entered> {
    const { name: company } = await accounts.company();
    const at = timestamp(clock);
    const answers = [...form.answers].map(([key, value]) => ({ key, value, answeredAt: at }));
    const whole = { answers, startedAt: at, submittedAt: at, contactWish: form.wish, company };
    const asked = { invitation, definition, mode: 'paper' as const, language: invitation.language };
    return await storage.transaction(async (tx) => {
      const entered = await responses.enter(tx, asked, whole, {
        by: accountOf(actor),
        at,
        receivedOn: form.receivedOn,
      });
      await accounts.audit(tx, actor, 'post.entered', { kind: 'invitation', id: invitation.id });
      if (form.stop) {
        await invitations.optOut(tx, invitation.id);
        await deps.customers.unsubscribe(tx, invitation.customerId, 'letter', accountOf(actor));
      }
      return entered;
    });
  }

  return {
    async sheet(invitationId) {
      const invitation = await invitations.find(storage.read, invitationId);
      const version = invitation && (await deps.questionnaires.version(invitation.versionId));
      if (!invitation || !version) throw new NotFound();
      return { invitation, definition: version.definition };
    },
    async enter(actor, sheet, body) {
      const today = dayIn((await accounts.company()).timeZone, clock.now());
      const form = readSheet(sheet.definition, body, today);
      if (!form.ok) return form;
      try {
        return { ok: true, entered: await keep(actor, sheet, form) };
      } catch (error) {
        // An answer that came by another way in this very moment: now there is one, and this one is kept beside it.
        if (!(error instanceof Conflict)) throw error;
        return { ok: true, entered: await keep(actor, sheet, form) };
      }
    },
  };
}

interface Form {
  ok: true;
  answers: Extract<ReturnType<typeof parseWhole>, { ok: true }>['answers'];
  receivedOn: string;
  wish: ContactWish | null;
  stop: boolean;
}

function readSheet(definition: Definition, body: WholeBody, today: string): Form | Rejected {
  const parsed = parseWhole(definition, body, 'printed');
  const receivedOn = String(body.received ?? '');
  const errors: FieldErrors = parsed.ok ? {} : { ...parsed.errors };
  if (!isPlainDate(receivedOn) || receivedOn > today) errors.received = { key: 'post.entry.received.bad' };
  const stop = body.stop === '1';
  if (parsed.ok && parsed.answers.size === 0) errors.form = { key: 'post.entry.nothing' };
  if (!parsed.ok || Object.keys(errors).length > 0) return { ok: false, errors };
  const wish = WISHES.find((each) => each === body.contact) ?? null;
  return { ok: true, answers: parsed.answers, receivedOn, wish, stop };
}

import { greetingLine, type Greeted } from '../../customers/index.ts';
import type { Translate } from '../../i18n/index.ts';
import { newId } from '../../shared/ids.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { formView, type Staff } from '../../web/index.ts';
import type { Asked, CasePanel } from '../cases/panel.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import type { ToneFault } from '../cases/tone.ts';
import { enclosables } from '../cases/step-mail.ts';
import { namedIn } from '../notes/note-mail.ts';
import type { RecoveryWeb } from '../web.ts';
import type { CaseMailRow } from './mail-store.ts';
import { answerSubject } from './rules.ts';
import { mailView, replyView, type MailPanel, type MailView, type Names } from './views.ts';

/** What was typed and not sent, and why. */
export interface Typed {
  typed: unknown;
  errors: FieldErrors;
  tone: ToneFault[];
}

/** A case's mail with the form to answer it. */
export async function mailPanelOf(
  web: RecoveryWeb,
  theCase: RecoveryCase,
  staff: Staff,
  typed?: Typed,
  asked?: Asked,
): Promise<MailPanel> {
  const { recovery, storage, clock } = web;
  const { view: pick = null, inserted = null } = asked ? await recovery.library.pick(theCase, asked, staff) : {};
  const { mails, waits } = await recovery.mail.thread(theCase.id);
  const { to, suppressed } = await recovery.mail.recipient(storage.read, theCase);
  const t = web.texts.to(theCase.language);
  const values = typed?.typed ?? {
    mailSubject: subjectFor(mails, theCase, t),
    mailWords: inserted?.text ?? beginning(to, t),
    approved: inserted?.textId ?? '',
  };
  const form = formView(values, typed?.errors, staff.t);
  const promised = await recovery.offers.promisedIn(storage.read, theCase);
  const reply = {
    theCase,
    suppressed,
    formId: formIdIn(typed) ?? newId(clock),
    tone: typed?.tone ?? [],
    to: to && { name: namedIn(to) || to.familyName, address: to.email },
    form,
    offers: enclosables(promised, form.values.given ?? '', staff),
  };
  const isOpen = waits || inserted !== null || asked?.answer !== undefined;
  return { mails: await mailViews(web, mails, staff), waits, isOpen, pick, reply: replyView(reply, staff) };
}

const beginning = (to: Greeted | undefined, t: Translate): string => (to ? `${greetingLine(to, t)}\n\n` : '');

/** Whether somebody sends the greeting that stood there, and no more. */
export async function isOnlyGreeting(web: RecoveryWeb, theCase: RecoveryCase, words: string): Promise<boolean> {
  const { to } = await web.recovery.mail.recipient(web.storage.read, theCase);
  return words === beginning(to, web.texts.to(theCase.language)).trim();
}

/** What the next letter about a case is called, in the customer's language. */
export async function nextSubject({ recovery, texts }: RecoveryWeb, theCase: RecoveryCase): Promise<string> {
  const { mails } = await recovery.mail.thread(theCase.id);
  return subjectFor(mails, theCase, texts.to(theCase.language));
}

/** The last subject goes on; without one the case has a name. */
function subjectFor(mails: CaseMailRow[], { number }: RecoveryCase, t: Translate): string {
  const last = mails.find(({ automatic, subject }) => automatic === 0 && subject !== '');
  return last ? answerSubject(last.subject) : t('casemail.subject', { number });
}

function formIdIn(typed: Typed | undefined): string | undefined {
  const { mailForm } = (typed?.typed ?? {}) as { mailForm?: unknown };
  return typeof mailForm === 'string' && mailForm !== '' ? mailForm.slice(0, 100) : undefined;
}

/** The oldest first, as a conversation is read. */
export async function mailViews(web: RecoveryWeb, newestFirst: CaseMailRow[], staff: Staff): Promise<MailView[]> {
  const files = await web.recovery.attachments.listOf(web.storage.read, { mailIds: newestFirst.map(({ id }) => id) });
  const byMail = Map.groupBy(files, ({ mailId }) => mailId ?? '');
  const colleagues = await web.accounts.colleagues();
  const names: Names = {
    colleagueOf: (id) => colleagues.find((each) => each.id === id)?.name ?? staff.t('casemail.colleague'),
  };
  return newestFirst.toReversed().map((row) => mailView(row, byMail.get(row.id) ?? [], names, staff));
}

/** The mail of a case on its page. */
export async function caseMailPanel(
  web: RecoveryWeb,
  theCase: RecoveryCase,
  staff: Staff,
  asked: Asked,
): Promise<CasePanel[]> {
  if (theCase.mergedIntoId !== null) return [];
  const mail = await mailPanelOf(web, theCase, staff, undefined, asked);
  const heading = staff.t('casemail.heading');
  return [{ id: 'casemail', heading, lines: [], empty: '', links: [], mail }];
}

import { languageCodes } from '../../i18n/index.ts';
import type { MailCustomer } from '../../customers/index.ts';
import type { Composed, Composer } from '../../mailer/index.ts';
import type { RecoveryDeps } from '../deps.ts';
import { answersTo } from '../mail/rules.ts';
import { noteMessage } from '../notes/note-mail.ts';
import { asCase, findCases } from './case-store.ts';
import type { RecoveryCase } from './interface.ts';

/** Mails that ask whether it is settled. */
export const QUESTION = 'case_question';

/** Whom a case's letters go to: the customer, or whoever left an address; undefined where nobody may be written to. */
export function recipientOf(theCase: RecoveryCase, known: MailCustomer | undefined): MailCustomer | undefined {
  if (theCase.customerId !== null) return known && known.erasedAt === null && known.email !== '' ? known : undefined;
  const { name, email } = theCase.contact;
  if (email === '') return undefined;
  const nothing = { title: '', givenName: '', organisation: '', country: '', timeZone: '' };
  const contact = { id: theCase.id, reference: '', email, familyName: name, greeting: 'formal', ...nothing };
  return { ...contact, language: theCase.language, legalBasis: '', unsubscribedAt: null, erasedAt: null };
}

/** Asks after a closed case, as its colleague, in the language it was worked in, as the page behind the link; nobody is asked about one that is open again. */
export function questionComposer(deps: RecoveryDeps, linkFor: (caseId: string) => string): Composer {
  const { storage, customers, accounts, texts, render } = deps;

  function compose(theCase: RecoveryCase, to: MailCustomer, facts: Facts): Composed {
    const { company, colleagues } = facts;
    const t = texts.to(languageCodes.includes(theCase.language) ? theCase.language : to.language);
    const signer = colleagues.find((each) => each.id === (theCase.ownerId ?? theCase.closedBy) && each.active);
    const say = (part: string) => t(`cases.mail.${part}`, { company: company.name });
    const letter = { subject: say('subject'), before: [say('text'), theCase.action && say('done')].filter(Boolean) };
    const button = { href: linkFor(theCase.id), text: say('button') };
    const note = { customer: to, company, signer, ...letter, after: [say('after')], button };
    const replyTo = answersTo(deps, theCase.id);
    return { ...noteMessage(note, t, render), ...(replyTo !== undefined && { replyTo }) };
  }

  return async (mails) => {
    const rows = await findCases(
      storage.read,
      mails.map((mail) => mail.subjectId),
    );
    const cases = new Map(rows.map((row) => [row.id, asCase(row)]));
    const ids = rows.flatMap((row) => row.customer_id ?? []);
    const known = await customers.forMail(storage.read, ids);
    const facts: Facts = { company: await accounts.company(), colleagues: await accounts.colleagues() };
    return new Map(
      mails.map(({ mailId, subjectId }): [string, Composed] => {
        const theCase = cases.get(subjectId);
        if (!theCase || theCase.closedAt === null || theCase.settled !== null) return [mailId, { cancel: 'over' }];
        const to = recipientOf(theCase, known.get(theCase.customerId ?? ''));
        return [mailId, to ? compose(theCase, to, facts) : { cancel: 'nobody to write to' }];
      }),
    );
  };
}

interface Facts {
  company: Awaited<ReturnType<RecoveryDeps['accounts']['company']>>;
  colleagues: Awaited<ReturnType<RecoveryDeps['accounts']['colleagues']>>;
}

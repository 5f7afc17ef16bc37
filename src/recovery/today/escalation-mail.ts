import { z } from 'zod';
import type { Composed, Composer, Message } from '../../mailer/index.ts';
import { dueWords } from '../cases/due-words.ts';
import { asCase, findCases } from '../cases/case-store.ts';
import type { RecoveryDeps } from '../deps.ts';

/** Mails that tell a manager what is overdue. */
export const ESCALATION = 'case_escalation';

const detailSchema = z.object({ caseIds: z.array(z.string()) });

/** Numbers and links, no names: it goes to a mailbox. What was done meanwhile is left out. */
export function escalationComposer(deps: RecoveryDeps): Composer {
  const { storage, accounts, texts, render, baseUrl, clock } = deps;
  return async (mails) => {
    const [company, colleagues] = [await accounts.company(), await accounts.colleagues()];
    const compose = async (to: { name: string; email: string; language: string }, caseIds: string[]) => {
      const t = texts.in(to.language);
      const now = clock.now().toISOString();
      const rows = (await findCases(storage.read, caseIds)).map(asCase);
      const late = rows.filter(({ nextDueAt }) => nextDueAt !== null && nextDueAt < now);
      if (late.length === 0) return { cancel: 'done meanwhile' };
      const lines = late.map((each) => {
        const due = dueWords(company, now, each.nextDueAt ?? now, t).text;
        const kind = t(`cases.kind.${each.kind}`);
        return `${kind} ${each.number}: ${t(`today.step.${each.nextStep}`)}, ${due}`;
      });
      const letter = {
        language: t.language,
        subject: t('today.mail.subject', { count: late.length }),
        greeting: t('accounts.letter.greeting', { name: to.name }),
        paragraphs: [t('today.mail.text'), ...lines],
        button: { href: `${baseUrl}/today`, text: t('today.mail.button'), orCopy: t('accounts.letter.orCopy') },
        closing: [company.name || 'Comeback'],
      };
      const text = [letter.greeting, ...letter.paragraphs, letter.button.href, ...letter.closing].join('\n\n');
      const message: Message = {
        from: { name: company.name || 'Comeback' },
        to: { name: to.name, address: to.email },
        subject: letter.subject,
        language: t.language,
        text: `${text}\n`,
        html: String(render('mail/account', letter, { t, csrf: '' })),
      };
      return message;
    };
    const composed = new Map<string, Composed>();
    for (const { mailId, subjectId, detail } of mails) {
      const to = colleagues.find((each) => each.id === subjectId && each.active);
      composed.set(mailId, to ? await compose(to, detailSchema.parse(detail).caseIds) : { cancel: 'account gone' });
    }
    return composed;
  };
}

import { z } from 'zod';
import { colleagueMessage } from '../../accounts/index.ts';
import type { Composed, Composer } from '../../mailer/index.ts';
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
    const company = await accounts.company();
    const colleagues = await accounts.colleagues();
    const compose = async (to: { name: string; email: string; language: string }, caseIds: string[]) => {
      const t = texts.in(to.language);
      const now = clock.now().toISOString();
      const rows = (await findCases(storage.read, caseIds)).map(asCase);
      const late = rows
        .flatMap((each) => (each.nextDueAt !== null && each.nextDueAt < now ? { ...each, due: each.nextDueAt } : []))
        .sort((a, b) => (a.due < b.due ? -1 : 1));
      if (late.length === 0) return { cancel: 'done meanwhile' };
      const lines = late.map(({ kind, number, nextStep, due }) => {
        const since = dueWords(company, now, due, t).text;
        return `${t(`cases.kind.${kind}`)} ${number}: ${t(`today.step.${nextStep}`)}, ${since}`;
      });
      const news = {
        subject: t('today.mail.subject', { count: late.length }),
        paragraphs: [t('today.mail.text'), ...lines],
        button: { href: `${baseUrl}/today`, text: t('today.mail.button') },
      };
      return colleagueMessage(to, company.name, news, { t, render });
    };
    const composed = new Map<string, Composed>();
    for (const { mailId, subjectId, detail } of mails) {
      const to = colleagues.find((each) => each.id === subjectId && each.active);
      composed.set(mailId, to ? await compose(to, detailSchema.parse(detail).caseIds) : { cancel: 'account gone' });
    }
    return composed;
  };
}

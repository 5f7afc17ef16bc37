import { z } from 'zod';
import { colleagueMessage } from '../../accounts/index.ts';
import type { Composed, Composer } from '../../mailer/index.ts';
import type { RecoveryDeps } from '../deps.ts';

/** Tells a colleague what has been handed over to them. */
export const HANDED_OVER = 'recovery_handed_over';

const detailSchema = z.object({ customers: z.int(), cases: z.int(), from: z.string() });

/** Numbers and links, no names of customers: it goes to a mailbox. */
export function handedOverComposer({
  accounts,
  texts,
  render,
  baseUrl,
}: Pick<RecoveryDeps, 'accounts' | 'texts' | 'render' | 'baseUrl'>): Composer {
  async function compose(accountId: string, detail: unknown): Promise<Composed> {
    const [company, to] = [await accounts.company(), await accounts.colleague(accountId)];
    if (!to?.active) return { cancel: 'account gone' };
    const { customers, cases, from } = detailSchema.parse(detail);
    const t = texts.in(to.language);
    const name = (await accounts.colleague(from))?.name ?? t('cases.somebody');
    const paragraphs = [
      ...(customers > 0 ? [t('handover.mail.customers', { name, count: customers })] : []),
      ...(cases > 0 ? [t('handover.mail.cases', { name, count: cases })] : []),
      t('handover.mail.next'),
    ];
    const path = cases > 0 ? '/today?view=mine' : `/customers?contact=${accountId}`;
    const button = { href: `${baseUrl}${path}`, text: t('handover.mail.button') };
    return colleagueMessage(
      to,
      company.name,
      { subject: t('handover.mail.subject', { name }), paragraphs, button },
      { t, render },
    );
  }

  return async (mails) => {
    const composed = new Map<string, Composed>();
    for (const { mailId, subjectId, detail } of mails) composed.set(mailId, await compose(subjectId, detail));
    return composed;
  };
}

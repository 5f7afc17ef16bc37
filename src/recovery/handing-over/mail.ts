import { z } from 'zod';
import { colleagueMessage } from '../../accounts/index.ts';
import type { Composed, Composer } from '../../mailer/index.ts';
import type { RecoveryDeps } from '../deps.ts';
import { LOOKED_AFTER, type LookedAfter } from './looked-after.ts';

/** Tells a colleague what has been handed over to them. */
export const HANDED_OVER = 'recovery_handed_over';

const some = z.int().default(0);
const detailSchema = z.object({
  customers: some,
  cases: some,
  answers: some,
  schedules: some,
  goals: some,
  policies: some,
  from: z.string(),
});

/** Where colleagues see what has come to them. */
const PLACES: Record<keyof LookedAfter, string> = {
  customers: '/customers?contact=',
  cases: '/today?view=mine',
  answers: '/playbook/answers',
  schedules: '/waves/schedules',
  goals: '/goals',
  policies: '/policies',
};

/** Numbers and links, no names of customers: it goes to a mailbox. */
export function handedOverComposer({
  accounts,
  texts,
  render,
  baseUrl,
}: Pick<RecoveryDeps, 'accounts' | 'texts' | 'render' | 'baseUrl'>): Composer {
  async function compose(accountId: string, detail: unknown): Promise<Composed> {
    const company = await accounts.company();
    const to = await accounts.colleague(accountId);
    if (!to?.active) return { cancel: 'account gone' };
    const { from, ...given } = detailSchema.parse(detail);
    const kinds = LOOKED_AFTER.filter((what) => given[what] > 0);
    const t = texts.in(to.language);
    const name = (await accounts.colleague(from))?.name ?? t('cases.somebody');
    const paragraphs = [
      kinds.map((what) => t(`handover.mail.${what}`, { name, count: given[what] })).join(' '),
      ...(given.customers + given.cases > 0 ? [t('handover.mail.next')] : []),
    ];
    const first = given.cases > 0 ? 'cases' : (kinds[0] ?? 'cases');
    const path = first === 'customers' ? `${PLACES.customers}${accountId}` : PLACES[first];
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

import { z } from 'zod';
import { colleagueMessage } from '../../accounts/index.ts';
import type { Composed, Composer, Mailer } from '../../mailer/index.ts';
import { accountOf, type Actor } from '../../shared/actor.ts';
import type { Tx } from '../../storage/index.ts';
import type { RecoveryDeps } from '../deps.ts';

/** Mails that tell whoever asked for more than they may allow themselves what was decided. */
export const DECISION = 'recovery_decision';

const detailSchema = z.object({
  what: z.enum(['remedy', 'offer']),
  approved: z.boolean(),
  by: z.string().nullable(),
  caseId: z.string().nullable(),
  /** Of our own pages, where it stands. */
  path: z.string(),
});

interface Decided extends Pick<z.infer<typeof detailSchema>, 'what' | 'approved' | 'caseId' | 'path'> {
  /** The account that asked; null where a program or a customer did. */
  askedBy: string | null;
}

/** Whoever decides what they asked for themselves knows it already. */
export async function tellWhoAsked(
  mailer: Pick<Mailer, 'enqueue'>,
  tx: Tx,
  actor: Actor,
  { askedBy, ...decided }: Decided,
): Promise<void> {
  const by = accountOf(actor);
  if (askedBy === null || askedBy === by) return;
  await mailer.enqueue(tx, [{ kind: DECISION, subjectId: askedBy, detail: { ...decided, by } }]);
}

type Deps = Pick<RecoveryDeps, 'accounts' | 'texts' | 'render' | 'baseUrl'> & {
  numberOf(caseId: string): Promise<number | undefined>;
};

/** A number and a link, no names of customers: it goes to a mailbox. */
export function decisionComposer({ accounts, texts, render, baseUrl, numberOf }: Deps): Composer {
  async function compose(accountId: string, detail: unknown): Promise<Composed> {
    const company = await accounts.company();
    const to = await accounts.colleague(accountId);
    if (!to?.active) return { cancel: 'account gone' };
    const { what, approved, by, caseId, path } = detailSchema.parse(detail);
    const t = texts.in(to.language);
    const name = (by === null ? undefined : await accounts.colleague(by))?.name ?? t('cases.somebody');
    const number = caseId === null ? undefined : await numberOf(caseId);
    const key = `decision.mail.${approved ? 'approved' : 'declined'}`;
    const news = {
      subject: t(`${key}.subject`),
      paragraphs: [
        t(`${key}.${what}`, { name }),
        ...(number === undefined ? [] : [t('decision.mail.case', { number: String(number) })]),
        t(`${key}.next`),
      ],
      button: { href: `${baseUrl}${path}`, text: t('decision.mail.button') },
    };
    return colleagueMessage(to, company.name, news, { t, render });
  }

  return async (mails) => {
    const composed = new Map<string, Composed>();
    for (const { mailId, subjectId, detail } of mails) composed.set(mailId, await compose(subjectId, detail));
    return composed;
  };
}

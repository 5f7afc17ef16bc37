import { z } from 'zod';
import { timestamp, type Clock } from '../shared/clock.ts';
import type { Texts, Translate } from '../i18n/index.ts';
import type { Composed, Composer, Message } from '../mailer/message.ts';
import type { Storage } from '../storage/index.ts';
import type { Render } from '../web/index.ts';
import { findAccounts } from './account-store.ts';
import type { Company } from './company.ts';
import { openHashes } from './link-store.ts';
import type { Links } from './links.ts';

/** What a queued account mail keeps: ids only. */
const detailSchema = z.object({
  what: z.enum(['invite', 'reset', 'changed']),
  linkId: z.string().nullable(),
  byAccountId: z.string().nullable(),
});
export type AccountMailDetail = z.infer<typeof detailSchema>;

/** A plain letter: a few lines, perhaps a button, a signature. */
export interface AccountLetter {
  language: string;
  subject: string;
  greeting: string;
  paragraphs: string[];
  button: { href: string; text: string; orCopy: string } | null;
  closing: string[];
}

declare module '../web/render.ts' {
  interface Templates {
    'mail/account': AccountLetter;
  }
}

interface Deps {
  storage: Storage;
  clock: Clock;
  texts: Texts;
  render: Render;
  links: Links;
  company: () => Promise<Company>;
}

export const PRODUCT = 'Comeback';

export interface AccountLetters {
  /** Writes the mails of kind 'account' when they are about to leave; withdraws those whose link is spent or gone. */
  compose: Composer;
  /** To see whether a mail server works. */
  testMessage(to: Message['to'], language: string): Promise<Message>;
}

export function createAccountMail({ storage, clock, texts, render, links, company }: Deps): AccountLetters {
  const houseName = async () => (await company()).name || PRODUCT;

  const asMessage = (letter: AccountLetter, to: Message['to'], house: string): Message => ({
    from: { name: house },
    to,
    subject: letter.subject,
    language: letter.language,
    text: plainText(letter),
    html: render('mail/account', letter, { t: texts.in(letter.language), csrf: '' }) as unknown as string,
  });

  return {
    async compose(mails) {
      const given = mails.map((mail) => ({ ...mail, detail: detailSchema.parse(mail.detail) }));
      const known = await accountsOf(storage, given);
      const hashes = given.flatMap(({ detail: { linkId } }) => (linkId ? [links.hashOf(linkId)] : []));
      const open = await openHashes(storage.read, hashes, timestamp(clock));
      const house = await houseName();
      const composed = given.map(({ mailId, subjectId, detail }): [string, Composed] => {
        const account = known.get(subjectId);
        const { what, linkId, byAccountId } = detail;
        if (!account || account.deactivated_at) return [mailId, { cancel: 'account gone' }];
        if (linkId && !open.has(links.hashOf(linkId))) return [mailId, { cancel: 'link spent' }];
        const t = texts.in(account.language);
        const href = linkId && what !== 'changed' ? links.address(what, linkId) : null;
        const letter = letterOf(t, what, {
          name: account.name,
          by: known.get(byAccountId ?? '')?.name ?? house,
          house,
          href,
        });
        return [mailId, asMessage(letter, { name: account.name, address: account.email }, house)];
      });
      return new Map(composed);
    },
    async testMessage(to, language) {
      const house = await houseName();
      return asMessage(
        letterOf(texts.in(language), 'test', { name: to.name, by: house, house, href: null }),
        to,
        house,
      );
    },
  };
}

interface LetterGiven {
  name: string;
  by: string;
  house: string;
  href: string | null;
}

function letterOf(
  t: Translate,
  what: AccountMailDetail['what'] | 'test',
  { name, by, house, href }: LetterGiven,
): AccountLetter {
  const values = { name, by, company: house };
  const say = (part: string) => t(`accounts.letter.${what}.${part}`, values);
  return {
    language: t.language,
    subject: say('subject'),
    greeting: t('accounts.letter.greeting', values),
    paragraphs: say('text').split('\n\n'),
    button: href ? { href, text: say('button'), orCopy: t('accounts.letter.orCopy') } : null,
    closing: [t('accounts.letter.closing'), house],
  };
}

async function accountsOf(storage: Storage, mails: { subjectId: string; detail: AccountMailDetail }[]) {
  const ids = mails.flatMap(({ subjectId, detail }) =>
    detail.byAccountId ? [subjectId, detail.byAccountId] : [subjectId],
  );
  const accounts = await findAccounts(storage.read, [...new Set(ids)]);
  return new Map(accounts.map((account) => [account.id, account]));
}

/** The text part. */
export function plainText({ greeting, paragraphs, button, closing }: AccountLetter): string {
  const address = button ? [`${button.text}:\n${button.href}`] : [];
  return (
    [greeting, ...paragraphs.slice(0, 1), ...address, ...paragraphs.slice(1), closing.join('\n')].join('\n\n') + '\n'
  );
}

import { z } from 'zod';
import { timestamp, type Clock } from '../shared/clock.ts';
import type { Texts } from '../i18n/index.ts';
import type { Composed, Composer, MailToCompose, Message } from '../mailer/message.ts';
import type { Storage } from '../storage/index.ts';
import type { Render } from '../web/index.ts';
import { findAccounts, type AccountRow } from './account-store.ts';
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

/** Writes the mails of kind 'account' when they are about to leave; withdraws those whose link is spent or gone. */
export function createAccountMail({ storage, clock, texts, render, links, company }: Deps) {
  function letterFor(account: AccountRow, detail: AccountMailDetail, by: string, house: string): AccountLetter {
    const t = texts.in(account.language);
    const { what, linkId } = detail;
    const values = { name: account.name, by, company: house };
    const say = (part: string) => t(`accounts.letter.${what}.${part}`, values);
    const href = linkId && what !== 'changed' ? links.address(what, linkId) : null;
    return {
      language: account.language,
      subject: say('subject'),
      greeting: t('accounts.letter.greeting', values),
      paragraphs: say('text').split('\n\n'),
      button: href ? { href, text: say('button'), orCopy: t('accounts.letter.orCopy') } : null,
      closing: [t('accounts.letter.closing'), house],
    };
  }

  const asMessage = (letter: AccountLetter, to: Message['to'], house: string): Message => ({
    from: { name: house },
    to,
    subject: letter.subject,
    language: letter.language,
    text: plainText(letter),
    html: render('mail/account', letter, { t: texts.in(letter.language), csrf: '' }) as unknown as string,
  });

  const compose: Composer = async (mails) => {
    const details = new Map(mails.map((mail) => [mail.mailId, detailSchema.parse(mail.detail)]));
    const known = await accountsOf(storage, mails, [...details.values()]);
    const linkIds = [...details.values()].flatMap(({ linkId }) => (linkId ? [linkId] : []));
    const open = await openHashes(storage.read, linkIds.map(links.hashOf), timestamp(clock));
    const house = (await company()).name || PRODUCT;
    const composed = mails.map(({ mailId, subjectId }): [string, Composed] => {
      const account = known.get(subjectId);
      const detail = details.get(mailId);
      if (!account || account.deactivated_at || !detail) return [mailId, { cancel: 'account gone' }];
      if (detail.linkId && !open.has(links.hashOf(detail.linkId))) return [mailId, { cancel: 'link spent' }];
      const by = known.get(detail.byAccountId ?? '')?.name ?? house;
      const letter = letterFor(account, detail, by, house);
      return [mailId, asMessage(letter, { name: account.name, address: account.email }, house)];
    });
    return new Map(composed);
  };

  /** To see whether a mail server works. */
  async function testMessage(to: { name: string; address: string }, language: string): Promise<Message> {
    const t = texts.in(language);
    const house = (await company()).name || PRODUCT;
    const values = { name: to.name, company: house };
    const letter: AccountLetter = {
      language,
      subject: t('accounts.letter.test.subject', values),
      greeting: t('accounts.letter.greeting', values),
      paragraphs: t('accounts.letter.test.text', values).split('\n\n'),
      button: null,
      closing: [t('accounts.letter.closing'), house],
    };
    return asMessage(letter, to, house);
  }

  return { compose, testMessage };
}

async function accountsOf(storage: Storage, mails: MailToCompose[], details: AccountMailDetail[]) {
  const by = details.flatMap(({ byAccountId }) => (byAccountId ? [byAccountId] : []));
  const accounts = await findAccounts(storage.read, [...new Set([...mails.map((mail) => mail.subjectId), ...by])]);
  return new Map(accounts.map((account) => [account.id, account]));
}

function plainText({ greeting, paragraphs, button, closing }: AccountLetter): string {
  const address = button ? [`${button.text}:\n${button.href}`] : [];
  return (
    [greeting, ...paragraphs.slice(0, 1), ...address, ...paragraphs.slice(1), closing.join('\n')].join('\n\n') + '\n'
  );
}

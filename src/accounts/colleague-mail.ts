import type { Translate } from '../i18n/index.ts';
import type { Message } from '../mailer/message.ts';
import type { Render } from '../web/index.ts';
import { plainText, PRODUCT, type AccountLetter } from './account-mail.ts';

interface ColleagueNews {
  subject: string;
  paragraphs: string[];
  button: { href: string; text: string };
}

/** News from the product to somebody who works here, in the language of `t`. `house`: the business's name, or ''. */
export function colleagueMessage(
  to: { name: string; email: string },
  house: string,
  { subject, paragraphs, button }: ColleagueNews,
  { t, render }: { t: Translate; render: Render },
): Message {
  const letter: AccountLetter = {
    language: t.language,
    subject,
    greeting: t('accounts.letter.greeting', { name: to.name }),
    paragraphs,
    button: { ...button, orCopy: t('accounts.letter.orCopy') },
    closing: [house || PRODUCT],
  };
  return {
    from: { name: house || PRODUCT },
    to: { name: to.name, address: to.email },
    subject,
    language: t.language,
    text: plainText(letter),
    html: String(render('mail/account', letter, { t, csrf: '' })),
  };
}

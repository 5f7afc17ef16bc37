import type { Tx } from '../storage/index.ts';
import type { AccountMailDetail } from './account-mail.ts';
import type { AccountMailer } from './interface.ts';
import { insertLink } from './link-store.ts';
import type { Links, PersonalLink } from './links.ts';

/** Letters to people with an account, queued in the transaction that they are about. */
export interface AccountPost {
  /** A new personal link, and the letter that brings it. */
  sendLink(tx: Tx, kind: PersonalLink, accountId: string, byAccountId: string | null): Promise<void>;
  /** Says that the password has been changed. */
  sendChanged(tx: Tx, accountId: string): Promise<void>;
}

export function createAccountPost({ links, mailer }: { links: Links; mailer: Pick<AccountMailer, 'enqueue'> }) {
  const send = (tx: Tx, subjectId: string, detail: AccountMailDetail) =>
    mailer.enqueue(tx, [{ kind: 'account', subjectId, detail }]);

  const post: AccountPost = {
    async sendLink(tx, kind, accountId, byAccountId) {
      const { row, linkId } = links.make(kind, accountId);
      await insertLink(tx, row);
      await send(tx, accountId, { what: kind, linkId, byAccountId });
    },
    sendChanged: (tx, accountId) => send(tx, accountId, { what: 'changed', linkId: null, byAccountId: null }),
  };
  return post;
}

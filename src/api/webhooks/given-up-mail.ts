import { colleagueMessage, type Accounts } from '../../accounts/index.ts';
import type { Texts } from '../../i18n/index.ts';
import type { Composed, Composer, Mailer } from '../../mailer/index.ts';
import type { Storage, Tx } from '../../storage/index.ts';
import type { Render } from '../../web/index.ts';
import * as rows from './webhook-store.ts';

/** Mails that tell administrators that an endpoint is given up. */
export const GIVEN_UP = 'webhook_given_up';

export interface TellingDeps {
  storage: Storage;
  texts: Texts;
  render: Render;
  baseUrl: string;
  accounts: Pick<Accounts, 'company' | 'colleagues'>;
  mailer: Pick<Mailer, 'register' | 'enqueue'>;
}

/** Whoever can mend it. Read before a transaction begins. */
export async function administratorsOf({ accounts }: TellingDeps): Promise<string[]> {
  const those = (await accounts.colleagues()).filter(({ active, role }) => active && role === 'administrator');
  return those.map(({ id }) => id);
}

/** Tells them, in the transaction that gives it up: that happens once until it is turned on again. */
export async function tellAdministrators(
  { mailer }: TellingDeps,
  tx: Tx,
  administrators: string[],
  endpointId: string,
): Promise<void> {
  const mails = administrators.map((id) => ({ kind: GIVEN_UP, subjectId: id, detail: { endpointId } }));
  if (mails.length > 0) await mailer.enqueue(tx, mails);
}

export function givenUpComposer({ storage, accounts, texts, render, baseUrl }: TellingDeps): Composer {
  return async (mails) => {
    const company = await accounts.company();
    const colleagues = await accounts.colleagues();
    const composed = new Map<string, Composed>();
    for (const { mailId, subjectId, detail } of mails) {
      const to = colleagues.find((each) => each.id === subjectId && each.active);
      const endpoint = await rows.findEndpoint(storage.read, (detail as { endpointId: string }).endpointId);
      if (!to || endpoint?.state !== 'failed') {
        composed.set(mailId, { cancel: to ? 'mended meanwhile' : 'account gone' });
        continue;
      }
      const t = texts.in(to.language);
      const news = {
        subject: t('webhooks.mail.subject'),
        // The path may hold a secret of the other program's.
        paragraphs: [`${t('webhooks.mail.text', { host: new URL(endpoint.url).host })} ${t('webhooks.mail.what')}`],
        button: { href: `${baseUrl}/settings/webhooks/${endpoint.id}`, text: t('webhooks.mail.button') },
      };
      composed.set(mailId, colleagueMessage(to, company.name, news, { t, render }));
    }
    return composed;
  };
}

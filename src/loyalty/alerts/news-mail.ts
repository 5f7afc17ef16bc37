import { colleagueMessage } from '../../accounts/index.ts';
import { formatDay } from '../../i18n/index.ts';
import { dayIn } from '../../shared/dates.ts';
import type { Composed, Composer } from '../../mailer/index.ts';
import type { Tx } from '../../storage/index.ts';
import type { AlertRow } from './alert.ts';
import type { AlertsDeps } from './deps.ts';
import * as store from './store.ts';
import { becameOf, MINE } from './views.ts';

/** Mails that tell whoever reported a customer what became of it. */
export const ALERT_NEWS = 'alert_news';

/** Tells each colleague once, whatever comes of it; whoever reported by a link has no address. */
export async function tellReporters({ mailer }: AlertsDeps, tx: Tx, alerts: AlertRow[]): Promise<void> {
  const ids = alerts.flatMap(({ id, account_id }) => (account_id === null ? [] : [id]));
  if (ids.length === 0) return;
  const told = new Set((await mailer.history(tx, ALERT_NEWS, ids)).map(({ subjectId }) => subjectId));
  const fresh = ids.filter((id) => !told.has(id));
  if (fresh.length > 0)
    await mailer.enqueue(
      tx,
      fresh.map((subjectId) => ({ kind: ALERT_NEWS, subjectId })),
    );
}

/** No names of customers: it goes to a mailbox. */
export function alertNewsComposer(deps: AlertsDeps): Composer {
  const { storage, accounts, cases, texts, render, baseUrl } = deps;

  async function compose(alert: AlertRow): Promise<Composed> {
    const company = await accounts.company();
    const to = await accounts.colleague(alert.account_id ?? '');
    if (!to?.active) return { cancel: 'account gone' };
    const theCase = await cases.find(storage.read, alert.case_id);
    const closed = (theCase?.closedAt ?? null) !== null;
    if (alert.led_to === null && !closed) return { cancel: 'opened again' };
    const t = texts.in(to.language);
    const day = formatDay(dayIn(company.timeZone, new Date(alert.created_at)), to.language);
    const news = {
      subject: t('alerts.mail.subject'),
      paragraphs: [`${t('alerts.mail.text', { day })} ${becameOf({ alert, closed }, t)}`],
      button: { href: `${baseUrl}${MINE}`, text: t('alerts.mine') },
    };
    return colleagueMessage(to, company.name, news, { t, render });
  }

  return async (mails) => {
    const ids = mails.map(({ subjectId }) => subjectId);
    const alerts = new Map((await store.findAlerts(storage.read, ids)).map((each) => [each.id, each]));
    const composed = new Map<string, Composed>();
    for (const { mailId, subjectId } of mails) {
      const alert = alerts.get(subjectId);
      composed.set(mailId, alert ? await compose(alert) : { cancel: 'gone' });
    }
    return composed;
  };
}

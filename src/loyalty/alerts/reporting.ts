import { colleague, SYSTEM, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { addMinutes } from '../../shared/dates.ts';
import { newId } from '../../shared/ids.ts';
import type { RecoveryCase } from '../../recovery/index.ts';
import type { Hooks, Tx } from '../../storage/index.ts';
import type { AlertRow, NewAlert, Reported, Reporter } from './alert.ts';
import type { AlertsDeps } from './deps.ts';
import * as store from './store.ts';

const DAY_MINUTES = 24 * 60;
const LONGEST_SUMMARY = 160;

interface Report {
  id: string;
  fresh: NewAlert;
  reporter: Reporter;
  actor: Actor;
  /** Of whoever reports. */
  name: string;
  now: string;
}

/** However it is spaced and whatever its case. */
const plain = (who: string): string => who.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();

/** 'The cook was not amused (Tobias)', in one line. */
const summaryOf = ({ fresh, name }: Report): string => {
  const said = [...fresh.what.replace(/\s+/g, ' ')];
  const short = said.length > LONGEST_SUMMARY ? [...said.slice(0, LONGEST_SUMMARY), ' …'] : said;
  return `${short.join('')} (${name})`;
};

/** Takes alerts: one opens a complaint, or joins the one that is there. */
export function createReporting(deps: AlertsDeps, reportedOn: Hooks<AlertRow>) {
  const { storage, clock, signer, accounts, cases, customers } = deps;

  /** The open complaint that it belongs to: the customer's, or what a colleague reported of them within a day. */
  async function joined(tx: Tx, { fresh, now }: Report, subjectKey: string): Promise<RecoveryCase | undefined> {
    const { caseId, before } = await store.enterQueue(tx, subjectKey, now);
    const { customerId } = fresh;
    const open = customerId === null ? undefined : await cases.openOf(tx, [customerId], 'complaint');
    const theirs = open?.get(customerId ?? '')?.[0];
    if (theirs || caseId === null || before < addMinutes(now, -DAY_MINUTES)) return theirs;
    const last = await cases.find(tx, caseId);
    return last?.closedAt === null ? last : undefined;
  }

  async function opened(tx: Tx, report: Report): Promise<{ id: string; number: number }> {
    const { id, fresh, actor } = report;
    const { who, what, customerId, language } = fresh;
    const contact = { name: customerId === null ? who : '', email: '', telephone: '' };
    const cause = { kind: 'complaint', origin: 'alert', originId: id } as const;
    const about = { customerId, contact, words: what, language, summary: summaryOf(report) };
    const { caseId, number } = await cases.open(tx, actor, { ...cause, ...about });
    return { id: caseId, number };
  }

  /** On the case, on the customer's timeline, in the audit log. */
  async function tell(tx: Tx, { fresh, reporter, actor, name }: Report, { caseId, number, joined: joins }: Reported) {
    const { customerId, what } = fresh;
    const note = joins ? { kind: 'alert.joined', words: what } : { kind: 'alert.reported' };
    await cases.note(tx, actor, caseId, { ...note, detail: { name } });
    await accounts.audit(tx, actor, 'alerts.reported', { kind: 'case', id: caseId }, { number });
    if (customerId === null) return;
    const accountId = 'accountId' in reporter ? reporter.accountId : null;
    const event = { customerId, kind: 'alerts.reported', accountId, subjectId: caseId, detail: { number } };
    await customers.recordEvents(tx, [event]);
  }

  async function take(tx: Tx, report: Report): Promise<Reported> {
    const { id, fresh, now } = report;
    const subjectKey = fresh.customerId ?? signer.mac('alert subject', plain(fresh.who));
    const there = await joined(tx, report, subjectKey);
    const row = rowOf(report);
    // A second press of the button says nothing new.
    const before = there && (await store.alertsOfCase(tx, there.id)).find((each) => isSame(each, row));
    if (there && before)
      return { alertId: before.id, caseId: there.id, number: there.number, joined: before.joined === 1 };
    const theCase = there ?? (await opened(tx, report));
    const reported = { alertId: id, caseId: theCase.id, number: theCase.number, joined: there !== undefined };
    const alert: AlertRow = { ...row, case_id: theCase.id, joined: there ? 1 : 0 };
    await store.insertAlert(tx, alert);
    await store.leaveQueue(tx, subjectKey, theCase.id, now);
    await tell(tx, report, reported);
    await reportedOn.tell(tx, alert);
    return reported;
  }

  return async function report(reporter: Reporter, fresh: NewAlert): Promise<Reported> {
    const byLink = 'linkId' in reporter;
    const name = byLink ? reporter.name : ((await accounts.colleague(reporter.accountId))?.name ?? '');
    const actor = byLink ? SYSTEM : (reporter.by ?? colleague(reporter.accountId));
    const given = { id: newId(clock), fresh, reporter, actor, name, now: timestamp(clock) };
    return await storage.transaction((tx) => take(tx, given));
  };
}

function rowOf({ id, fresh, reporter, now }: Report): AlertRow {
  const byLink = 'linkId' in reporter;
  return {
    id,
    case_id: '',
    customer_id: fresh.customerId,
    who: fresh.who,
    what: fresh.what,
    account_id: byLink ? null : reporter.accountId,
    link_id: byLink ? reporter.linkId : null,
    reporter: byLink ? reporter.name : '',
    joined: 0,
    led_to: null,
    credited_at: null,
    created_at: now,
  };
}

const isSame = (a: AlertRow, b: AlertRow): boolean =>
  a.what === b.what && a.account_id === b.account_id && a.link_id === b.link_id && a.reporter === b.reporter;

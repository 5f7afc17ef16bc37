import { displayName, type ListedCustomer } from '../../customers/index.ts';
import type { RecoveryCase } from '../../recovery/index.ts';
import { dayIn } from '../../shared/dates.ts';
import { NotFound } from '../../shared/errors.ts';
import { isId } from '../../shared/ids.ts';
import { momentAt } from '../../shared/zones.ts';
import { createHooks, momentIn, page, type Hooks, type Page } from '../../storage/index.ts';
import type { AlertRow, Board, Candidate, ListedAlert, NewAlert, Reported, Reporter } from './alert.ts';
import { followCases } from './crediting.ts';
import type { AlertsDeps } from './deps.ts';
import { createLinks, type AlertLinks } from './links.ts';
import { ALERT_NEWS, alertNewsComposer } from './news-mail.ts';
import { createReporting } from './reporting.ts';
import { quarterOf } from './rules.ts';
import * as store from './store.ts';

export interface Alerts extends AlertLinks {
  /** Customers that a name, reference or telephone number as typed may mean: up to six. */
  candidates(who: string): Promise<Candidate[]>;
  /** What a customer of ours is called; undefined where that id is none. */
  nameOf(id: string): Promise<string | undefined>;
  /** Opens a complaint, or joins the open one; the same alert sent twice is one. */
  report(reporter: Reporter, fresh: NewAlert): Promise<Reported>;
  /** Runs in the same transaction when one is reported that says something new. */
  onReported: Hooks<AlertRow>['on'];
  /** ... and when one led somewhere. */
  onCredited: Hooks<AlertRow>['on'];
  /** Somebody's own alerts, the newest first. */
  mine(accountId: string, before: string | null): Promise<Page<ListedAlert>>;
  /** Everybody's, the newest first, after the one of that id. */
  all(filter: store.AlertFilter, before: string | null, limit: number): Promise<Page<AlertRow>>;
  /** @throws NotFound */
  get(id: string): Promise<AlertRow>;
  /** Thanks of this quarter, the latest first; the cursor is 'AT ID'. */
  board(cursor: string | null): Promise<Board>;
}

const A_PAGE = 30;
const MOST_CANDIDATES = 6;
const LETTERS = 2;

/** Every colleague can report an unhappy customer in seconds, and is thanked when it led somewhere. */
export function createAlerts(given: AlertsDeps): Alerts {
  const { storage, clock, accounts, customers, cases } = given;
  const [reported, credited] = [createHooks<AlertRow>(), createHooks<AlertRow>()];
  const deps = { ...given, credited };
  const { read } = storage;
  deps.mailer.register(ALERT_NEWS, alertNewsComposer(deps));
  followCases(deps);
  cases.onNamed(async (tx, { id, customerId }) => {
    if (customerId !== null) await store.nameCase(tx, [id, ...(await cases.duplicatesOf(tx, id))], customerId);
  });

  /** A duplicate is worked on as another case. */
  async function caseNow(id: string): Promise<RecoveryCase | undefined> {
    let theCase = await cases.find(read, id);
    while (theCase?.mergedIntoId) theCase = await cases.find(read, theCase.mergedIntoId);
    return theCase;
  }

  async function listed(alerts: AlertRow[]): Promise<ListedAlert[]> {
    const ids = [...new Set(alerts.flatMap(({ customer_id }) => customer_id ?? []))];
    const names = await customers.names(read, ids);
    const found: ListedAlert[] = [];
    for (const alert of alerts) {
      const theCase = await caseNow(alert.case_id);
      const who = names.get(alert.customer_id ?? '')?.name ?? alert.who;
      const [caseId, caseNumber] = [theCase?.id ?? alert.case_id, theCase?.number ?? null];
      found.push({ alert, who, caseId, caseNumber, closed: (theCase?.closedAt ?? null) !== null });
    }
    return found;
  }

  return {
    report: createReporting(deps, reported),
    onReported: reported.on,
    onCredited: credited.on,
    async candidates(who) {
      if ([...who.trim()].length < LETTERS) return [];
      const { rows } = await customers.list({ q: who }, null, MOST_CANDIDATES);
      return rows.map(candidateOf);
    },
    async nameOf(id) {
      return isId(id) ? (await customers.names(read, [id])).get(id)?.name : undefined;
    },
    async mine(accountId, before) {
      const rows = await store.alertsOfAccount(read, accountId, isId(before) ? before : null, A_PAGE + 1);
      const { rows: kept, next } = page(rows, A_PAGE, ({ id }) => id);
      return { rows: await listed(kept), next };
    },
    async all(filter, before, limit) {
      return page(await store.listAlerts(read, filter, before, limit + 1), limit, ({ id }) => id);
    },
    async get(id) {
      const [alert] = await store.findAlerts(read, [id]);
      if (!alert) throw new NotFound();
      return alert;
    },
    async board(cursor) {
      const { timeZone } = await accounts.company();
      const quarter = quarterOf(dayIn(timeZone, clock.now()));
      const moment = (day: string) => momentAt(timeZone, { day, minutes: 0 });
      const span = { from: moment(quarter.from), to: moment(quarter.to) };
      const rows = await store.creditedBetween(read, span, momentIn(cursor), A_PAGE + 1);
      const { rows: kept, next } = page(rows, A_PAGE, ({ credited_at, id }) => `${credited_at ?? ''} ${id}`);
      const names = new Map((await accounts.colleagues()).map(({ id, name }) => [id, name]));
      const thanks = kept.map((row) => ({
        id: row.id,
        name: row.account_id === null ? row.reporter : (names.get(row.account_id) ?? ''),
        ledTo: row.led_to ?? 'settled',
        at: row.credited_at ?? '',
      }));
      return { quarter, thanks: { rows: thanks, next } };
    },
    ...createLinks(deps),
  };
}

function candidateOf(customer: ListedCustomer): Candidate {
  const { id, reference, city, organisation, givenName, familyName } = customer;
  const person = organisation ? [givenName, familyName].filter(Boolean).join(' ') : '';
  return { id, name: displayName(customer), about: [person, city, reference].filter(Boolean).join(', ') };
}

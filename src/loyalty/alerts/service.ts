import { displayName, type ListedCustomer } from '../../customers/index.ts';
import { accountOf, SYSTEM, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { addDays, dayIn } from '../../shared/dates.ts';
import { Conflict, NotFound } from '../../shared/errors.ts';
import { isId, newId } from '../../shared/ids.ts';
import { momentAt } from '../../shared/zones.ts';
import type { RecoveryCase } from '../../recovery/index.ts';
import { createHooks, page, type Hooks, type Page, type Tx } from '../../storage/index.ts';
import type {
  AlertLinkRow,
  AlertRow,
  Board,
  Candidate,
  LedTo,
  ListedAlert,
  NewAlert,
  Reported,
  Reporter,
} from './alert.ts';
import type { AlertsDeps } from './deps.ts';
import { ALERT_NEWS, alertNewsComposer, tellReporters } from './news-mail.ts';
import { createReporting } from './reporting.ts';
import { isWonBack, quarterOf } from './rules.ts';
import * as store from './store.ts';

export interface Alerts {
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

  links(): Promise<AlertLinkRow[]>;
  /** For colleagues without an account: whoever has it can report, and see nothing. */
  makeLink(actor: Actor, name: string): Promise<string>;
  /** @throws Conflict where it is revoked already, NotFound */
  revokeLink(actor: Actor, id: string): Promise<void>;
  /** Absolute. @throws NotFound where it is revoked */
  addressOf(id: string): Promise<{ address: string; name: string }>;
  /** The link in use that a token is. */
  openLink(token: string): Promise<AlertLinkRow | undefined>;
}

const A_PAGE = 30;
const MOST_CANDIDATES = 6;
const SIGNED = 'alert';
/** Whoever was reported this long ago was won back thanks to others. */
const CREDIT_DAYS = 365;
const LETTERS = 2;

/** Every colleague can report an unhappy customer in seconds, and is thanked when it led somewhere. */
export function createAlerts(given: AlertsDeps): Alerts {
  const { storage, clock, accounts, customers, cases } = given;
  const [reported, credited] = [createHooks<AlertRow>(), createHooks<AlertRow>()];
  const deps = { ...given, credited };
  const { read } = storage;
  deps.mailer.register(ALERT_NEWS, alertNewsComposer(deps));
  cases.onSettled((tx, theCase) => creditSettled(deps, tx, theCase));
  cases.onSilent((tx, theCase) => tellOfEnd(deps, tx, theCase));
  cases.onClosed(async (tx, theCase) => {
    await creditWon(deps, tx, theCase);
    // Where the customer is asked, what they say is the news.
    if ((await cases.find(tx, theCase.id))?.askedAt === null) await tellOfEnd(deps, tx, theCase);
  });
  cases.onNamed(async (tx, { id, customerId }) => {
    if (customerId !== null) await store.nameCase(tx, [id, ...(await cases.duplicatesOf(tx, id))], customerId);
  });

  async function listed(alerts: AlertRow[]): Promise<ListedAlert[]> {
    const ids = [...new Set(alerts.flatMap(({ customer_id }) => customer_id ?? []))];
    const names = await customers.names(read, ids);
    const found: ListedAlert[] = [];
    for (const alert of alerts) {
      const theCase = await cases.find(read, alert.case_id);
      const who = names.get(alert.customer_id ?? '')?.name ?? alert.who;
      found.push({ alert, who, caseNumber: theCase?.number ?? null, closed: (theCase?.closedAt ?? null) !== null });
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
      const rows = await store.creditedBetween(read, span, placeOf(cursor), A_PAGE + 1);
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
    links: () => store.listLinks(read),
    ...createLinks(deps),
  };
}

function candidateOf(customer: ListedCustomer): Candidate {
  const { id, reference, city, organisation, givenName, familyName } = customer;
  const person = organisation ? [givenName, familyName].filter(Boolean).join(' ') : '';
  return { id, name: displayName(customer), about: [person, city, reference].filter(Boolean).join(', ') };
}

function placeOf(cursor: string | null): store.Place | null {
  const [, at, id] = /^(\S{24}) ([0-9a-f-]{36})$/.exec(cursor ?? '') ?? [];
  return at !== undefined && id !== undefined ? { at, id } : null;
}

function createLinks(deps: AlertsDeps): Pick<Alerts, 'makeLink' | 'revokeLink' | 'addressOf' | 'openLink'> {
  const { storage, clock, signer, accounts, baseUrl } = deps;
  const find = async (id: string | undefined) => (isId(id) ? await store.findLink(storage.read, id) : undefined);
  return {
    async makeLink(actor, name) {
      const id = newId(clock);
      const made = { id, name, created_by: accountOf(actor), created_at: timestamp(clock) };
      await storage.transaction(async (tx) => {
        await store.insertLink(tx, { ...made, revoked_by: null, revoked_at: null });
        await accounts.audit(tx, actor, 'alerts.linkMade', { kind: 'alertLink', id });
      });
      return id;
    },
    async revokeLink(actor, id) {
      if (!(await find(id))) throw new NotFound();
      await storage.transaction(async (tx) => {
        if (!(await store.revokeLink(tx, id, accountOf(actor), timestamp(clock)))) throw new Conflict('error.changed');
        await accounts.audit(tx, actor, 'alerts.linkRevoked', { kind: 'alertLink', id });
      });
    },
    async addressOf(id) {
      const link = await find(id);
      if (!link || link.revoked_at !== null) throw new NotFound();
      return { address: `${baseUrl}/alert/${signer.sign(SIGNED, id)}`, name: link.name };
    },
    async openLink(token) {
      const link = await find(signer.verify(SIGNED, token));
      return link?.revoked_at === null ? link : undefined;
    },
  };
}

type Crediting = AlertsDeps & { credited: Hooks<AlertRow> };

async function creditSettled(deps: Crediting, tx: Tx, theCase: RecoveryCase): Promise<void> {
  const caseIds = [theCase.id, ...(await deps.cases.duplicatesOf(tx, theCase.id))];
  const credited = await store.creditCases(tx, caseIds, 'settled', timestamp(deps.clock));
  await tell(deps, tx, credited, 'settled');
}

/** It is over, and whether it is settled nobody has said. */
async function tellOfEnd(deps: AlertsDeps, tx: Tx, { id }: RecoveryCase): Promise<void> {
  const caseIds = [id, ...(await deps.cases.duplicatesOf(tx, id))];
  await tellReporters(deps, tx, await store.alertsOfCases(tx, caseIds));
}

async function creditWon(deps: Crediting, tx: Tx, theCase: RecoveryCase): Promise<void> {
  const { customerId } = theCase;
  if (customerId === null || !isWonBack(theCase)) return;
  const at = timestamp(deps.clock);
  const since = `${addDays(at.slice(0, 10), -CREDIT_DAYS)}${at.slice(10)}`;
  await tell(deps, tx, await store.creditCustomer(tx, { customerId, since }, 'won_back', at), 'won_back');
}

async function tell(deps: Crediting, tx: Tx, credited: AlertRow[], ledTo: LedTo): Promise<void> {
  if (credited.length === 0) return;
  await tellReporters(deps, tx, credited);
  const [first] = credited;
  const detail = { count: credited.length, ledTo };
  await deps.accounts.audit(tx, SYSTEM, 'alerts.credited', { kind: 'case', id: first?.case_id ?? null }, detail);
  for (const alert of credited) await deps.credited.tell(tx, alert);
}

import { closedLetter, type Business } from '../../answering/index.ts';
import type { Customer, Owed } from '../../customers/index.ts';
import { isLanguage, languages, type Translate } from '../../i18n/index.ts';
import { timestamp } from '../../shared/clock.ts';
import type { AskPage } from '../../web/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import type { RecoveryWeb } from '../web.ts';
import { sumOf } from './arrears.ts';
import type { WishRow } from './payment-store.ts';
import type { WholePlan } from './plan-interface.ts';
import type { Advice } from './setting.ts';
import { callSlots, type Slot } from './slots-rules.ts';

/** Somebody who has followed the link to their own page about what they owe. */
export interface PlanVisit {
  token: string;
  theCase: RecoveryCase;
  customer: Customer;
  business: Business & { currency: string; country: string };
  t: Translate;
  /** The language in the address, carried on. */
  chosen: string | undefined;
  timeZone: string;
  owed: Owed[];
  /** Of what they owe, what is still unpaid: minor units. */
  openMinor: number;
  wishes: WishRow[];
  /** The newest plan; of those that were taken back, none. */
  plan: WholePlan | undefined;
  slots: Slot[];
  firstDays: string[];
  advice: Advice[];
  /** Who talks with them. */
  who: { name: string; title: string } | null;
  closed: boolean;
}

export const pathOf = ({ token, chosen }: Pick<PlanVisit, 'token' | 'chosen'>, rest = '', query = ''): string => {
  const asked = [chosen === undefined ? '' : `lang=${chosen}`, query].filter(Boolean).join('&');
  return `/c/${token}/plan${rest}${asked && `?${asked}`}`;
};

type Web = Pick<RecoveryWeb, 'recovery' | 'storage' | 'clock' | 'texts' | 'accounts' | 'customers'>;

/** What the page shows, read and nothing changed; undefined for a link that leads to no such page. */
export async function visitPlan(web: Web, token: string, lang: unknown): Promise<PlanVisit | undefined> {
  const { recovery, storage, clock, texts, accounts } = web;
  const { cases, payment } = recovery;
  const theCase = await cases.byToken(token);
  if (theCase?.kind !== 'payment_difficulty' || theCase.customerId === null) return undefined;
  const customer = await web.customers.find(theCase.customerId);
  if (!customer || customer.erasedAt !== null) return undefined;
  const business = await accounts.company();
  const chosen = isLanguage(lang) ? lang : undefined;
  const own = [theCase.language, customer.language, business.defaultLanguage].find(isLanguage);
  const [newest] = await payment.plans.ofCase(storage.read, theCase.id);
  const owed = await payment.arrears.owedIn(storage.read, theCase);
  const timeZone = customer.timeZone || business.timeZone;
  const { advice } = await payment.settings.read(storage.read);
  const country = customer.country || business.country;
  return {
    token,
    theCase,
    customer,
    business,
    t: texts.to(chosen ?? own ?? 'en'),
    chosen,
    timeZone,
    owed,
    openMinor: sumOf(owed.filter(({ paidOn }) => paidOn === null)),
    wishes: await payment.wishes.standing(storage.read, theCase.id),
    plan: newest && newest.plan.state !== 'withdrawn' ? newest : undefined,
    slots: callSlots(business, customer, timestamp(clock)),
    firstDays: await payment.plans.firstDays(),
    advice: advice.filter((each) => each.country === country),
    who: await whoOf(web, theCase.ownerId ?? customer.contactAccountId),
    closed: theCase.closedAt !== null,
  };
}

async function whoOf({ accounts }: Web, id: string | null): Promise<PlanVisit['who']> {
  const found = id === null ? undefined : (await accounts.colleagues()).find((each) => each.id === id);
  return found?.active ? { name: found.name, title: found.title } : null;
}

/** The letter around the page, in whichever language it is read. */
export function letterAround(visit: PlanVisit, title: string, rest = '', status = 200): AskPage {
  const { business, t, token } = visit;
  const offered = languages.map(({ code }) => ({ code, href: pathOf({ token, chosen: code }, rest) }));
  return { ...closedLetter({ business, t }, title), languages: offered, status };
}

import type { Accounts } from '../accounts/index.ts';
import type { Answering } from '../answering/index.ts';
import type { Coding } from '../coding/index.ts';
import type { Customers, Duplicates, Imports } from '../customers/index.ts';
import type { Invitations } from '../invitations/index.ts';
import type { Loyalty } from '../loyalty/index.ts';
import type { Bounces, Mailer } from '../mailer/index.ts';
import type { Questionnaires } from '../questionnaires/index.ts';
import type { Recovery } from '../recovery/index.ts';
import type { Insight } from '../reports/index.ts';
import type { Responses } from '../responses/index.ts';
import type { Retention } from '../retention/index.ts';
import type { Leases } from '../scheduler/index.ts';
import { colleague, type Actor } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import type { Storage } from '../storage/index.ts';
import type { DemoCompany } from './model.ts';
import type { AnswerPlan } from './plan.ts';
import { randomOf } from './random.ts';

/** What the sample company needs of the product: everything that people do in it. */
export interface DemoServices {
  leases: Leases;
  accounts: Accounts;
  customers: Customers;
  duplicates: Duplicates;
  imports: Imports;
  questionnaires: Questionnaires;
  invitations: Invitations;
  responses: Responses;
  answering: Answering;
  coding: Coding;
  loyalty: Loyalty;
  recovery: Recovery;
  retention: Retention;
  insight: Insight;
  mailer: Mailer;
  bounces: Bounces;
}

interface PastClock extends Clock {
  moveTo(at: string): void;
}

/** A clock that shows whatever moment is being told; with the same seed, chance falls the same way. */
export function pastClock(at: string, seed: number): PastClock {
  let now = new Date(at);
  const { next } = randomOf(seed, 'past');
  return {
    now: () => now,
    draw: next,
    moveTo(to) {
      now = new Date(to);
    },
  };
}

/** The made-up company, what happened in it, and the services that let it happen, at the past clock's moment. */
export interface Stage {
  storage: Storage;
  clock: PastClock;
  past: DemoServices;
  /** The application's own, for what happens today. */
  present: DemoServices;
  now: string;
  company: DemoCompany;
  plan: AnswerPlan;
  /** Ids of accounts by their keys in `company.profile.staff`. */
  colleagues: Map<string, string>;
  /** Ids of customers by reference. */
  customers: Map<string, string>;
  /** Ids of invitations by `placeOf`. */
  invitations: Map<string, string>;
  /** Ids of responses by `placeOf`. */
  responses: Map<string, string>;
}

/** Something that happened; it runs with the past clock at that moment. */
export interface Step {
  at: string;
  act(): Promise<unknown>;
}

export const placeOf = (wave: string | null, customer: string) => `${wave} ${customer}`;

export function actorOf({ colleagues }: Stage, key: string): Actor {
  return colleague(need(colleagues, key));
}

export function need<T>(map: ReadonlyMap<string, T>, key: string): T {
  const found = map.get(key);
  if (found === undefined) throw new RangeError(`The sample company has no ${key}`);
  return found;
}

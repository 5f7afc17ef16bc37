import type { Customer } from '../../customers/index.ts';
import type { Actor } from '../../shared/actor.ts';
import type { Db, Hooks, Page } from '../../storage/index.ts';
import type { GreetingRow } from './anniversary-store.ts';
import type { Enclosure } from './enclosing.ts';
import type { Anniversary, Hindrance } from './rules.ts';
import type { AnniversarySettings } from './settings-service.ts';

/** An anniversary to come, and what is going to happen. */
export interface Upcoming extends Anniversary {
  customer: Customer;
  way: 'mail' | 'post';
  hindrance: Hindrance | null;
  /** What has become of the greeting for that day; null while there is none. */
  greeting: GreetingRow['state'] | null;
}

/** A card that is to be written, and what has come up against it since it was planned. */
export interface CardToWrite extends GreetingRow {
  hindrance: Hindrance | null;
}

export interface Anniversaries {
  settings: AnniversarySettings;
  /** Greets everybody whose anniversary is due; each once a year. */
  greetDue(): Promise<void>;
  /** Runs in the same transaction when somebody is: their mail waits, or a card is to be written. */
  onGreeted: Hooks<GreetingRow>['on'];
  /** ... and when a card is in the post, is not after all, or is not to be written any more. */
  onCard: Hooks<GreetingRow>['on'];
  /** Those of the next days, in their order; the cursor is 'DAY ID'. */
  upcoming(cursor: string | null): Promise<Page<Upcoming>>;
  /** Cards that are to be written by hand or printed. */
  pile(cursor: string | null): Promise<Page<CardToWrite>>;
  latest(limit: number): Promise<GreetingRow[]>;
  /** What comes with these cards, by their ids. */
  enclosed(greetings: GreetingRow[]): Promise<Map<string, Enclosure>>;
  /** They are in the post. @throws Conflict where none was to be written any more */
  markWritten(actor: Actor, ids: string[]): Promise<number>;
  /** Cards of the last weeks that are noted as posted. */
  posted(): Promise<GreetingRow[]>;
  /** They are not in the post after all, and wait to be written. @throws Conflict where none was noted as posted */
  takeBack(actor: Actor, ids: string[]): Promise<number>;
  /** No card after all. @throws Conflict */
  leaveOut(actor: Actor, id: string, reason: string): Promise<void>;
  /** How a customer would rather be greeted. */
  prefer(actor: Actor, customerId: string, way: 'mail' | 'post'): Promise<void>;
  ofCustomer(
    db: Db,
    customerId: string,
  ): Promise<{ since: string | undefined; way: 'mail' | 'post' | undefined; greetings: GreetingRow[] }>;
  optOutLink(greetingId: string): string;
  /** Whose greeting a link to the way out came with. */
  byToken(token: string): Promise<GreetingRow | undefined>;
}

import type { Mailer } from './mailer/index.ts';
import type { Recovery } from './recovery/index.ts';
import type { Clock } from './shared/clock.ts';
import type { Storage } from './storage/index.ts';
import type { Metric, Sample } from './web/index.ts';

const gauge = (name: string, help: string, ...samples: Sample[]): Metric => ({ name, help, kind: 'gauge', samples });

/**
 * How much there is to do, for `/metrics`: what an administrator wants to be woken by. Nothing here grows with the data:
 * each figure is read from an index, and long queues are counted up to a limit that their help names.
 */
export function createMetrics({ mailer, bounces, accounts, recovery, webhooks }: Measured, { storage, clock }: Parts) {
  return async (): Promise<Metric[]> => {
    const waiting = await mailer.waiting();
    const oldest = waiting.oldestDue === null ? 0 : secondsSince(waiting.oldestDue, clock);
    const isOff = await accounts.settings.isSendingOff();
    const { due, late } = await recovery.today.toDo();
    return [
      gauge('comeback_info', 'The database engine and Node.js.', {
        labels: { engine: storage.engine, node: process.versions.node },
        value: 1,
      }),
      gauge('comeback_database_bytes', 'Size of the database.', { value: await storage.bytes() }),
      gauge(
        'comeback_mails',
        'Mails that are not settled, by state; counted up to 100000 each.',
        ...Object.entries(waiting.states).map(([state, value]) => ({ labels: { state }, value })),
      ),
      gauge('comeback_mail_overdue_seconds', 'How long the oldest mail that is due has waited.', { value: oldest }),
      gauge('comeback_sending_off', 'Whether an administrator turned sending off, or a copy was restored.', {
        value: Number(isOff),
      }),
      gauge('comeback_returned_mails_to_read', 'Returned mails that a person has to look at; counted up to 100.', {
        value: await bounces.countToRead(),
      }),
      gauge('comeback_letters_to_sort', 'Letters of which nobody knows the case; counted up to 100.', {
        value: await recovery.mail.countToSort(),
      }),
      gauge('comeback_cases_due', 'Open cases with a step due by the end of today; counted up to 1000.', {
        value: due,
      }),
      gauge('comeback_cases_overdue', 'Open cases whose step should be done already; counted up to 1000.', {
        value: late,
      }),
      gauge('comeback_webhooks_waiting', 'Deliveries to other programs that are due; counted up to 10000.', {
        value: await webhooks.countDue(),
      }),
    ];
  };
}

/** What has something to tell. */
interface Measured {
  mailer: Pick<Mailer, 'waiting'>;
  bounces: { countToRead(): Promise<number> };
  accounts: { settings: { isSendingOff(): Promise<boolean> } };
  recovery: { today: Pick<Recovery['today'], 'toDo'>; mail: Pick<Recovery['mail'], 'countToSort'> };
  webhooks: { countDue(): Promise<number> };
}

interface Parts {
  storage: Storage;
  clock: Clock;
}

/** Never below nothing: what is due later is not late. */
const secondsSince = (moment: string, clock: Clock): number =>
  Math.max(0, (clock.now().getTime() - Date.parse(moment)) / 1000);

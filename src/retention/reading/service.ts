import { timestamp } from '../../shared/clock.ts';
import type { Tx } from '../../storage/index.ts';
import type { RetentionDeps } from '../deps.ts';
import * as store from './reading-store.ts';

/** Something that every colleague reads and confirms: its newest version, and the one from which a confirmation counts. */
export interface Readable {
  id: string;
  number: number;
  asked: number;
}

export interface Reader {
  accountId: string;
  name: string;
  /** The newest version that they confirmed; 0 for none. */
  number: number;
  at: string | null;
  /** Whether that is all that there is to read. */
  current: boolean;
}

export type Reading = ReturnType<typeof createReading>;

/** Whether somebody who confirmed this version (0: none) has nothing new to read. */
export const hasRead = ({ asked }: Readable, number: number): boolean => number > 0 && number >= asked;

/** Who has confirmed having read which goals and policies. */
export function createReading({ storage, clock, accounts }: Pick<RetentionDeps, 'storage' | 'clock' | 'accounts'>) {
  const { read } = storage;

  /** All colleagues who work here, with how far each has read; those who have not, first. */
  async function readersOf(subjects: Readable[]): Promise<Map<string, Reader[]>> {
    const colleagues = (await accounts.colleagues()).filter(({ active }) => active);
    const rows = await store.readingsOf(
      read,
      subjects.map(({ id }) => id),
    );
    const last = new Map(rows.map((row) => [`${row.subject_id} ${row.account_id}`, row]));
    return new Map(
      subjects.map((subject) => [
        subject.id,
        colleagues.map(({ id, name }) => {
          const { number = 0, read_at = null } = last.get(`${subject.id} ${id}`) ?? {};
          return { accountId: id, name, number, at: read_at, current: hasRead(subject, number) };
        }),
      ]),
    );
  }

  return {
    readersOf,
    readBy: (accountId: string) => store.readBy(read, accountId),
    /** Whether it was new. */
    confirm: (tx: Tx, accountId: string, { id, number }: Pick<Readable, 'id' | 'number'>) =>
      store.insertReading(tx, { subject_id: id, account_id: accountId, number, read_at: timestamp(clock) }),
    /** How many of these somebody has still to read. */
    async unread(accountId: string, subjects: Readable[]): Promise<number> {
      if (subjects.length === 0) return 0;
      const done = await store.readBy(read, accountId);
      return subjects.filter((each) => !hasRead(each, done.get(each.id) ?? 0)).length;
    },
  };
}

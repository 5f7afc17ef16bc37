import { offered } from '../../coding/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import type { RecoveryDeps } from '../deps.ts';
import { storedSettings, writeSettings, type StoredSettings } from './settings.ts';

/** What opens cases, how long steps may take, and what may be given without asking. */
export interface CaseSettingsService {
  read(): Promise<StoredSettings>;
  save(actor: Actor, settings: StoredSettings): Promise<void>;
  /** Reasons that can open a complaint: their names by language, by the keys of their codes. */
  reasons(): Promise<Map<string, Record<string, string>>>;
}

type Deps = Pick<RecoveryDeps, 'storage' | 'clock' | 'accounts' | 'questionnaires' | 'coding'>;

export function createCaseSettings({ storage, clock, accounts, questionnaires, coding }: Deps): CaseSettingsService {
  return {
    read: () => storedSettings(storage.read),
    async save(actor, settings) {
      await storage.transaction(async (tx) => {
        await writeSettings(tx, settings, timestamp(clock));
        await accounts.audit(tx, actor, 'recovery.caseSettings', { kind: 'setting' });
      });
    },
    async reasons() {
      const books = await Promise.all((await questionnaires.programmes()).map(({ id }) => coding.codebook(id)));
      const codes = books.flatMap((book) => (book ? offered(book).filter(({ kind }) => kind === 'reason') : []));
      return new Map(codes.map(({ key, name }) => [key, name]));
    },
  };
}

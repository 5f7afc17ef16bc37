import { offered } from '../../coding/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict } from '../../shared/errors.ts';
import type { RecoveryDeps } from '../deps.ts';
import { storedSettings, writeSettings, type StoredSettings } from './settings.ts';

/** What opens cases, how long steps may take, and what may be given without asking. */
export interface CaseSettingsService {
  /** The revision counts the savings; 0 where nobody has saved any. */
  standing(): Promise<{ setting: StoredSettings; revision: number }>;
  /** @throws Conflict where somebody has saved others since that revision */
  save(actor: Actor, settings: StoredSettings, revision: number): Promise<void>;
  /** Reasons that can open a complaint: their names by language, by the keys of their codes. */
  reasons(): Promise<Map<string, Record<string, string>>>;
}

type Deps = Pick<RecoveryDeps, 'storage' | 'clock' | 'accounts' | 'questionnaires' | 'coding'>;

export function createCaseSettings({ storage, clock, accounts, questionnaires, coding }: Deps): CaseSettingsService {
  return {
    standing: () => storedSettings(storage.read),
    async save(actor, settings, revision) {
      await storage.transaction(async (tx) => {
        if (!(await writeSettings(tx, settings, revision, timestamp(clock)))) throw new Conflict('form.changed');
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

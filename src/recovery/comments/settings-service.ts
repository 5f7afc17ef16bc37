import type { Accounts } from '../../accounts/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { accountOf } from '../../shared/actor.ts';
import { timestamp, type Clock } from '../../shared/clock.ts';
import { Conflict } from '../../shared/errors.ts';
import { languageCodes, type Texts } from '../../i18n/index.ts';
import type { Storage } from '../../storage/index.ts';
import { settingsSchema, STANDARD, type CommentSettings, type PromiseKey, type Starters } from './settings.ts';
import * as store from './store.ts';

export interface SavedSettings extends CommentSettings {
  /** Counts the savings; 0 where nobody has saved any. */
  revision: number;
}

export interface CommentSettingsService {
  settings(): Promise<SavedSettings>;
  /** @throws Conflict where somebody has saved others since that revision */
  saveSettings(actor: Actor, settings: CommentSettings, revision: number): Promise<void>;
  /** What is promised where nobody has written other words. */
  starters(): Promise<Starters>;
}

const ID = 'comments';

interface Deps {
  storage: Storage;
  clock: Clock;
  texts: Texts;
  accounts: Pick<Accounts, 'audit' | 'company'>;
}

export function createCommentSettings({ storage, clock, texts, accounts }: Deps): CommentSettingsService {
  return {
    async settings() {
      const row = await store.findSettings(storage.read, ID);
      return row
        ? { ...settingsSchema.parse(JSON.parse(row.value)), revision: row.revision }
        : { ...STANDARD, revision: 0 };
    },
    async saveSettings(actor, settings, revision) {
      const value = JSON.stringify(settingsSchema.parse(settings));
      const saved = { saved_by: accountOf(actor), saved_at: timestamp(clock) };
      await storage.transaction(async (tx) => {
        const row = { id: ID, value, revision: revision + 1, ...saved };
        if (!(await store.saveSettings(tx, row, revision))) throw new Conflict('form.changed');
        await accounts.audit(tx, actor, 'comments.settings', { kind: 'setting' }, { on: Number(settings.on) });
      });
    },
    async starters() {
      const { name: company } = await accounts.company();
      const starterOf = (which: PromiseKey) =>
        Object.fromEntries(
          languageCodes.map((language) => {
            const t = texts.to(language);
            return [language, t(`comments.starter.${which}`, { company: company || t('mail.us') })];
          }),
        );
      return { guarantee: starterOf('guarantee'), gift: starterOf('gift') };
    },
  };
}

import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import type { Db } from '../../storage/index.ts';
import type { LoyaltyDeps } from '../deps.ts';
import { findSetting, insertSetting } from './anniversary-store.ts';
import { settingSchema, USUAL, type AnniversarySetting } from './setting.ts';

export interface AnniversarySettings {
  read(db: Db): Promise<AnniversarySetting>;
  changed(): Promise<{ by: string | null; at: string } | null>;
  save(actor: Actor, setting: AnniversarySetting): Promise<void>;
}

export function createAnniversarySettings({ storage, clock, accounts }: LoyaltyDeps): AnniversarySettings {
  return {
    async read(db) {
      const found = await findSetting(db);
      return found ? settingSchema.parse(JSON.parse(found.value)) : USUAL;
    },
    async changed() {
      const found = await findSetting(storage.read);
      return found ? { by: found.changed_by, at: found.changed_at } : null;
    },
    async save(actor, setting) {
      const value = JSON.stringify(settingSchema.parse(setting));
      await storage.transaction(async (tx) => {
        await insertSetting(tx, {
          id: newId(clock),
          value,
          changed_by: accountOf(actor),
          changed_at: timestamp(clock),
        });
        await accounts.audit(tx, actor, 'attentions.setting', { kind: 'setting' }, { on: setting.on });
      });
    },
  };
}

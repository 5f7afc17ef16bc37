import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import type { Db } from '../../storage/index.ts';
import type { PaymentDeps } from './deps.ts';
import { findSetting, insertSetting } from './payment-store.ts';
import { settingSchema, USUAL, type PaymentSetting } from './setting.ts';

export interface PaymentSettings {
  read(db: Db): Promise<PaymentSetting>;
  /** Who changed it last; null where it is as it came. */
  changed(): Promise<{ by: string | null; at: string } | null>;
  save(actor: Actor, setting: PaymentSetting): Promise<void>;
}

export function createPaymentSettings({ storage, clock, accounts }: PaymentDeps): PaymentSettings {
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
      const row = { value: JSON.stringify(settingSchema.parse(setting)), changed_by: accountOf(actor) };
      await storage.transaction(async (tx) => {
        await insertSetting(tx, { ...row, id: newId(clock), changed_at: timestamp(clock) });
        await accounts.audit(tx, actor, 'payment.setting', { kind: 'setting' });
      });
    },
  };
}

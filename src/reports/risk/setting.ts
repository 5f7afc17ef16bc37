import { z } from 'zod';
import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import type { Db } from '../../storage/index.ts';
import type { RiskDeps } from './deps.ts';
import * as store from './risk-store.ts';

/** Silence is a sign after so many times the 80th percentile of the gaps. Source: measures, "at risk". */
export const USUAL_FACTOR = 2;

const stored = z.object({ factor: z.number().min(1).max(6) });

/** As a manager types it: '2', '2.5' or '2,5'. */
export const settingForm = z.object({
  factor: z
    .string('risk.error.factor')
    .transform((typed) => Number(typed.trim().replace(',', '.')))
    .pipe(z.number('risk.error.factor').min(1, 'risk.error.factor').max(6, 'risk.error.factor')),
});

export function createSetting({ storage, clock, accounts }: Pick<RiskDeps, 'storage' | 'clock' | 'accounts'>) {
  return {
    async factor(db: Db): Promise<number> {
      const found = await store.lastSetting(db);
      return found ? stored.parse(JSON.parse(found.value)).factor : USUAL_FACTOR;
    },
    /** Everybody is looked at again with it. */
    async save(actor: Actor, factor: number): Promise<void> {
      const row = { id: newId(clock), changed_by: accountOf(actor), changed_at: timestamp(clock) };
      await storage.transaction(async (tx) => {
        await store.addSetting(tx, { ...row, value: JSON.stringify(stored.parse({ factor })) });
        await store.writeState(tx, 'night', store.NO_NIGHT);
        await accounts.audit(tx, actor, 'risk.setting', { kind: 'setting' }, { factor });
      });
    },
  };
}

export type RiskSetting = ReturnType<typeof createSetting>;

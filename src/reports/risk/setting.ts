import { z } from 'zod';
import { createKeptSetting } from '../../accounts/index.ts';
import type { Actor } from '../../shared/actor.ts';
import type { Db } from '../../storage/index.ts';
import type { RiskDeps } from './deps.ts';
import * as store from './risk-store.ts';

/** Silence is a sign after so many times the 80th percentile of the gaps. Source: measures, "at risk". */
const USUAL_FACTOR = 2;

const stored = z.object({ factor: z.number().min(1).max(6) });

/** As a manager types it: '2', '2.5' or '2,5'. */
export const settingForm = z.object({
  factor: z
    .string('risk.error.factor')
    .transform((typed) => Number(typed.trim().replace(',', '.')))
    .pipe(z.number('risk.error.factor').min(1, 'risk.error.factor').max(6, 'risk.error.factor')),
});

export function createSetting({
  storage,
  clock,
  accounts: { audit },
}: Pick<RiskDeps, 'storage' | 'clock' | 'accounts'>) {
  const kept = createKeptSetting(
    { storage, clock, audit },
    {
      schema: stored,
      usual: { factor: USUAL_FACTOR },
      table: 'risk_setting',
      action: 'risk.setting',
      told: ({ factor }) => ({ factor }),
    },
  );
  return {
    factor: async (db: Db): Promise<number> => (await kept.read(db)).factor,
    standing: kept.standing,
    /**
     * Everybody is looked at again with it.
     * @param revision what was standing when it was typed
     * @throws Conflict where somebody has saved another since
     */
    async save(actor: Actor, factor: number, revision: number): Promise<void> {
      await kept.save(actor, { factor }, revision, (tx) => store.writeState(tx, 'night', store.NO_NIGHT));
    },
  };
}

export type RiskSetting = ReturnType<typeof createSetting>;

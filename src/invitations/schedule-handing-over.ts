import type { Actor } from '../shared/actor.ts';
import { timestamp } from '../shared/clock.ts';
import type { InvitationsDeps } from './deps.ts';
import { countSchedulesOf, giveSchedules } from './schedule-store.ts';

/** Recurring waves are signed by somebody: whoever leaves hands them over. */
export interface ScheduleHandingOver {
  /** How many recurring waves that colleague signs, paused ones too. */
  schedulesOf(accountId: string): Promise<number>;
  /** Answers go to the other one, too, where they went to the first. @returns how many recurring waves that were */
  handOverSchedules(actor: Actor, from: string, to: string): Promise<number>;
}

export function createScheduleHandingOver({ storage, clock, accounts }: InvitationsDeps): ScheduleHandingOver {
  return {
    schedulesOf: (accountId) => countSchedulesOf(storage.read, accountId),
    async handOverSchedules(actor, from, to) {
      const before = await accounts.colleague(from);
      const after = await accounts.colleague(to);
      if (!before || !after) return 0;
      const at = timestamp(clock);
      return await storage.transaction(async (tx) => {
        const ids = await giveSchedules(tx, before, after, at);
        for (const id of ids) await accounts.audit(tx, actor, 'schedules.handedOver', { kind: 'schedule', id });
        return ids.length;
      });
    },
  };
}

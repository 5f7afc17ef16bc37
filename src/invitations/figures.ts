import { timestamp } from '../shared/clock.ts';
import { page, type Db, type Page } from '../storage/index.ts';
import { checkAudience, type AudienceCheck } from './audience-check.ts';
import type { InvitationsDeps } from './deps.ts';
import { existingWave } from './existing-wave.ts';
import { keptCounts } from './count-store.ts';
import { countOverdue } from './overdue-store.ts';
import { countInvitations, countSkipped, type SkippedCount } from './recipients-store.ts';
import { countReminders, type ReminderCount } from './reminder-store.ts';
import { accountsOf, type Accounts, type Counts } from './rules.ts';
import type { SendingParts } from './sending-rules.ts';
import { listWaves } from './wave-store.ts';
import type { Wave } from './wave.ts';

export interface WaveStatus {
  wave: Wave;
  accounts: Accounts;
  skipped: SkippedCount[];
  reminders: ReminderCount[];
  /** So many wait in a paused wave whose links have run out. */
  overdue: number;
  /** Why the mail server takes nothing for now; null where it does, or nothing of the wave waits for it. */
  trouble: string | null;
}

export interface ListedWave {
  wave: Wave;
  accounts: Accounts;
}

/** Waves, and what has become of their recipients. */
export interface Figures {
  /** @throws NotFound */
  getWave(id: string): Promise<Wave>;
  /** The newest first; the cursor is a wave's id. */
  listWaves(before: string | null, limit?: number): Promise<Page<ListedWave>>;
  /** Every recipient accounted for, at this moment. @throws NotFound */
  waveStatus(id: string): Promise<WaveStatus>;
  /** What starting it would do now: who is written to, who is not, and why. @throws NotFound */
  checkWave(id: string): Promise<AudienceCheck>;
}

const NOBODY: Counts = { delivery: [], progress: [] };
const WAVES_A_PAGE = 30;

export function createFigures(deps: InvitationsDeps, parts: SendingParts): Figures {
  const { read } = deps.storage;
  return {
    getWave: (id) => existingWave(deps, id),
    async listWaves(before, limit = WAVES_A_PAGE) {
      const { rows, next } = page(await listWaves(read, before, limit + 1), limit, ({ id }) => id);
      const ids = rows.map(({ id }) => id);
      const counts = await countsOf(read, ids);
      return { rows: rows.map((wave) => ({ wave, accounts: accountsOf(counts.get(wave.id) ?? NOBODY) })), next };
    },
    async waveStatus(id) {
      const wave = await existingWave(deps, id);
      const counts = await countsOf(read, [id]);
      return {
        wave,
        accounts: accountsOf(counts.get(id) ?? NOBODY),
        skipped: await countSkipped(read, id),
        reminders: await countReminders(read, id),
        overdue: wave.state === 'paused' ? await countOverdue(read, id, timestamp(deps.clock)) : 0,
        trouble: wave.state === 'sending' ? await deps.mailer.trouble() : null,
      };
    },
    checkWave: async (id) => await checkAudience(deps, parts, await existingWave(deps, id)),
  };
}

/** As they are kept, else counted. */
async function countsOf(db: Db, waveIds: string[]): Promise<Map<string, Counts>> {
  if (waveIds.length === 0) return new Map();
  const kept = await keptCounts(db, waveIds);
  const others = waveIds.filter((id) => !kept.has(id));
  return new Map([...kept, ...(await countInvitations(db, others))]);
}

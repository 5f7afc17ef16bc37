import { z } from 'zod';
import type { Db, Tx } from '../../storage/index.ts';
import { STANDARD_DURATIONS, STANDARD_SILENT_DAYS, type Durations } from './rules.ts';
import { findSetting, saveSetting } from './settings-store.ts';

const SETTINGS_KEY = 'cases';

const days = z.number().int().min(1).max(60);

export const settingsSchema = z.object({
  /** Working hours for the apology, working days for the others. */
  apologiseHours: z.number().int().min(1).max(80),
  actDays: days,
  empathyDays: days,
  makeGoodDays: days,
  followUpDays: days,
  /** After so many days without a word we say that there was none. */
  silentDays: days,
  /** A scale answered in its lowest part, in percent of its length, opens a complaint; 0: never. */
  lowScorePercent: z.number().int().min(0).max(100),
  /** They wish to be called or written to. */
  wish: z.boolean(),
  /** Reasons of leaving and others, by the keys of their codes, that open a complaint when ticked. */
  reasons: z.array(z.string().max(200)).max(50),
  /** Words that open a complaint wherever they stand in an answer. */
  keywords: z.array(z.string().max(80)).max(100),
  /** Somebody who left has answered, and may be contacted: the way back is open. */
  winBack: z.boolean(),
  /** What a colleague may give without asking, in minor units; managers and administrators without limit where null. */
  staffLimitMinor: z.number().int().min(0).max(100_000_000),
});

export type StoredSettings = z.infer<typeof settingsSchema>;

/** What holds until somebody has chosen. */
const STANDARD: StoredSettings = {
  apologiseHours: 4,
  actDays: 1,
  empathyDays: 1,
  makeGoodDays: 3,
  followUpDays: 14,
  silentDays: STANDARD_SILENT_DAYS,
  lowScorePercent: 25,
  wish: true,
  reasons: [],
  keywords: [],
  winBack: true,
  staffLimitMinor: 5000,
};

export interface CaseSettings extends StoredSettings {
  durations: Durations;
  /** What is shorter where it is urgent. */
  urgentDurations: Partial<Durations>;
}

const URGENT: Partial<Durations> = { apologise: { hours: 1 }, act: { hours: 4 }, empathy: { hours: 4 } };

export async function readSettings(db: Db): Promise<CaseSettings> {
  const { setting: stored } = await storedSettings(db);
  return { ...stored, durations: durationsOf(stored), urgentDurations: URGENT };
}

/** As somebody chose them; the revision counts the savings, 0 where nobody has saved any. */
export async function storedSettings(db: Db): Promise<{ setting: StoredSettings; revision: number }> {
  const found = await findSetting(db, SETTINGS_KEY);
  const chosen = found ? (JSON.parse(found.value) as Partial<StoredSettings>) : {};
  return { setting: settingsSchema.parse({ ...STANDARD, ...chosen }), revision: found?.revision ?? 0 };
}

/** In place of those of that revision. @returns whether they still stood there */
export async function writeSettings(tx: Tx, settings: StoredSettings, from: number, at: string): Promise<boolean> {
  const row = { key: SETTINGS_KEY, value: JSON.stringify(settings), updated_at: at, revision: from + 1 };
  return await saveSetting(tx, row, from);
}

function durationsOf(stored: StoredSettings): Durations {
  return {
    ...STANDARD_DURATIONS,
    apologise: { hours: stored.apologiseHours },
    act: { days: stored.actDays },
    empathy: { days: stored.empathyDays },
    make_good: { days: stored.makeGoodDays },
    follow_up: { days: stored.followUpDays },
  };
}

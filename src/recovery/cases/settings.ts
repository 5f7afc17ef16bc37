import { z } from 'zod';
import type { Db, Tx } from '../../storage/index.ts';
import { STANDARD_DURATIONS, STANDARD_SILENT_DAYS, type Durations } from './rules.ts';
import { findSetting, saveSetting } from './settings-store.ts';

export const SETTINGS_KEY = 'cases';

const days = z.number().int().min(1).max(60);
const hours = z.number().int().min(1).max(80);

const schema = z.object({
  /** Working hours for the apology, working days for the others. */
  apologiseHours: hours.default(4),
  actDays: days.default(1),
  empathyDays: days.default(1),
  makeGoodDays: days.default(3),
  followUpDays: days.default(14),
  /** After so many days without a word we say that there was none. */
  silentDays: days.default(STANDARD_SILENT_DAYS),
  /** A scale answered in its lowest part, in percent of its length, opens a complaint; 0: never. */
  lowScorePercent: z.number().int().min(0).max(100).default(25),
  /** They wish to be called or written to. */
  wish: z.boolean().default(true),
  /** Reasons of leaving and others, by the keys of their codes, that open a complaint when ticked. */
  reasons: z.array(z.string().max(200)).max(50).default([]),
  /** Words that open a complaint wherever they stand in an answer. */
  keywords: z.array(z.string().max(80)).max(100).default([]),
  /** Somebody who left has answered, and may be contacted: the way back is open. */
  winBack: z.boolean().default(true),
  /** What a colleague may give without asking, in minor units; managers and administrators without limit where null. */
  staffLimitMinor: z.number().int().min(0).max(100_000_000).default(5000),
});

export type StoredSettings = z.infer<typeof schema>;

export interface CaseSettings extends StoredSettings {
  durations: Durations;
  /** What is shorter where it is urgent. */
  urgentDurations: Partial<Durations>;
}

export const settingsSchema = schema;

const URGENT: Partial<Durations> = { apologise: { hours: 1 }, act: { hours: 4 }, empathy: { hours: 4 } };

export async function readSettings(db: Db): Promise<CaseSettings> {
  const value = await findSetting(db, SETTINGS_KEY);
  const stored = schema.parse(value === undefined ? {} : JSON.parse(value));
  return { ...stored, durations: durationsOf(stored), urgentDurations: URGENT };
}

/** In place of what stood there. */
export async function writeSettings(tx: Tx, settings: StoredSettings, at: string): Promise<void> {
  await saveSetting(tx, SETTINGS_KEY, settings, at);
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

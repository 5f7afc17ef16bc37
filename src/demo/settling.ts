import type { Accounts, WorkingHours } from '../accounts/index.ts';
import { WEEKDAYS } from '../accounts/index.ts';
import type { Actor } from '../shared/actor.ts';
import type { DemoProfile } from './content.ts';

const RETENTION_MONTHS = 36;

/** The company's name, place and notices. What somebody has already said of their own company stays. */
export async function settleCompany({ settings }: Accounts, actor: Actor, profile: DemoProfile): Promise<void> {
  const { saved } = await settings.stored();
  const { name, street, postal_code, city, telephone, email, time_zone, currency, country, language } = profile;
  if (!saved.has('company')) {
    await settings.saveCompany(actor, { name, address: `${street}\n${postal_code} ${city}`, telephone, email });
  }
  if (!saved.has('place')) {
    const place = { timeZone: time_zone, currency, country, defaultLanguage: language };
    await settings.savePlace(actor, { ...place, workingHours: hoursOf(profile) });
  }
  if (!saved.has('notices')) {
    const { imprint, privacy_notice: privacyNotice } = profile;
    await settings.saveNotices(actor, { imprint, privacyNotice, retentionMonths: RETENTION_MONTHS });
  }
}

export function hoursOf({ working_hours: { days, from, to } }: DemoProfile): WorkingHours {
  const week = WEEKDAYS.map((day, i) => [day, days.includes(i + 1) ? { from, to } : null]);
  return Object.fromEntries(week) as WorkingHours;
}

export interface SettleOptions {
  /** Of every colleague; without it nobody can sign in as them. */
  password?: string;
  /** In which all of them read the app; each in their own where it is left out. */
  language?: string;
}

/** Accounts of those who work there, by their keys. */
export async function settleColleagues(
  accounts: Accounts,
  actor: Actor,
  { staff }: DemoProfile,
  options: SettleOptions,
): Promise<Map<string, string>> {
  const known = new Map((await accounts.colleagues()).map(({ email, id }) => [email.toLowerCase(), id]));
  const settle = async ({ key, name, title, email, role, language }: DemoProfile['staff'][number]) => {
    const account = { name, title, email, role, language, ...options };
    const id = known.get(email.toLowerCase()) ?? (await accounts.createAccount(account, actor)).id;
    return [key, id] as const;
  };
  return new Map(await Promise.all(staff.map(settle)));
}

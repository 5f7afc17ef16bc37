import { z } from 'zod';
import { languageCodes, type Texts } from '../i18n/index.ts';
import { asLogo, type Logo } from './logo.ts';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
type Weekday = (typeof WEEKDAYS)[number];

/** 'HH:MM' of the company's time zone. */
export interface Hours {
  from: string;
  to: string;
}
export type WorkingHours = Record<Weekday, Hours | null>;

/** The business, as every page and message needs it. */
export interface Company {
  name: string;
  /** Postal address, one line for each of its lines. */
  address: string;
  telephone: string;
  /** Where customers may write; empty where there is none. */
  email: string;
  workingHours: WorkingHours;
  timeZone: string;
  currency: string;
  /** ISO 3166, two letters. */
  country: string;
  defaultLanguage: string;
  /** The languages in which customers are addressed familiarly: du instead of Sie, je instead of u. */
  familiar: string[];
  /** By language; starter text until somebody has written their own. */
  imprint: Record<string, string>;
  privacyNotice: Record<string, string>;
  /** How long answers are kept. */
  retentionMonths: number;
  logo: Logo | null;
  /** Whether the first run has been finished. */
  setUp: boolean;
}

/** Who writes a letter, line by line: the name, the business, where it is. */
export function signatureOf({ name: house, address }: Pick<Company, 'name' | 'address'>, by: Signer): string[] {
  const place = address
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .join(', ');
  return [by.name, [by.title, house].filter(Boolean).join(', '), place].filter(Boolean);
}

/** A colleague as letters name them. */
interface Signer {
  name: string;
  title: string;
}

const hours = z.object({ from: z.string(), to: z.string() }).nullable();
const byLanguage = z.record(z.string(), z.string());
const OFFICE = { from: '09:00', to: '17:00' };
const WEEK: WorkingHours = { mon: OFFICE, tue: OFFICE, wed: OFFICE, thu: OFFICE, fri: OFFICE, sat: null, sun: null };

/** What each setting's JSON holds, and what stands there before anybody has said anything. */
const stored = {
  company: z.object({ name: z.string(), address: z.string(), telephone: z.string(), email: z.string() }),
  place: z.object({
    timeZone: z.string(),
    currency: z.string(),
    country: z.string(),
    defaultLanguage: z.string(),
    workingHours: z.object({ mon: hours, tue: hours, wed: hours, thu: hours, fri: hours, sat: hours, sun: hours }),
  }),
  notices: z.object({ imprint: byLanguage, privacyNotice: byLanguage, retentionMonths: z.number() }),
  addressing: z.object({ familiar: z.array(z.string()) }),
  logo: z.object({ type: z.enum(['image/png', 'image/jpeg', 'image/webp']), base64: z.string() }).nullable(),
  setup: z.object({ finishedAt: z.string().nullable() }),
} as const;

export type SectionKey = keyof typeof stored;
export type Stored = { [K in SectionKey]: z.infer<(typeof stored)[K]> };

const defaults: Stored = {
  company: { name: '', address: '', telephone: '', email: '' },
  place: { timeZone: 'Europe/Berlin', currency: 'EUR', country: 'DE', defaultLanguage: 'en', workingHours: WEEK },
  notices: { imprint: {}, privacyNotice: {}, retentionMonths: 36 },
  addressing: { familiar: [] },
  logo: null,
  setup: { finishedAt: null },
};

/** Settings as they are kept, by key; keys that nobody has saved yet are missing. */
export function readStored(rows: { key: string; value: string }[]): Stored {
  const values = new Map(rows.map(({ key, value }) => [key, JSON.parse(value) as unknown]));
  const read = <K extends SectionKey>(key: K) =>
    (values.has(key) ? stored[key].parse(values.get(key)) : defaults[key]) as Stored[K];
  return {
    company: read('company'),
    place: read('place'),
    notices: read('notices'),
    addressing: read('addressing'),
    logo: read('logo'),
    setup: read('setup'),
  };
}

export function asCompany({ company, place, notices, addressing, logo, setup }: Stored, texts: Texts): Company {
  // Few pages show them, and they need the texts of every language.
  const starters = () => starterTexts(company, notices.retentionMonths, texts);
  return {
    ...company,
    ...place,
    ...addressing,
    get imprint() {
      return { ...starters().imprint, ...written(notices.imprint) };
    },
    get privacyNotice() {
      return { ...starters().privacyNotice, ...written(notices.privacyNotice) };
    },
    retentionMonths: notices.retentionMonths,
    logo: asLogo(logo),
    setUp: setup.finishedAt !== null,
  };
}

const written = (texts: Record<string, string>) =>
  Object.fromEntries(Object.entries(texts).filter(([, text]) => text.trim() !== ''));

/** A sensible beginning in every language, with what is known of the company filled in. */
export function starterTexts(company: Stored['company'], months: number, texts: Texts) {
  const lines = (...each: string[]) => each.filter((line) => line !== '').join('\n');
  const { name, address, telephone, email } = company;
  const reach = lines(telephone, email);
  const said = (key: string) =>
    Object.fromEntries(
      languageCodes.map((language) => {
        const t = texts.to(language);
        const values = {
          company: name || t('accounts.starter.company'),
          address: lines(name || t('accounts.starter.company'), address),
          contact: key === 'accounts.starter.privacy' ? reach || t('accounts.starter.contact') : reach,
          months,
        };
        return [language, t(key, values).trim()];
      }),
    );
  return { imprint: said('accounts.starter.imprint'), privacyNotice: said('accounts.starter.privacy') };
}

import { ADDRESSES, languageCodes, languageName, type Translate } from '../i18n/index.ts';
import type { FieldErrors } from '../shared/errors.ts';
import { formView, type FormView } from '../web/index.ts';
import { countries, currencies, timeZones, type Choice } from './choices.ts';
import { WEEKDAYS, type Company } from './company.ts';
import type { QuestionnaireText } from './interface.ts';
import { LOGO_ROOM, MOST_LIGHT_BYTES, type Logo } from './logo.ts';
import { walk, type Walk } from './setup-views.ts';
import { languageChoices } from './views.ts';

export interface SectionPage extends Walk {
  form: FormView;
}

export interface CompanyPage extends SectionPage {
  logo: { src: string; width: number; height: number; alt: string; note: string | null } | null;
  /** For the script that makes a picture smaller before it is sent: pixels on a fine screen, and bytes. */
  logoFits: { width: number; height: number; bytes: number };
}

export interface PlacePage extends SectionPage {
  days: { name: string; from: string; to: string; fromLabel: string; toLabel: string }[];
  timeZones: Choice[];
  currencies: Choice[];
  /** The only one left once there are customers, whose amounts are in it. */
  fixedCurrency: { code: string; text: string } | null;
  countries: Choice[];
  languages: Choice[];
}

export interface NoticesPage extends SectionPage {
  languages: { code: string; imprint: string; imprintLabel: string; privacy: string; privacyLabel: string }[];
}

export interface LanguagesPage extends Walk {
  rows: { name: string; language: string; href: string; state: string; mood: string }[];
  waiting: number;
  lead: string;
  /** For each language that has two ways to say "you". */
  addresses: { name: string; legend: string; choices: (Choice & { hint: string; checked: boolean })[] }[];
}

export interface SettingsPage {
  lead: string;
  items: { href: string; text: string; hint: string }[];
}

declare module '../web/render.ts' {
  interface Templates {
    'accounts/company': CompanyPage;
    'accounts/place': PlacePage;
    'accounts/notices': NoticesPage;
    'accounts/languages': LanguagesPage;
    'accounts/settings': SettingsPage;
  }
}

export function companyPage(company: Company, t: Translate, typed?: unknown, errors?: FieldErrors): CompanyPage {
  const { name, address, telephone, email, logo, setUp } = company;
  return {
    ...walk('company', setUp, t),
    form: formView(typed ?? { name, address, telephone, email }, errors, t),
    logo: logo && logoView(logo, t),
    logoFits: { width: LOGO_ROOM.width * 2, height: LOGO_ROOM.height * 2, bytes: MOST_LIGHT_BYTES },
  };
}

function logoView({ picture, light, base64 }: Logo, t: Translate): CompanyPage['logo'] {
  const size = Math.ceil(Buffer.byteLength(base64, 'base64') / 1024);
  const note = light ? null : t('accounts.logo.heavy', { size, most: MOST_LIGHT_BYTES / 1024 });
  return { ...picture, alt: t('accounts.logo.alt'), note };
}

export function placePage(
  company: Company,
  fixed: boolean,
  t: Translate,
  typed?: unknown,
  errors?: FieldErrors,
): PlacePage {
  const { timeZone, currency, country, defaultLanguage, workingHours, setUp } = company;
  const hours = WEEKDAYS.flatMap((day) => [
    [`${day}_from`, workingHours[day]?.from ?? ''],
    [`${day}_to`, workingHours[day]?.to ?? ''],
  ]);
  const kept = { timeZone, currency, country, defaultLanguage, ...Object.fromEntries(hours) } as object;
  const currencyName = currencies(t.language).find(({ value }) => value === currency)?.text ?? currency;
  return {
    ...walk('place', setUp, t),
    form: formView(typed ?? kept, errors, t),
    days: WEEKDAYS.map((day, i) => dayFields(day, weekdayName(i, t.language), t)),
    timeZones: timeZones(),
    currencies: currencies(t.language),
    fixedCurrency: fixed ? { code: currency, text: currencyName } : null,
    countries: countries(t.language),
    languages: languageChoices(),
  };
}

function dayFields(day: string, name: string, t: Translate): PlacePage['days'][number] {
  const labels = { fromLabel: t('accounts.hours.from', { day: name }), toLabel: t('accounts.hours.to', { day: name }) };
  return { name, from: `${day}_from`, to: `${day}_to`, ...labels };
}

/** 5 January 1970 was a Monday. */
function weekdayName(i: number, language: string): string {
  const monday = Date.UTC(1970, 0, 5);
  return new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' }).format(monday + i * 86_400_000);
}

export function noticesPage(company: Company, t: Translate, typed?: unknown, errors?: FieldErrors): NoticesPage {
  const texts = languageCodes.flatMap((code) => [
    [`imprint_${code}`, company.imprint[code] ?? ''],
    [`privacy_${code}`, company.privacyNotice[code] ?? ''],
  ]);
  const kept = { retentionMonths: company.retentionMonths, ...Object.fromEntries(texts) } as object;
  return {
    ...walk('notices', company.setUp, t),
    form: formView(typed ?? kept, errors, t),
    languages: languageCodes.map((code) => ({
      code,
      imprint: `imprint_${code}`,
      imprintLabel: `${t('accounts.imprint')} – ${languageName(code)}`,
      privacy: `privacy_${code}`,
      privacyLabel: `${t('accounts.privacy')} – ${languageName(code)}`,
    })),
  };
}

export function languagesPage(
  list: QuestionnaireText[],
  { setUp, familiar }: Pick<Company, 'setUp' | 'familiar'>,
  t: Translate,
): LanguagesPage {
  const waiting = list.filter(({ approved }) => !approved).length;
  return {
    ...walk('languages', setUp, t),
    rows: list.map(({ name, language, href, approved }) => ({
      name,
      language: languageName(language),
      href,
      state: t(approved ? 'accounts.languages.approved' : 'accounts.languages.waiting'),
      mood: approved ? 'good' : 'late',
    })),
    waiting,
    lead: waiting > 0 ? t('accounts.languages.lead', { count: waiting }) : t('accounts.languages.done'),
    addresses: Object.entries(ADDRESSES).map(([code, words]) => ({
      name: `address_${code}`,
      legend: languageName(code),
      choices: (['polite', 'familiar'] as const).map((value) => ({
        value,
        text: words[value],
        hint: t(`accounts.address.${value}.${code}`),
        checked: familiar.includes(code) === (value === 'familiar'),
      })),
    })),
  };
}

/** What has come of addressing customers otherwise, in words. */
export function addressedNote({ published, drafted }: { published: number; drafted: number }, t: Translate): string {
  return [
    t('accounts.saved'),
    ...(published > 0 ? [t('accounts.address.published', { count: published })] : []),
    ...(drafted > 0 ? [t('accounts.address.drafted', { count: drafted })] : []),
  ].join(' ');
}

const PAGES = [
  'company',
  'place',
  'notices',
  'mail',
  'languages',
  'people',
  'tokens',
  'webhooks',
  'cases',
  'payment',
  'comments',
  'audit',
];

/** What a manager settles as well: how cases are worked. The rest is for administrators. */
const OF_MANAGERS = new Set(['cases', 'payment', 'comments']);

export function settingsPage(t: Translate, mayAll: boolean): SettingsPage {
  return {
    lead: t(mayAll ? 'accounts.settings.lead' : 'accounts.settings.lead.manager'),
    items: PAGES.filter((page) => mayAll || OF_MANAGERS.has(page)).map((page) => ({
      href: `/settings/${page}`,
      text: t(`accounts.${page}`),
      hint: t(`accounts.${page}.hint`),
    })),
  };
}

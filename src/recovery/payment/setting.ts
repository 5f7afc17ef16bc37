import { z } from 'zod';
import type { Limits } from './plan-rules.ts';

/** Independent advice about debts that somebody can turn to, in their country. */
export interface Advice {
  country: string;
  name: string;
  href: string;
}

const MAX_ADVICE = 20;
/** Years. */
const MOST_DAYS = 3 * 365;

export const adviceSchema = z.object({
  country: z.string().regex(/^[A-Z]{2}$/),
  name: z.string().trim().min(1).max(80),
  href: z.url({ protocol: /^https$/ }).max(300),
});

/** How the business treats those who are late with what they owe. Money in minor units. */
export const settingSchema = z.object({
  /** Whether arrears open cases at all. */
  on: z.boolean(),
  /** So many days after an invoice was due. */
  days: z.number().int().min(1).max(365),
  /** Older ones are left to people. */
  mostDays: z.number().int().min(1).max(MOST_DAYS),
  /** Smaller sums are not worth anybody's worry. */
  leastMinor: z.number().int().min(0),
  /** The invitation goes without a colleague's look at it. */
  invitesItself: z.boolean(),
  staffMinor: z.number().int().min(0),
  staffInstalments: z.number().int().min(2).max(12),
  advice: z.array(adviceSchema).max(MAX_ADVICE),
});

export type PaymentSetting = z.infer<typeof settingSchema> & Limits;

/** Independent and free of charge; public or charitable. Each business puts in the one nearest to its customers. */
const STARTERS: Advice[] = [
  { country: 'DE', name: 'Schuldnerberatung der Caritas', href: 'https://www.caritas.de/' },
  { country: 'DE', name: 'Schuldnerberatung der Diakonie', href: 'https://www.diakonie.de/' },
  { country: 'NL', name: 'Geldfit', href: 'https://geldfit.nl/' },
  { country: 'NO', name: 'NAV, økonomi- og gjeldsrådgivning', href: 'https://www.nav.no/' },
  { country: 'GB', name: 'MoneyHelper', href: 'https://www.moneyhelper.org.uk/' },
];

export const USUAL: PaymentSetting = {
  on: true,
  days: 21,
  mostDays: 365,
  leastMinor: 2000,
  invitesItself: false,
  staffMinor: 100_000,
  staffInstalments: 6,
  advice: STARTERS,
};

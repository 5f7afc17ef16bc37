import { z } from 'zod';
import type { Condition } from '../storage/index.ts';
import { day, LANGUAGE_CODES, line, money } from './fields.ts';
import type { LegalBasis } from './customer.ts';

const MOST_NAMED = 20_000;
const some = <T extends z.ZodType>(each: T, most = 500) => z.array(each).min(1).max(most).optional();

const months = z.int().min(1).max(240);

/** What customers answered; who keeps answers says who that is. */
const answersSchema = z.object({
  /** Ids of codes of any codebook: gave one of these reasons, or a finer one. */
  reasons: some(z.uuid()),
  /** What they said last about how well their needs are met, of five: happy 4 and 5, unhappy 1 and 2. */
  contentment: z.enum(['happy', 'unhappy']).optional(),
  /** Answered in so many months up to today; with reasons, gave them then. */
  answeredWithinMonths: months.optional(),
});

/** Who belongs to an audience: what is absent does not limit it; a list is satisfied by any of its values. */
export const audienceSchema = z.object({
  status: z.enum(['active', 'left']).optional(),
  leftFrom: day.optional(),
  leftTo: day.optional(),
  /** Left in so many months up to today. */
  leftWithinMonths: z.int().min(1).max(240).optional(),
  languages: some(z.enum(LANGUAGE_CODES)),
  countries: some(z.string().regex(/^[A-Z]{2}$/)),
  segments: some(line(60)),
  tags: some(line(40)),
  contactAccountIds: some(z.uuid()),
  worthFromMinor: money.optional(),
  worthToMinor: money.optional(),
  /** Bought something with these words in its name. */
  boughtItem: line(120).optional(),
  /** Bought something, of those words where they are named, in so many months up to today. */
  boughtWithinMonths: months.optional(),
  /** At least so many such purchases. */
  purchasesFrom: z.int().min(1).max(1000).optional(),
  /** Nothing at all in so many months up to today. */
  notBoughtWithinMonths: months.optional(),
  ...answersSchema.shape,
  references: some(line(64), MOST_NAMED),
  /** Named one by one, by their ids. */
  customerIds: z.array(z.uuid()).max(MOST_NAMED).optional(),
  /** One of so many equal parts of all customers, by a number that is each one's for good. */
  turn: z.object({ part: z.int().min(0).max(51), of: z.int().min(2).max(52) }).optional(),
});

export type AudienceFilter = z.infer<typeof audienceSchema>;

/** What is asked of customers' answers. */
export interface AnswersAsked {
  reasons: string[] | undefined;
  contentment: AudienceFilter['contentment'];
  /** A day. */
  answeredSince: string | undefined;
}

/** A filter with what it means today. */
export interface Audience {
  filter: AudienceFilter;
  leftSince: string | undefined;
  boughtSince: string | undefined;
  notBoughtSince: string | undefined;
  /** About `customer`, made by whoever keeps the answers. */
  answered: Condition | undefined;
}

export interface AudienceCustomer {
  id: string;
  language: string;
  country: string;
  /** '' where there is none. */
  email: string;
  /** '' where there is none. */
  legalBasis: LegalBasis | '';
  unsubscribedAt: string | null;
  worthMinor: number;
}

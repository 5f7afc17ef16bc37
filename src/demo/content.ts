import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** What people wrote for the sample company, read from data/demo. Everything in it is made up. */

export const DEMO_LANGUAGES = ['de', 'en', 'nl', 'nb'] as const;
const SEGMENTS = ['household', 'office', 'gastronomy'] as const;
/** Keys of the codebook of leaving. */
export const REASONS = [
  'price',
  'quality',
  'competitor',
  'responsiveness',
  'promises',
  'complaints',
  'dissatisfaction',
  'moved',
  'payment',
  'other',
  'unknown',
] as const;
/** The open questions of the satisfaction questionnaire; `needs` goes with a scale from 1 to 5. */
export const SATISFACTION_QUESTIONS = ['why_buy', 'needs', 'improve', 'miss', 'value', 'competitors'] as const;
/** What several say of late that no reason covers. */
export const THEMES = ['packaging', 'mail'] as const;

export type DemoLanguage = (typeof DEMO_LANGUAGES)[number];
export type Segment = (typeof SEGMENTS)[number];
export type Reason = (typeof REASONS)[number];
export type Theme = (typeof THEMES)[number];
export type SatisfactionQuestion = (typeof SATISFACTION_QUESTIONS)[number];

const language = z.enum(DEMO_LANGUAGES);
const segment = z.enum(SEGMENTS);
const byLanguage = z.record(language, z.string());
const words = z.array(z.string()).min(1);

const companySchema = z.object({
  name: z.string(),
  street: z.string(),
  postal_code: z.string(),
  city: z.string(),
  country: z.string(),
  telephone: z.string(),
  email: z.string(),
  website: z.string(),
  time_zone: z.string(),
  currency: z.string(),
  language,
  languages: z.array(language),
  working_hours: z.object({ days: z.array(z.number()), from: z.string(), to: z.string() }),
  sender: z.object({ staff: z.string(), name: z.string(), email: z.string() }),
  imprint: byLanguage,
  privacy_notice: byLanguage,
  staff: z.array(
    z.object({
      key: z.string(),
      name: z.string(),
      title: z.string(),
      email: z.string(),
      role: z.enum(['staff', 'manager', 'administrator']),
      language,
      codes: z.boolean(),
      contact_for: z.array(language),
    }),
  ),
});

const people = z.object({ weight: z.number(), women: words, men: words, family: words });
const namesSchema = z.record(language, z.object({ people: z.array(people), office: words, gastronomy: words }));

const town = z.object({ city: z.string(), postal_code: z.string(), region: z.string(), weight: z.number() });
const country = z.object({ time_zone: z.string(), streets: words, telephones: words, towns: z.array(town).min(1) });
const placesSchema = z.record(z.string(), country);

const item = z.object({ name: z.string(), from_minor: z.number(), to_minor: z.number() });
const productsSchema = z.object({
  segments: z.record(
    segment,
    z.object({
      share: z.number(),
      typical_year_minor: z.number(),
      typical_purchase_minor: z.number(),
      items: z.array(item).min(1),
    }),
  ),
  tags: z.record(segment, words),
  notes: z.record(language, words),
  dealing_notes: z.record(language, z.object({ visit: words, complaint: words })),
  basis_sources: z.object({ contract: words, consent: words, existing_customer: words }),
});

const reason = z.enum(REASONS);
const leavingTextSchema = z.strictObject({
  text: z.string(),
  codes: z.array(reason).min(1),
  detail: z.string().optional(),
  mode: z.enum(['telephone', 'paper']).optional(),
  segment: segment.optional(),
  years: z.number().optional(),
  spoken_by: z.enum(['woman', 'man']).optional(),
  ticked: z.array(reason).optional(),
  probe: z.string().optional(),
  keep: z.string().optional(),
  now: z.string().optional(),
  before: z.literal(true).optional(),
  theme: z.enum(THEMES).optional(),
});
const satisfactionTextSchema = z.strictObject({
  question: z.enum(SATISFACTION_QUESTIONS),
  text: z.string(),
  codes: z.array(z.string()).min(1),
  score: z.number().int().min(1).max(5).optional(),
  segment: segment.optional(),
  spoken_by: z.enum(['woman', 'man']).optional(),
});
const answersSchema = z.object({
  lang: language,
  leaving: z.array(leavingTextSchema),
  satisfaction: z.array(satisfactionTextSchema),
});

export type DemoProfile = z.infer<typeof companySchema>;
type DemoNames = z.infer<typeof namesSchema>;
type DemoPlaces = z.infer<typeof placesSchema>;
export type DemoProducts = z.infer<typeof productsSchema>;
/**
 * An answer to "What happened before you decided to stop buying from us?": `codes` as a careful colleague would code
 * it, main reason first, and `detail` the code of the second level that says the main one more exactly; `keep` what we could have done; `now` where they buy today; `ticked` what they ticked in the
 * list, the one that mattered most first, where that differs from their words. `before`: said in the year before the last; `theme`: what else it is about, mostly said in the last. `segment`, `years` (as a customer) and
 * `spoken_by` say whom the words fit; without `mode` it was written by e-mail link.
 */
export type LeavingText = z.infer<typeof leavingTextSchema> & { lang: DemoLanguage };
/**
 * An answer to one of the six questions: `codes` of the codebook of satisfaction as a careful colleague would give them,
 * the weightiest first; `score` is the step of the scale that the words on `needs` explain.
 */
export type SatisfactionText = z.infer<typeof satisfactionTextSchema> & { lang: DemoLanguage };

export interface DemoContent {
  profile: DemoProfile;
  names: DemoNames;
  places: DemoPlaces;
  products: DemoProducts;
  leaving: LeavingText[];
  satisfaction: SatisfactionText[];
}

const folder = new URL('../../data/demo/', import.meta.url);

/** Reads and checks the files; throws a ZodError where one of them is malformed. */
export function loadDemoContent(): DemoContent {
  const answers = DEMO_LANGUAGES.map((lang) => answersSchema.parse(read(`answers-${lang}.json`)));
  return {
    profile: companySchema.parse(read('company.json')),
    names: namesSchema.parse(read('names.json')),
    places: placesSchema.parse(read('places.json')),
    products: productsSchema.parse(read('products.json')),
    leaving: answers.flatMap(({ lang, leaving }) => leaving.map((one) => ({ ...one, lang }))),
    satisfaction: answers.flatMap(({ lang, satisfaction }) => satisfaction.map((one) => ({ ...one, lang }))),
  };
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
}

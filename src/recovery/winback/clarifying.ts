import type { Translate } from '../../i18n/index.ts';

const ASKED_ABOUT: readonly string[] = [
  'price',
  'quality',
  'competitor',
  'responsiveness',
  'promises',
  'complaints',
  'dissatisfaction',
  'moved',
  'payment',
];

/** Open questions that narrow their reason down, in the language of `own`. */
export function questionsOf(reasonKey: string, own: Translate): string[] {
  const key = ASKED_ABOUT.includes(reasonKey) ? reasonKey : 'unknown';
  return ['1', '2', '3'].map((number) => own(`winback.clarify.${key}.${number}`));
}

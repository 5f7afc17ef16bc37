import { formatNumber, languageName, type Translate } from '../i18n/index.ts';
import { opensOnlyHere } from '../shared/only-here.ts';
import type { AudienceCheck } from './audience-check.ts';
import type { InvitationLetter } from './letter.ts';
import type { ReasonGroup } from './reason-group.ts';
import { HOLD_MINUTES } from './running.ts';
import type { Wave } from './wave.ts';
import { audienceFacts, reminderWords, untilWords, type Fact } from './words.ts';

export interface SkippedLine {
  reason: string;
  count: string;
  until: string;
  href: string | null;
}

export interface WaveCheck {
  name: string;
  lead: string;
  facts: Fact[];
  edit: string;
  languages: { name: string; count: string; preview: string }[];
  otherLanguage: string | null;
  /** That some are drawn for the holdout; null where nobody is. */
  withheld: string | null;
  skipped: SkippedLine[];
  total: string;
  tabs: { text: string; href: string; current: boolean }[];
  letter: InvitationLetter | null;
  /** Without a letter where nobody has approved words for it. */
  reminders: { heading: string; letter: InvitationLetter | null }[];
  from: string;
  replyTo: string;
  /** Where the links of the preview lead. */
  pages: string;
  test: { action: string; language: string; customerId: string; label: string };
  /** Null where nobody would get it. */
  start: { action: string; label: string } | null;
  hold: string;
  /** What to know about where the messages go; null with a mail server. */
  kept: string | null;
  /** The letter would not say who writes; null where it does. */
  nameless: string | null;
  /** That nobody else could open the links; null where they can, and where no letter leaves. */
  onlyHere: string | null;
  /** That other questions were published since this wave took its own; null where these are the newest. */
  newer: string | null;
  discard: string;
}

declare module '../web/render.ts' {
  interface Templates {
    'invitations/check': WaveCheck;
    'invitations/letter': InvitationLetter;
  }
}

interface CheckFacts {
  wave: Wave;
  check: AudienceCheck;
  questionnaire: string;
  company: string;
  letter: InvitationLetter | undefined;
  /** In their order. */
  reminders: (InvitationLetter | undefined)[];
  language: string;
  sampleId: string | null;
  myEmail: string;
  captures: boolean;
  baseUrl: string;
  /** The numbers of what this wave asks and of what a new one would. */
  versions: { own: number; newest: number };
  currency: string;
  reasons: ReasonGroup[];
  timeZone: string;
}

export function waveCheck(facts: CheckFacts, t: Translate): WaveCheck {
  const { wave, check, letter, language, sampleId } = facts;
  const { own, newest } = facts.versions;
  const number = (value: number) => formatNumber(value, t.language);
  const at = `/waves/${wave.id}`;
  return {
    name: wave.name,
    lead: leadOf(check, t),
    facts: checkFacts(facts, t),
    edit: `${at}/edit`,
    languages: check.languages.map((each) => ({
      name: languageName(each.language),
      count: number(each.count),
      preview: `${at}?language=${each.language}#preview`,
    })),
    otherLanguage: check.otherLanguage === 0 ? null : t('waves.check.otherLanguage', { count: check.otherLanguage }),
    withheld: check.withheld === 0 ? null : t('waves.check.withheld', { count: check.withheld }),
    skipped: check.skipped.map((each) => skippedLine(each, facts.timeZone, t)),
    total: number(check.total),
    tabs: check.languages.map((each) => ({
      text: languageName(each.language),
      href: `${at}?language=${each.language}#preview`,
      current: each.language === language,
    })),
    letter: letter ?? null,
    reminders: facts.reminders.map((each, i) => ({
      heading: t('waves.check.reminder', { number: i + 1, day: wave.reminderDays[i] ?? 0 }),
      letter: each ?? null,
    })),
    from: [wave.senderName, facts.company].filter(Boolean).join(', '),
    replyTo: wave.replyTo,
    pages: letter?.button.href ?? '',
    test: {
      action: `${at}/test`,
      language,
      customerId: sampleId ?? '',
      label: t('waves.check.test', { email: facts.myEmail }),
    },
    start:
      check.writable === 0 ? null : { action: `${at}/start`, label: t('waves.check.start', { count: check.writable }) },
    hold: t('waves.check.hold', { count: HOLD_MINUTES }),
    kept: facts.captures ? t('waves.check.kept') : null,
    nameless: facts.company === '' ? t('waves.check.nameless') : null,
    onlyHere: !facts.captures && opensOnlyHere(facts.baseUrl) ? t('mail.onlyHere', { address: facts.baseUrl }) : null,
    newer: newest > own ? t('waves.check.newer', { own, newest }) : null,
    discard: `${at}/discard`,
  };
}

function leadOf({ writable, total }: AudienceCheck, t: Translate): string {
  if (total === 0) return t('waves.check.lead.empty');
  return writable === 0
    ? t('waves.check.lead.nobody', { count: total })
    : t('waves.check.lead', { count: writable, total });
}

function checkFacts({ wave, questionnaire, currency, reasons }: CheckFacts, t: Translate): Fact[] {
  return [
    { term: t('waves.fact.questionnaire'), value: questionnaire },
    ...audienceFacts(wave.audience, { currency, reasons }, t),
    { term: t('waves.fact.sender'), value: wave.senderName },
    { term: t('waves.fact.replyTo'), value: wave.replyTo },
    { term: t('waves.fact.reminders'), value: reminderWords(wave.reminderDays, t) },
    { term: t('waves.fact.expires'), value: t('waves.fact.days', { count: wave.expiresDays }) },
  ];
}

/** Why so many are left out, and until when. */
export function skippedLine(
  { reason, count, from, until }: { reason: string; count: number; from: string | null; until: string | null },
  timeZone: string,
  t: Translate,
  href: string | null = null,
): SkippedLine {
  return {
    reason: t(`waves.skip.${reason}`),
    count: formatNumber(count, t.language),
    until: untilWords({ from, until }, timeZone, t) ?? t(`waves.until.${reason}`),
    href,
  };
}

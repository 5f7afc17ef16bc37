import { formatMoment, formatNumber, languageName, type Translate } from '../../i18n/index.ts';
import { leftOutWords } from '../../invitations/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { formView, type FormView, type Staff } from '../../web/index.ts';
import { formLanguages, typedWording, type Wording } from '../wording.ts';
import type { TellingCheck } from './looking.ts';
import { stateOn, type Policy } from './policy.ts';
import type { ApprovedLetter } from './telling-letter.ts';
import type { SampleMail } from './telling-note.ts';
import { wordsOf } from './words.ts';

export interface TellingPage {
  back: string;
  said: string;
  language: string;
  lead: string;
  /** Why nothing can be sent; null where it can. */
  blocked: string | null;
  leftOut: string[];
  people: { href: string; name: string; why: string }[];
  form: FormView;
  action: string;
  seen: number;
  approved: string | null;
  languages: { code: string; name: string; open: boolean }[];
  wanting: string | null;
  previews: { name: string; language: string; from: string; subject: string; text: string; count: string }[];
  test: { action: string; languages: { value: string; text: string }[] } | null;
  send: { action: string; seen: number; after: string; text: string } | null;
  hold: string;
  standing: string | null;
  stop: { action: string; text: string } | null;
  next: string | null;
  kept: boolean;
}

declare module '../../web/render.ts' {
  interface Templates {
    'retention/telling': TellingPage;
  }
}

interface TellingFacts {
  policy: Policy;
  letter: ApprovedLetter | null;
  check: TellingCheck;
  counts: Record<string, number>;
  samples: Map<string, SampleMail>;
  approver: string;
  /** What the form begins with where nothing was written yet. */
  draft: Wording;
  fallback: string;
  today: string;
  after: string;
  captures: boolean;
  typed?: Record<string, unknown> | undefined;
  errors?: FieldErrors | undefined;
}

export function tellingPage(facts: TellingFacts, staff: Staff): TellingPage {
  const { policy, letter, check, samples, after } = facts;
  const { t, timeZone } = staff;
  const at = `/policies/${policy.id}/message`;
  const blocked = stateOn(policy, facts.today) === 'in_force' ? null : t('policies.error.notInForce');
  const { said, language } = wordsOf(policy, t.language, facts.fallback);
  const waiting = facts.counts.queued ?? 0;
  return {
    back: `/policies/${policy.id}`,
    said,
    language,
    lead: leadOf(facts, t),
    blocked,
    leftOut: check.leftOut.map((each) => leftOutWords(t(`policies.untold.${each.why}`), each, timeZone, t)),
    people: check.people.map(({ id, name, why }) => ({
      href: `/customers/${id}`,
      name,
      why: t(`policies.untold.${why}`),
    })),
    form: formView(facts.typed ?? typedWording(letter?.texts ?? facts.draft), facts.errors, t),
    action: at,
    seen: letter?.number ?? 0,
    approved: letter && t('policies.letter.approved', approvedBy(facts, letter, staff)),
    languages: formLanguages(t.language, { ...facts.draft, ...letter?.texts, ...wantedIn(check) }).map((each) => ({
      code: each.language,
      name: languageName(each.language),
      open: each.open,
    })),
    wanting: wantingWords(check, t),
    previews: [...samples].map(([code, sample]) => ({
      name: languageName(code),
      language: code,
      from: sample.from.name,
      subject: sample.subject,
      text: sample.text,
      count: forHowMany(check.written.get(code) ?? 0, t),
    })),
    test: letter && {
      action: `${at}/test`,
      languages: Object.keys(letter.texts).map((value) => ({ value, text: languageName(value) })),
    },
    send:
      letter && blocked === null && check.count > 0
        ? { action: `${at}/send`, seen: letter.number, after, text: t('policies.send', { count: check.count }) }
        : null,
    hold: t('policies.hold'),
    standing: standingWords(facts.counts, t),
    stop: waiting > 0 ? { action: `${at}/stop`, text: t('policies.stop', { count: waiting }) } : null,
    next: check.next === null ? null : `${at}?after=${check.next}`,
    kept: facts.captures,
  };
}

function leadOf({ check, letter }: TellingFacts, t: Translate): string {
  const wanting = [...check.wanting.values()].reduce((sum, each) => sum + each, 0);
  if (check.count > 0) return t('policies.telling.lead', { count: check.count });
  if (letter === null && wanting > 0) return t('policies.telling.lead.unwritten', { count: wanting });
  return t('policies.telling.lead.nobody');
}

const approvedBy = ({ approver }: TellingFacts, { createdAt, number }: ApprovedLetter, { t, timeZone }: Staff) => ({
  name: approver,
  number,
  at: formatMoment(createdAt, t.language, timeZone),
});

/** The languages of those who could be written to, so that their fields stand open. */
const wantedIn = ({ wanting, written }: TellingCheck): Wording =>
  Object.fromEntries([...wanting.keys(), ...written.keys()].map((language) => [language, {}]));

function wantingWords({ wanting }: TellingCheck, t: Translate): string | null {
  if (wanting.size === 0) return null;
  const list = new Intl.ListFormat(t.language, { type: 'conjunction' });
  const each = [...wanting].map(([code, count]) => `${languageName(code)} (${formatNumber(count, t.language)})`);
  return t('policies.letter.wanting', { languages: list.format(each) });
}

function standingWords(counts: Record<string, number>, t: Translate): string | null {
  const states = ['queued', 'sending', 'sent', 'unknown', 'failed', 'cancelled'].filter((state) => counts[state]);
  if (states.length === 0) return null;
  return states
    .map((state) => t(`policies.message.${state}`, { number: formatNumber(counts[state] ?? 0, t.language) }))
    .join(' · ');
}

/** Nothing where nobody is left to be told in this language: the letter can still be read. */
const forHowMany = (count: number, t: Translate): string => (count === 0 ? '' : t('policies.told.count', { count }));

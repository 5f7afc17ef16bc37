import { formatDay, languageCodes, languageIn, languageName, type Translate } from '../../i18n/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { formView, hasRole, type FormView, type Staff } from '../../web/index.ts';
import type { TextRow } from './library-store.ts';
import { PLACEHOLDERS } from './rules.ts';
import type { Aftermath, WholeAnswer } from './pages-service.ts';

export interface AnswerPage {
  question: string;
  language: string;
  retired: string | null;
  texts: TextView[];
  missing: { text: string; href: string }[];
  facts: { term: string; text: string; late: boolean }[];
  after: string;
  review: { action: string; form: FormView; owners: Option[]; seen: string } | null;
  retire: { action: string; text: string } | null;
  history: string[];
  summary: FormView;
}

interface TextView {
  id: string;
  language: string;
  name: string;
  question: string;
  body: string;
  note: string;
  proposed: boolean;
  edit: string | null;
  decide: { action: string; why: { field: string; typed: string; error: string } } | null;
}

export interface WritePage {
  title: string;
  action: string;
  back: string;
  form: FormView;
  /** 0 for a first text. */
  number: number;
  language: string;
  languages: Option[];
  owners: Option[];
  isNew: boolean;
  mayApprove: boolean;
  placeholders: { name: string; text: string }[];
  /** The answer in another language, to write it from. */
  model: { language: string; question: string; body: string } | null;
}

interface Option {
  value: string;
  text: string;
}

declare module '../../web/render.ts' {
  interface Templates {
    'recovery/library-answer': AnswerPage;
    'recovery/library-write': WritePage;
  }
}

const AT = '/playbook/answers';

interface Shared {
  colleagues: { id: string; name: string; active: boolean }[];
  typed?: Record<string, unknown> | undefined;
  errors?: FieldErrors | undefined;
}

export interface AnswerFacts extends WholeAnswer, Shared {
  /** Programs propose and approve, too. */
  programs: { id: string; name: string }[];
  today: string;
}

export function answerPage(facts: AnswerFacts, staff: Staff): AnswerPage {
  const { answer, texts, colleagues, typed, errors } = facts;
  const { t } = staff;
  const manages = hasRole(staff.role, 'manager');
  const current = texts.filter(({ state }) => state === 'approved' || state === 'proposed');
  const heading = current.find(({ language }) => language === staff.language) ?? current[0] ?? texts[0];
  const written = new Set(current.map(({ language }) => language));
  const mine = manages || answer.owner_id === staff.id;
  const live = answer.retired_at === null;
  const at = `${AT}/${answer.id}`;
  const summary = formView({}, errors, t);
  return {
    question: heading?.question ?? '',
    language: heading?.language ?? staff.language,
    retired: live ? null : t('library.retired.on', { day: day(answer.retired_at, t) }),
    texts: languageCodes
      .flatMap((code) => current.filter(({ language }) => language === code))
      .map((text) => ({
        ...textView(text, facts, t),
        edit: live && !hasProposal(current, text.language) ? `${at}/${text.language}` : null,
        decide: manages && live && text.state === 'proposed' ? deciding(text.id, at, facts, summary) : null,
      })),
    missing: (live ? languageCodes.filter((code) => !written.has(code)) : []).map((code) => ({
      text: t('library.write.in', { language: languageIn(code, t.language) }),
      href: `${at}/${code}`,
    })),
    facts: factsOf(facts, t),
    after: afterWords(facts.aftermath, t),
    review:
      mine && live
        ? {
            action: `${at}/review`,
            form: formView(typed ?? { ownerId: answer.owner_id, reviewOn: '' }, errors, t),
            owners: owners(colleagues),
            seen: answer.review_on,
          }
        : null,
    retire: manages
      ? { action: `${at}/${live ? 'retirement' : 'revival'}`, text: t(live ? 'library.retire' : 'library.revive') }
      : null,
    history: texts.map((text) => historyLine(text, facts, t)),
    summary,
  };
}

/** The answer's texts may wait at the same time: each says for itself why it is declined. */
export const reasonField = (textId: string): string => `reason-${textId}`;

function deciding(textId: string, at: string, { typed }: AnswerFacts, { errors }: FormView): TextView['decide'] {
  const field = reasonField(textId);
  const error = errors[field] ?? '';
  return { action: `${at}/texts/${textId}/decision`, why: { field, typed: error ? String(typed?.reason) : '', error } };
}

const day = (at: string | null, t: Translate): string => formatDay((at ?? '').slice(0, 10), t.language);
const hasProposal = (texts: TextRow[], language: string): boolean =>
  texts.some((each) => each.language === language && each.state === 'proposed');
const owners = (colleagues: Shared['colleagues']): Option[] =>
  colleagues.filter(({ active }) => active).map(({ id, name }) => ({ value: id, text: name }));
const nameIn = ({ colleagues, programs }: AnswerFacts, id: string | null): string =>
  [...colleagues, ...programs].find((each) => each.id === id)?.name ?? '–';

function textView(text: TextRow, facts: AnswerFacts, t: Translate): Omit<TextView, 'edit' | 'decide'> {
  const { id, language, question, body, state, number } = text;
  const proposed = state === 'proposed';
  const who = proposed ? (text.proposed_by ?? text.proposed_token) : (text.decided_by ?? text.decided_token);
  const by = { name: nameIn(facts, who), number };
  const on = day(proposed ? text.proposed_at : text.decided_at, t);
  return {
    id,
    language,
    name: languageName(language),
    question,
    body,
    proposed,
    note: t(proposed ? 'library.text.proposed' : 'library.text.approved', { ...by, day: on }),
  };
}

function factsOf(facts: AnswerFacts, t: Translate): AnswerPage['facts'] {
  const { answer, today } = facts;
  const late = answer.review_on <= today && answer.retired_at === null;
  const next = formatDay(answer.review_on, t.language);
  return [
    { term: t('library.owner'), text: nameIn(facts, answer.owner_id), late: false },
    { term: t('library.reviewOn'), text: late ? t('library.review.overdue', { day: next }) : next, late },
    ...(answer.reviewed_at === null
      ? []
      : [{ term: t('library.reviewedAt'), text: day(answer.reviewed_at, t), late: false }]),
  ];
}

/** Counts with their base; no share, because so few cases say little. */
function afterWords({ uses, cases, asked, settled, notQuite, silent }: Aftermath, t: Translate): string {
  if (uses === 0) return t('library.after.never');
  const used = t('library.after.used', { count: uses, cases });
  return asked === 0
    ? `${used} ${t('library.after.notAsked')}`
    : `${used} ${t('library.after.said', { count: asked, settled, notQuite, silent })}`;
}

function historyLine(text: TextRow, facts: AnswerFacts, t: Translate): string {
  const state = t(`library.state.${text.state}`);
  const values = {
    language: languageName(text.language),
    number: text.number,
    name: nameIn(facts, text.proposed_by ?? text.proposed_token),
    day: day(text.proposed_at, t),
  };
  const line = `${t('library.history.line', values)}: ${state}`;
  return text.reason === '' ? line : `${line} – ${text.reason}`;
}

export interface WriteFacts extends Shared {
  whole: WholeAnswer | null;
  typed: Record<string, unknown>;
  reviewOn: string;
}

/** A new question, or the next version of a text in one language, from the text that stands. */
export function writePage({ whole, typed, errors, colleagues, reviewOn }: WriteFacts, staff: Staff): WritePage {
  const { t } = staff;
  const language = String(typed.language);
  const texts = whole?.texts ?? [];
  const newest = texts.find((text) => text.language === language);
  const model = newest ?? texts.find(({ state }) => state === 'approved') ?? texts[0];
  const first = { question: newest?.question ?? '', body: newest?.body ?? '{greeting}\n\n' };
  const fresh = { ownerId: staff.id, reviewOn, ...(whole ? first : {}) };
  const name = languageIn(language, t.language);
  const title =
    whole === null ? t('library.new') : t(newest ? 'library.edit.title' : 'library.write.title', { language: name });
  return {
    title,
    action: whole === null ? AT : `${AT}/${whole.answer.id}/${language}`,
    back: whole === null ? AT : `${AT}/${whole.answer.id}`,
    form: formView({ ...fresh, ...typed }, errors, t),
    number: newest?.number ?? 0,
    language,
    languages: languageCodes.map((code) => ({ value: code, text: languageName(code) })),
    owners: owners(colleagues),
    isNew: whole === null,
    mayApprove: hasRole(staff.role, 'manager'),
    placeholders: PLACEHOLDERS.map((each) => ({ name: `{${each}}`, text: t(`library.placeholder.${each}`) })),
    model: newest || !model ? null : { language: model.language, question: model.question, body: model.body },
  };
}

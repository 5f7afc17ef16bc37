import type { AudienceFilter } from '../customers/index.ts';
import { nameInWords } from '../questionnaires/index.ts';
import { countryIn, languageName, type Translate } from '../i18n/index.ts';
import type { FieldErrors } from '../shared/errors.ts';
import { formView, type FormView } from '../web/index.ts';
import type { ReasonGroup } from './reason-group.ts';
import { MONTHS_BACK, TICKED } from './wave-form.ts';

interface Option {
  value: string;
  text: string;
}

export interface TickList {
  name: string;
  legend: string;
  open: boolean;
  options: (Option & { id: string; checked: boolean })[];
}

export interface WaveForm {
  heading: string;
  action: string;
  form: FormView;
  questionnaires: Option[];
  senders: Option[];
  statuses: Option[];
  /** 'Chosen: 12 customers'; '' where nobody is named one by one. */
  named: string;
  leftWithin: Option[];
  reminders: Option[];
  worthHint: string;
  /** Lists of values of which any may be ticked; those without values are left out. */
  lists: TickList[];
  bought: { open: boolean; within: Option[]; without: Option[] };
  answered: { open: boolean; contentment: Option[]; within: Option[]; reasons: TickList[] };
  save: string;
  back: string;
}

declare module '../web/render.ts' {
  interface Templates {
    'invitations/form': WaveForm;
    'invitations/fields': WaveForm;
    'invitations/tick-list': TickList;
  }
}

export interface FormFacts {
  /** The wave that is edited, or null for a new one. */
  waveId: string | null;
  typed: Record<string, unknown>;
  errors: FieldErrors | undefined;
  questionnaires: { id: string; name: string; archivedAt: string | null }[];
  colleagues: { id: string; name: string; title: string }[];
  facets: { languages: string[]; countries: string[]; segments: string[]; tags: string[] };
  reasons: ReasonGroup[];
  currency: string;
  /** The part of the audience that the form cannot ask for. */
  named?: AudienceFilter;
}

export function waveForm(facts: FormFacts, t: Translate): WaveForm {
  const { waveId, typed, errors, questionnaires, colleagues, currency } = facts;
  return {
    heading: t(waveId === null ? 'waves.form.new' : 'waves.form.edit'),
    action: waveId === null ? '/waves' : `/waves/${waveId}`,
    form: formView(typed, errors, t),
    questionnaires: questionnaires.map(({ id, name, archivedAt }) => ({
      value: id,
      text:
        archivedAt === null
          ? nameInWords(name, t)
          : t('waves.form.questionnaire.isArchived', { name: nameInWords(name, t) }),
    })),
    senders: colleagues.map(({ id, name, title }) => ({ value: id, text: [name, title].filter(Boolean).join(', ') })),
    statuses: ['', 'left', 'active'].map((value) => ({ value, text: t(`waves.form.status.${value || 'any'}`) })),
    named: namesIn(facts.named ?? {}, t),
    leftWithin: monthsBack('leftWithin.any', 'waves.audience.leftWithin', t),
    reminders: ['none', 'one', 'two'].map((many, count) => ({
      value: String(count),
      text: t(`waves.form.reminders.${many}`),
    })),
    worthHint: t('waves.form.worth.hint', { currency }),
    lists: listsOf(facts, t),
    bought: boughtPart(facts, t),
    answered: answeredPart(facts, t),
    save: t('waves.form.save'),
    back: waveId === null ? '/waves' : `/waves/${waveId}`,
  };
}

function monthsBack(any: string, each: string, t: Translate): Option[] {
  return [
    { value: '', text: t(`waves.form.${any}`) },
    ...MONTHS_BACK.map((months) => ({ value: String(months), text: t(each, { count: months }) })),
  ];
}

const chosenIn = (typed: FormFacts['typed'], name: string) => new Set([typed[name] ?? []].flat().map(String));
const isAsked = ({ typed, errors }: FormFacts, names: string[]) =>
  names.some((name) => (typed[name] ?? '') !== '' || errors?.[name] !== undefined);

function boughtPart(facts: FormFacts, t: Translate): WaveForm['bought'] {
  return {
    open: isAsked(facts, ['boughtItem', 'boughtWithin', 'purchasesFrom', 'notBoughtWithin']),
    within: monthsBack('leftWithin.any', 'waves.audience.leftWithin', t),
    without: monthsBack('noMatter', 'waves.audience.notBought', t),
  };
}

function answeredPart(facts: FormFacts, t: Translate): WaveForm['answered'] {
  const chosen = chosenIn(facts.typed, 'reasons');
  const reasons = facts.reasons.map(({ programme, name, codes }) => ({
    name: 'reasons',
    legend: name,
    open: codes.some(({ id }) => chosen.has(id)),
    options: codes
      .filter(({ id, top }) => top || chosen.has(id))
      .map((code, i) => ({
        value: code.id,
        id: `reasons-${programme}-${i}`,
        text: code.name,
        checked: chosen.has(code.id),
      })),
  }));
  return {
    open: chosen.size > 0 || isAsked(facts, ['contentment', 'answeredWithin']),
    contentment: ['', 'happy', 'unhappy'].map((value) => ({
      value,
      text: t(value === '' ? 'waves.form.noMatter' : `waves.audience.contentment.${value}`),
    })),
    within: monthsBack('noMatter', 'waves.audience.leftWithin', t),
    reasons: reasons.filter(({ options }) => options.length > 0),
  };
}

function namesIn({ customerIds, references }: AudienceFilter, t: Translate): string {
  const named = customerIds ?? references;
  return named ? `${t('waves.audience.named.term')}: ${t('waves.audience.named', { count: named.length })}` : '';
}

function listsOf({ typed, facets }: FormFacts, t: Translate): WaveForm['lists'] {
  return TICKED.flatMap((name) => {
    const chosen = chosenIn(typed, name);
    const values = [...new Set([...facets[name], ...chosen])].filter((value) => value !== '');
    if (values.length === 0) return [];
    const options = values.map((value, i) => ({
      value,
      id: `${name}-${i}`,
      text: nameOf(name, value, t.language),
      checked: chosen.has(value),
    }));
    return [{ name, legend: t(`waves.form.${name}`), open: chosen.size > 0, options }];
  });
}

function nameOf(list: (typeof TICKED)[number], value: string, language: string): string {
  if (list === 'languages') return languageName(value);
  return list === 'countries' ? countryIn(value, language) : value;
}

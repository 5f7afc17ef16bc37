import type { AudienceFilter } from '../customers/index.ts';
import { nameInWords } from '../questionnaires/index.ts';
import { languageName, type Translate } from '../i18n/index.ts';
import type { FieldErrors } from '../shared/errors.ts';
import { formView, type FormView } from '../web/index.ts';
import { countryName } from './words.ts';
import { LEFT_WITHIN, TICKED } from './wave-form.ts';

interface Option {
  value: string;
  text: string;
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
  lists: { name: string; legend: string; open: boolean; options: (Option & { id: string; checked: boolean })[] }[];
  save: string;
  back: string;
}

declare module '../web/render.ts' {
  interface Templates {
    'invitations/form': WaveForm;
    'invitations/fields': WaveForm;
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
    leftWithin: [
      { value: '', text: t('waves.form.leftWithin.any') },
      ...LEFT_WITHIN.map((months) => ({
        value: String(months),
        text: t('waves.audience.leftWithin', { count: months }),
      })),
    ],
    reminders: ['none', 'one', 'two'].map((many, count) => ({
      value: String(count),
      text: t(`waves.form.reminders.${many}`),
    })),
    worthHint: t('waves.form.worth.hint', { currency }),
    lists: listsOf(facts, t),
    save: t('waves.form.save'),
    back: waveId === null ? '/waves' : `/waves/${waveId}`,
  };
}

function namesIn({ customerIds, references }: AudienceFilter, t: Translate): string {
  const named = customerIds ?? references;
  return named ? `${t('waves.audience.named.term')}: ${t('waves.audience.named', { count: named.length })}` : '';
}

function listsOf({ typed, facets }: FormFacts, t: Translate): WaveForm['lists'] {
  return TICKED.flatMap((name) => {
    const chosen = new Set([typed[name] ?? []].flat().map(String));
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
  return list === 'countries' ? countryName(value, language) : value;
}

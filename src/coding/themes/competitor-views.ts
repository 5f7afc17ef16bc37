import { formatNumber, formatShare } from '../../i18n/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { formView, type FormView, type Staff } from '../../web/index.ts';
import type { Competitor } from './competitor-rules.ts';
import type { WrittenAnswer } from './competitor-answers.ts';
import type { CompetitorsNamed, NamedCompetitor } from './competitors.ts';
import { voiceOf, type VoiceView } from './theme-views.ts';

export interface ConfirmedView {
  name: string;
  href: string;
  spellings: string;
  responses: string;
  /** Share and interval; says so where the base is too small. */
  share: string;
  /** For the bar, 0 to 100; null where none is drawn. */
  bar: { share: number; low: number; high: number; indicative: boolean } | null;
  action: string;
  label: string;
}

export interface OpenView {
  id: string;
  name: string;
  spellings: string;
  count: string;
  href: string;
  voices: VoiceView[];
  action: string;
  form: FormView;
  options: { value: string; text: string }[];
}

export interface CompetitorsPage {
  back: string;
  lead: string;
  base: string;
  confirmed: ConfirmedView[];
  open: OpenView[];
  empty: string;
  /** Names that count as another one, or as nobody. */
  rest: { name: string; what: string; action: string; label: string }[];
}

export interface CompetitorPage {
  heading: string;
  back: string;
  lead: string;
  answers: (VoiceView & { href: string })[];
  more: string;
}

declare module '../../web/render.ts' {
  interface Templates {
    'coding/competitors': CompetitorsPage;
    'coding/competitor': CompetitorPage;
  }
}

interface Gathered {
  base: number;
  byRoot: ReadonlyMap<string, number>;
  all: Competitor[];
  open: Competitor[];
  examples: ReadonlyMap<string, WrittenAnswer[]>;
}

const FEW = 10;
const INDICATIVE = 30;

export function competitorsPage(
  key: string,
  { base, rows }: CompetitorsNamed,
  { all, open, byRoot, examples }: Gathered,
  staff: Staff,
  rejected?: { id: string; errors: FieldErrors },
): CompetitorsPage {
  const { t } = staff;
  const path = `/codebook/${key}/competitors`;
  const others = (id: string) => all.filter((each) => each.rootId === id && each.id !== id).map(({ name }) => name);
  const written = (names: string[]) => (names.length > 0 ? t('competitors.written', { names: names.join(', ') }) : '');
  return {
    back: `/codebook/${key}`,
    lead: rows.length > 0 ? t('competitors.lead', { count: rows.length }) : t('competitors.lead.none'),
    base: t('competitors.base', { count: base }),
    confirmed: rows.map((row) => confirmedView(path, base, row, written(row.spellings), staff)),
    open: open.map((each) => ({
      id: each.id,
      name: each.name,
      spellings: written(others(each.id)),
      count: t('competitors.count', { count: byRoot.get(each.id) ?? 0 }),
      href: `${path}/${each.id}`,
      voices: (examples.get(each.id) ?? []).map(voiceOf),
      action: `${path}/${each.id}`,
      form: formView({}, rejected?.id === each.id ? rejected.errors : undefined, t),
      options: [{ value: '', text: t('competitors.choose') }, ...targetsOf(each, all)],
    })),
    empty: open.length > 0 ? '' : t(base > 0 ? 'competitors.none' : 'competitors.none.yet'),
    rest: all
      .filter(({ state }) => state === 'no' || state === 'same')
      .map(({ id, name, state, rootId }) => ({
        name,
        what:
          state === 'no'
            ? t('competitors.state.no')
            : t('competitors.state.same', { name: all.find((each) => each.id === rootId)?.name ?? '' }),
        action: `${path}/${id}`,
        label: t('competitors.backOf', { name }),
      })),
  };
}

const targetsOf = (one: Competitor, all: Competitor[]) =>
  all
    .filter(({ id, state }) => id !== one.id && (state === 'yes' || state === 'new'))
    .sort((a, b) => Number(b.state === 'yes') - Number(a.state === 'yes') || a.name.localeCompare(b.name))
    .map(({ id, name }) => ({ value: id, text: name }));

function confirmedView(
  path: string,
  base: number,
  { id, name, responses, share }: NamedCompetitor,
  spellings: string,
  { t, language }: Staff,
): ConfirmedView {
  const percent = (value: number) => Math.round(value * 1000) / 10;
  const bounds = [share.low, share.high].map((each) => formatNumber(Math.round(each * 100), language)).join('–');
  const told = `${formatShare(share.share, language)} (${bounds})`;
  return {
    name,
    href: `${path}/${id}`,
    spellings,
    responses: t('competitors.responses', { count: responses, base }),
    share: base < FEW ? t('competitors.few') : base < INDICATIVE ? `${told} ${t('competitors.indicative')}` : told,
    bar:
      base < FEW
        ? null
        : {
            share: percent(share.share),
            low: percent(share.low),
            high: percent(share.high),
            indicative: base < INDICATIVE,
          },
    action: `${path}/${id}`,
    label: t('competitors.backOf', { name }),
  };
}

/** The answers behind a figure. */
export function competitorPage(
  key: string,
  one: Competitor,
  { answers, next }: { answers: WrittenAnswer[]; next: string | null },
  count: number,
  { t }: Staff,
): CompetitorPage {
  const path = `/codebook/${key}/competitors`;
  return {
    heading: one.name,
    back: path,
    lead: t('competitors.answers', { count, name: one.name }),
    answers: answers.map(({ responseId, ...words }) => ({ ...voiceOf(words), href: `/responses/${responseId}` })),
    more: next === null ? '' : `${path}/${one.id}?${new URLSearchParams({ after: next })}`,
  };
}

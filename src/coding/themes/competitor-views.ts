import { formatNumber, formatShare } from '../../i18n/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { formView, type FormView, type Staff } from '../../web/index.ts';
import type { Body } from '../code-form.ts';
import type { WrittenAnswer } from './competitor-answers.ts';
import type { Places } from './competitor-lists.ts';
import type { Competitor } from './competitor-rules.ts';
import type { Competitors, NamedCompetitor } from './competitors.ts';
import { voiceOf, type VoiceView } from './theme-views.ts';

interface ConfirmedView {
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

interface OpenView {
  id: string;
  name: string;
  spellings: string;
  count: string;
  href: string;
  voices: VoiceView[];
  action: string;
  form: FormView;
}

/** To a list's next part, and back to its beginning. */
interface ListLinks {
  more: string | null;
  first: string | null;
}

export interface CompetitorsPage {
  back: string;
  lead: string;
  base: string;
  confirmed: ConfirmedView[];
  confirmedLinks: ListLinks;
  /** How many names are still to be judged. */
  waiting: string;
  /** Names to count as; any other can be typed too. */
  suggested: string[];
  open: OpenView[];
  openLinks: ListLinks;
  empty: string;
  /** Names that count as another one, or as nobody. */
  aside: { name: string; what: string; action: string; label: string }[];
  asideLinks: ListLinks;
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

type Gathered = Awaited<ReturnType<Competitors['lists']>>;

/** What was typed for a name, and why it was not taken. */
export interface Rejected {
  id: string;
  typed: Body;
  errors: FieldErrors;
}

const FEW = 10;
const INDICATIVE = 30;

export function competitorsPage(
  key: string,
  places: Places,
  gathered: Gathered,
  staff: Staff,
  rejected?: Rejected,
): CompetitorsPage {
  const { t } = staff;
  const { base, confirmed, named, suggested, open, aside, roots } = gathered;
  const path = `/codebook/${key}/competitors`;
  const actionOf = (id: string) => listsAddress(`${path}/${id}`, places);
  return {
    back: `/codebook/${key}`,
    lead: confirmed.total > 0 ? t('competitors.lead', { count: confirmed.total }) : t('competitors.lead.none'),
    base: t('competitors.base', { count: base }),
    confirmed: named.map((row) => confirmedView(path, base, row, actionOf(row.id), staff)),
    confirmedLinks: linksOf(path, places, 'confirmed', confirmed.next),
    waiting: open.total > 0 ? t('competitors.waiting', { count: open.total }) : '',
    suggested: suggested.map(({ name }) => name),
    open: open.rows.map((each) => openView(path, each, gathered, actionOf(each.id), staff, rejected)),
    openLinks: linksOf(path, places, 'open', open.next),
    empty: open.total > 0 ? '' : t(base > 0 ? 'competitors.none' : 'competitors.none.yet'),
    aside: aside.rows.map(({ id, name, state, rootId }) => ({
      name,
      what:
        state === 'no'
          ? t('competitors.state.no')
          : t('competitors.state.same', { name: roots.get(rootId)?.name ?? '' }),
      action: actionOf(id),
      label: t('competitors.backOf', { name }),
    })),
    asideLinks: linksOf(path, places, 'aside', aside.next),
  };
}

/** The page or an action on it, with each list where it is. */
export function listsAddress(path: string, places: Places): string {
  const known = Object.entries(places).filter((each): each is [string, string] => each[1] !== null);
  return known.length > 0 ? `${path}?${new URLSearchParams(known)}` : path;
}

/** Only this list goes on: the others stay where they are. */
const linksOf = (path: string, places: Places, list: keyof Places, next: string | null): ListLinks => ({
  more: next === null ? null : `${listsAddress(path, { ...places, [list]: next })}#${list}`,
  first: places[list] === null ? null : `${listsAddress(path, { ...places, [list]: null })}#${list}`,
});

const written = (names: string[], { t }: Staff) =>
  names.length > 0 ? t('competitors.written', { names: names.join(', ') }) : '';

function openView(
  path: string,
  { id, name, responses }: Competitor,
  { spellings, examples }: Gathered,
  action: string,
  staff: Staff,
  rejected?: Rejected,
): OpenView {
  const { t } = staff;
  const own = rejected?.id === id ? rejected : undefined;
  return {
    id,
    name,
    spellings: written(spellings.get(id) ?? [], staff),
    count: t('competitors.count', { count: responses }),
    href: `${path}/${id}`,
    voices: (examples.get(id) ?? []).map(voiceOf),
    action,
    form: formView(own?.typed, own?.errors, t),
  };
}

function confirmedView(
  path: string,
  base: number,
  { id, name, spellings, responses, share }: NamedCompetitor,
  action: string,
  staff: Staff,
): ConfirmedView {
  const { t, language } = staff;
  const percent = (value: number) => Math.round(value * 1000) / 10;
  const bounds = [share.low, share.high].map((each) => formatNumber(Math.round(each * 100), language)).join('–');
  const told = `${formatShare(share.share, language)} (${bounds})`;
  return {
    name,
    href: `${path}/${id}`,
    spellings: written(spellings, staff),
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
    action,
    label: t('competitors.backOf', { name }),
  };
}

/** The answers behind a figure. */
export function competitorPage(
  key: string,
  one: Competitor,
  { answers, next }: { answers: WrittenAnswer[]; next: string | null },
  { t }: Staff,
): CompetitorPage {
  const path = `/codebook/${key}/competitors`;
  return {
    heading: one.name,
    back: path,
    lead: t('competitors.answers', { count: one.responses, name: one.name }),
    answers: answers.map(({ responseId, ...words }) => ({ ...voiceOf(words), href: `/responses/${responseId}` })),
    more: next === null ? '' : `${path}/${one.id}?${new URLSearchParams({ after: next })}`,
  };
}

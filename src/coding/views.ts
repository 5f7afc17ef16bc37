import { nameInWords } from '../questionnaires/index.ts';
import { formatDay, formatMoment, formatNumber } from '../i18n/index.ts';
import type { FieldErrors } from '../shared/errors.ts';
import { dayIn } from '../shared/dates.ts';
import { formatMoneyWhole } from '../shared/money.ts';
import { formView, hasRole, type FormView, type Staff } from '../web/index.ts';
import { labelOf, offered, textIn, ultimate } from './codebook.ts';
import type { DeskItem, Order, Queue } from './desk.ts';
import type { CodedPlace, Counts } from './desk-store.ts';
import { rowsOf, ticksOf, type DeskRow, type Typed } from './row-views.ts';
import type { Coding } from './rules.ts';
import type { GivenCode } from './service.ts';
import { askedAt, otherWords, wordsAt, type Words } from './words-views.ts';

export type { DeskRow, Typed } from './row-views.ts';
export type { Words } from './words-views.ts';

export interface Tab {
  href: string;
  text: string;
  current: boolean;
}

export interface DeskHead {
  programmes: Tab[];
  queues: Tab[];
  /** Which of the open answers comes first; none where there is no choice. */
  orders: Tab[];
  coverage: string;
  /** Null while there is nothing to code. */
  meter: { total: number; coded: number } | null;
  codebook: string;
  /** The address of the CSV file, for those who may have it. */
  download: string | null;
}

export interface DeskRowView {
  row: DeskRow;
  /** Whether the engine has suggested anything for this answer. */
  suggests: boolean;
}

export interface DeskPage extends DeskHead {
  form: FormView;
  notice: string;
  /** Where the queue goes on without a change; empty where that is this page. */
  goOn: string;
  item: DeskItemView | null;
  empty: string;
}

export interface DeskItemView {
  action: string;
  responseId: string;
  questionKey: string;
  expected: number;
  queue: string;
  order: Order;
  only: string;
  answer: Words;
  probe: Words | null;
  others: Words[];
  facts: string;
  ticked: { text: string; names: string }[];
  given: string;
  mainElsewhere: string;
  noMain: boolean;
  suggests: boolean;
  rows: DeskRow[];
  more: DeskRow[];
  another: string;
  options: string[];
  focus: { name: string; about: string } | null;
}

export interface MinePage extends DeskHead {
  items: { href: string; text: string; language: string; when: string }[];
  more: string;
}

export interface ShownCode {
  questionKey: string;
  name: string;
  who: string;
  /** Says that it is the main one; empty where it is not. */
  main: string;
  /** Ticked by whoever answered, not given by somebody who read it. */
  byRespondent: boolean;
}

declare module '../web/render.ts' {
  interface Templates {
    'coding/desk': DeskPage;
    'coding/head': DeskHead;
    'coding/mine': MinePage;
    'coding/row': DeskRowView;
  }
}

export interface At {
  programme: { key: string; name: string };
  programmes: { key: string; name: string }[];
  queue: Queue | 'mine';
  order: Order;
  /** The key of the code whose answers alone are shown. */
  only: string | null;
}

type Where = Partial<Pick<At, 'order' | 'only'>>;

export function deskPath(programmeKey: string, queue: string, { order, only }: Where = {}): string {
  const query = new URLSearchParams({
    ...(queue !== 'open' && { queue }),
    ...(order === 'worth' && { order }),
    ...(only && { code: only }),
  });
  return `/answers/${programmeKey}${query.size > 0 ? `?${query}` : ''}`;
}

/** One answer, with the queue to go on with afterwards. */
export const answerPath = (programmeKey: string, responseId: string, questionKey: string, order?: Order): string =>
  `/answers/${programmeKey}/${responseId}/${questionKey}${order === 'worth' ? '?order=worth' : ''}`;

export function headView(at: At, counts: Counts, { t, role }: Staff): DeskHead {
  const { programme, programmes, queue, order, only } = at;
  const total = counts.open + counts.skipped + counts.coded;
  const tab = (name: Queue | 'mine', text: string) => ({
    href: deskPath(programme.key, name, { order }),
    text,
    current: name === queue && only === null,
  });
  return {
    programmes:
      programmes.length < 2
        ? []
        : programmes.map(({ key, name }) => ({
            href: deskPath(key, 'open', { order }),
            text: nameInWords(name, t),
            current: key === programme.key,
          })),
    queues: [
      tab('open', t('coding.queue.open', { count: counts.open })),
      tab('skipped', t('coding.queue.skipped', { count: counts.skipped })),
      tab('mine', t('coding.queue.mine')),
    ],
    orders: ordersOf(at, counts, t),
    coverage: t('coding.coverage', { coded: counts.coded, total }),
    meter: total > 0 ? { total, coded: counts.coded } : null,
    codebook: `/codebook/${programme.key}`,
    download: hasRole(role, 'manager') ? `/answers/${programme.key}/codings.csv` : null,
  };
}

/** Of one answer nothing comes first, and what was put aside has an order of its own. */
function ordersOf({ programme, queue, order, only }: At, { open }: Counts, t: Staff['t']): Tab[] {
  if (queue !== 'open' || only !== null || open < 2) return [];
  return (['oldest', 'worth'] as const).map((each) => ({
    href: deskPath(programme.key, queue, { order: each }),
    text: t(`coding.order.${each}`),
    current: each === order,
  }));
}

export interface Telling {
  notice?: string;
  goOn?: string;
  errors?: FieldErrors;
  typed?: Typed;
}

export function deskPage(
  at: At,
  head: DeskHead,
  item: DeskItem | null,
  facts: { ranking: ReadonlyMap<string, number>; names: ReadonlyMap<string, string> },
  staff: Staff,
  { notice = '', goOn = '', errors, typed }: Telling = {},
): DeskPage {
  const { t } = staff;
  return {
    ...head,
    form: formView({}, errors && renamed(errors), t),
    notice,
    goOn,
    item: item && itemView(at, item, facts, staff, typed),
    empty: t(
      head.meter === null ? 'coding.empty.none' : at.queue === 'skipped' ? 'coding.empty.skipped' : 'coding.empty.done',
    ),
  };
}

/** The page has an element `main` already. */
function renamed({ main, ...rest }: FieldErrors): FieldErrors {
  return main ? { ...rest, 'no-main': main } : rest;
}

function itemView(
  { programme, queue, order, only }: At,
  item: DeskItem,
  { ranking, names }: Parameters<typeof deskPage>[3],
  staff: Staff,
  typed: Typed | undefined,
): DeskItemView {
  const { task, answers, definition, book, codings } = item;
  const { t, language } = staff;
  const key = task.question_key;
  const own = codings.filter((each) => each.coderKind === 'colleague' && each.questionKey === key);
  const ticks = typed ?? ticksOf(own, book);
  const { rows, more } = rowsOf(item, ticks, ranking, staff);
  const elsewhere = codings.find((each) => each.coderKind === 'colleague' && each.isMain && each.questionKey !== key);
  const other = elsewhere && ultimate(book, elsewhere.codeId);
  const first = rows[0];
  return {
    action: `/answers/${programme.key}`,
    responseId: task.response_id,
    questionKey: key,
    expected: task.revision,
    queue,
    order,
    only: only ?? '',
    answer: wordsAt(definition, answers, key, language) ?? {
      asked: askedAt(definition, key, language),
      text: '',
      language,
    },
    probe: wordsAt(definition, answers, `${key}.probe`, language),
    others: otherWords(definition, answers, key, language),
    facts: factsOf(item, staff),
    ticked: tickedBy(item, staff),
    given: givenLine(item, own, names, staff),
    mainElsewhere: other ? t('coding.mainElsewhere', { reason: labelOf(book, other, language) }) : '',
    noMain: typed?.noMain ?? false,
    suggests: item.suggestions.length > 0,
    rows,
    more,
    another: typed?.another ?? '',
    options: offered(book).map((code) => labelOf(book, code, language)),
    focus: first ? { name: first.name, about: first.about } : null,
  };
}

/** 'German', 'Tysk': the name of a language as the reader's language has it, to begin a line with. */
function nameOfLanguage(code: string, reader: string): string {
  const name = new Intl.DisplayNames([reader], { type: 'language' }).of(code) ?? code;
  return name.charAt(0).toLocaleUpperCase(reader) + name.slice(1);
}

function factsOf({ task, response, customerSince }: DeskItem, { t, language, timeZone, currency }: Staff): string {
  const day = dayIn(timeZone, new Date(response.submittedAt ?? response.updatedAt));
  const said = t('coding.facts', {
    language: nameOfLanguage(response.language, language),
    mode: t(`coding.mode.${response.mode}`),
    day: formatDay(day, language),
  });
  const since = customerSince ? t('coding.since', { year: customerSince.slice(0, 4) }) : '';
  const worth = formatMoneyWhole(task.worth_minor, currency, language);
  return [said, since, task.worth_minor > 0 ? t('coding.worth', { worth }) : ''].filter(Boolean).join(' ');
}

function tickedBy({ codings, book, answers }: DeskItem, { t, language }: Staff): DeskItemView['ticked'] {
  const ticked = codings.filter((each) => each.coderKind === 'respondent');
  const named = (some: Coding[]) =>
    some.map((each) => textIn(book.byId.get(each.codeId)?.name ?? {}, language)).join(', ');
  const others = [...answers.values()].flatMap(({ value }) =>
    value.kind === 'reasons' && value.other ? [value.other] : [],
  );
  return [
    { text: t('coding.tickedMain'), names: named(ticked.filter((each) => each.isMain)) },
    { text: t('coding.tickedToo'), names: named(ticked.filter((each) => !each.isMain)) },
    { text: t('coding.tickedOther'), names: others.map((words) => t('coding.quoted', { words })).join(', ') },
  ].filter((each) => each.names !== '');
}

/** Who coded it before, and why it is back where it is. */
function givenLine(
  item: DeskItem,
  own: Coding[],
  names: ReadonlyMap<string, string>,
  { t, language, timeZone }: Staff,
) {
  const { task, book } = item;
  const last = [...own].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))[0];
  if (!last) return '';
  const who = (last.accountId && names.get(last.accountId)) || t('coding.someProgram');
  const said = t('coding.given', { who, when: formatMoment(last.createdAt, language, timeZone) });
  if (task.state === 'coded') return said;
  const split = own.map((each) => book.byId.get(each.codeId)).find((code) => code?.splitAt);
  if (split) return `${said} ${t('coding.splitSince', { reason: textIn(split.name, language) })}`;
  return `${said} ${t((task.answered_at ?? '') > last.createdAt ? 'coding.changedSince' : 'coding.openAgain')}`;
}

export function minePage(
  head: DeskHead,
  programmeKey: string,
  rows: CodedPlace[],
  next: string | null,
  staff: Staff,
): MinePage {
  return {
    ...head,
    items: rows.map(({ responseId, questionKey, verbatim, language, codedAt }) => ({
      href: answerPath(programmeKey, responseId, questionKey),
      text: verbatim,
      language,
      when: formatMoment(codedAt, staff.language, staff.timeZone),
    })),
    more: next === null ? '' : `${deskPath(programmeKey, 'mine')}&${new URLSearchParams({ after: next })}`,
  };
}

/** Codes on answers in words, the main ones first, for pages of other features. */
export function shownCodes(given: GivenCode[], { t, language, timeZone }: Staff): ShownCode[] {
  const mainFirst = given.toSorted((a, b) => Number(b.isMain) - Number(a.isMain));
  return mainFirst.map(({ questionKey, name, coderKind, coder, isMain, probability, at }) => ({
    questionKey,
    name: textIn(name, language),
    main: isMain ? t('coding.main') : '',
    byRespondent: coderKind === 'respondent',
    who: t(`coding.by.${coderKind}`, {
      who: coder ?? t('coding.someProgram'),
      when: formatDay(dayIn(timeZone, new Date(at)), language),
      share: formatNumber(probability ?? 0, language, { style: 'percent' }),
    }),
  }));
}

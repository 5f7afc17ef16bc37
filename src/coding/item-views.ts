import { formatDay, formatMoment, languageIn } from '../i18n/index.ts';
import { dayIn } from '../shared/dates.ts';
import { formatMoneyWhole } from '../shared/money.ts';
import type { Staff } from '../web/index.ts';
import { sayingsOf, type Saying } from './auditing/opinion-views.ts';
import { labelOf, offered, textIn, ultimate } from './codebook.ts';
import type { DeskItem, Order } from './desk.ts';
import type { At } from './head-views.ts';
import { rowsOf, ticksOf, type DeskRow, type Typed } from './row-views.ts';
import type { Coding } from './rules.ts';
import { askedAt, otherWords, wordsAt, type Words } from './words-views.ts';

export interface DeskItemView {
  action: string;
  responseId: string;
  questionKey: string;
  expected: number;
  queue: string;
  order: Order;
  only: string;
  theme: string;
  answer: Words;
  probe: Words | null;
  others: Words[];
  facts: string;
  ticked: { text: string; names: string }[];
  given: string;
  /** What two people gave who differ. */
  opinions: Saying[];
  mainElsewhere: string;
  noMain: boolean;
  suggests: boolean;
  rows: DeskRow[];
  more: DeskRow[];
  another: string;
  options: string[];
  focus: { name: string; about: string } | null;
}

export interface ItemFacts {
  /** How often each code was given, by its id. */
  ranking: ReadonlyMap<string, number>;
  /** Colleagues by their ids. */
  names: ReadonlyMap<string, string>;
}

export function itemView(
  { programme, queue, order, only, theme }: At,
  item: DeskItem,
  { ranking, names }: ItemFacts,
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
    theme: theme?.id ?? '',
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
    opinions: item.opinions.map((said) => sayingsOf(said, book, names, staff)),
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
  const name = languageIn(code, reader);
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

/** What they ticked themselves; whoever is to be unswayed does not see that either. */
function tickedBy({ codings, book, answers, unswayed }: DeskItem, { t, language }: Staff): DeskItemView['ticked'] {
  if (unswayed) return [];
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

import { formatNumber } from '../../i18n/index.ts';
import { hasRole, type Staff } from '../../web/index.ts';
import { textIn, type Codebook } from '../codebook.ts';
import type { Page } from '../../storage/index.ts';
import { agreementPath, answerPath, type DeskHead } from '../head-views.ts';
import type { AgreementOn, Agreements, Differing } from './agreement.ts';
import { sayingsOf, type Saying } from './opinion-views.ts';

export interface AgreementPage extends DeskHead {
  lead: string;
  rows: AgreementRow[];
  items: DifferingView[];
  more: string;
}

interface AgreementRow {
  name: string;
  /** Where its description is changed; empty for those who may not. */
  href: string;
  sub: boolean;
  given: string;
  /** Empty where there are too few. */
  alpha: string;
  verdict: string;
}

interface DifferingView {
  responseId: string;
  questionKey: string;
  text: string;
  language: string;
  action: string;
  first: Saying & { take: string };
  second: Saying & { take: string };
  anew: string;
}

declare module '../../web/render.ts' {
  interface Templates {
    'coding/agreement': AgreementPage;
  }
}

/** Answers that two people coded, below which nothing is said; and those with a reason, below which nothing is said of it. */
const FEWEST = 10;
const FEWEST_GIVEN = 5;

interface AgreementFacts {
  head: DeskHead;
  programmeKey: string;
  book: Codebook;
  names: ReadonlyMap<string, string>;
  agreements: Agreements;
  differing: Page<Differing>;
}

/** How far two people who coded the same answers agree on each code, and the answers on which they differ. */
export function agreementPage(facts: AgreementFacts, staff: Staff): AgreementPage {
  const { head, programmeKey, agreements, differing } = facts;
  const { rows, next } = differing;
  const { t } = staff;
  const { answers: count } = agreements;
  return {
    ...head,
    lead: count === 0 ? t('coding.agreement.none') : t('coding.agreement.lead', { count }),
    rows: agreements.codes.map((each) => rowOf(each, facts, staff)),
    items: rows.map((each) => differingView(each, facts, staff)),
    more: next === null ? '' : `${agreementPath(programmeKey)}?${new URLSearchParams({ after: next })}`,
  };
}

function rowOf(found: AgreementOn, { book, programmeKey, agreements }: AgreementFacts, staff: Staff): AgreementRow {
  const { t, language, role } = staff;
  const code = book.byId.get(found.code);
  const verdict = verdictOn(found, agreements);
  const hasAlpha = found.alpha !== undefined && verdict !== 'few' && verdict !== 'seldom';
  return {
    name: code ? textIn(code.name, language) : '',
    href:
      code && hasRole(role, 'manager') && code.retiredAt === null ? `/codebook/${programmeKey}/codes/${code.key}` : '',
    sub: code?.parentId !== null,
    given: t('coding.agreement.given', { given: found.given, answers: agreements.answers }),
    alpha: hasAlpha
      ? formatNumber(found.alpha ?? 0, language, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
      : '',
    verdict: t(`coding.agreement.${verdict}`),
  };
}

function verdictOn({ given, agreement }: AgreementOn, { answers }: Agreements) {
  if (answers < FEWEST) return 'few';
  return given < FEWEST_GIVEN ? 'seldom' : (agreement ?? 'same');
}

function differingView(each: Differing, { book, programmeKey, names }: AgreementFacts, staff: Staff): DifferingView {
  const { responseId, questionKey, written, first, second } = each;
  const said = (one: typeof first) => {
    const saying = sayingsOf(one, book, names, staff);
    return { ...saying, take: staff.t('coding.agreement.take', { who: saying.who }) };
  };
  return {
    responseId,
    questionKey,
    text: written?.text ?? '',
    language: written?.language ?? 'en',
    action: `/answers/${programmeKey}/settle`,
    first: said(first),
    second: said(second ?? first),
    anew: answerPath(programmeKey, responseId, questionKey, { queue: 'settle' }),
  };
}

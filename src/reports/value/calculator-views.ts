import { formatNumber, formatShare, type Translate } from '../../i18n/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { decimalsOf, formatMoney, formatMoneyWhole } from '../../shared/money.ts';
import { formView, type FormView } from '../../web/index.ts';
import { example, workOut, type Given, type Trying, type Worked } from './calculator.ts';
import { typedGiven, typedShare } from './forms.ts';
import type { ValueReport } from './report.ts';

interface CalculatorLine {
  name: string;
  formula: string;
  own: Figures;
  example: Figures;
}

/** Of one customer, or of the whole; and of all who are lost in a year, where that is another and somebody is lost. */
interface Figures {
  each: string;
  all: string;
}

export interface CalculatorView {
  fields: { form: FormView; name: string; label: string; inputmode: 'numeric' | 'decimal' }[];
  form: FormView;
  /** Other figures than the business's own. */
  isTrying: boolean;
  /** There are no figures of the business's own yet: the fields and what is to be typed stand open. */
  isUnknown: boolean;
  lines: CalculatorLine[];
  /** To keep the margin and discount that are being tried; null where they are kept already. */
  keep: { margin: string; discount: string; revision: number; label: string } | null;
  notes: string[];
}

const FIELDS = ['customers', 'lost', 'spend', 'margin', 'discount'] as const;

declare module '../../web/render.ts' {
  interface Templates {
    'reports/value-calculator': CalculatorView;
  }
}

export function calculatorView(report: ValueReport, typed: Trying, errors: FieldErrors, t: Translate): CalculatorView {
  const { given, currency, setting } = report;
  const writing = { currency, language: t.language };
  const shown = formView({ ...typedGiven(given, writing), ...wrong(typed, errors) }, errors, t);
  const differs = given.margin !== setting.margin || given.discount !== setting.discount || !report.settingTyped;
  const said = { margin: shareIn(given.margin, t), discount: shareIn(given.discount, t) };
  return {
    fields: FIELDS.map((name) => ({
      form: shown,
      name,
      label: t(`value.field.${name}`, { currency }),
      inputmode: name === 'customers' ? 'numeric' : 'decimal',
    })),
    form: shown,
    isTrying: Object.values(typed).some(Boolean),
    isUnknown: isUnknown(given),
    lines: linesOf(report, t),
    keep: differs
      ? {
          margin: typedShare(given.margin, t.language),
          discount: typedShare(given.discount, t.language),
          revision: report.settingRevision,
          label: t('value.keep', said),
        }
      : null,
    notes: notesOf(report, t),
  };
}

const shareIn = (value: number, { language }: Translate) =>
  formatShare(value, language, value * 100 === Math.round(value * 100) ? 0 : 1);

const isUnknown = ({ customers, spendMinor }: Given): boolean => customers === 0 || spendMinor === 0;

/** Without a customer or what one spends there is nothing to say of limits and margins, but what to do. */
function notesOf({ given, worked, currency, settingTyped }: ValueReport, t: Translate): string[] {
  const example = t('value.note.example');
  if (isUnknown(given)) return [t('value.note.nothing'), example];
  return [
    basisOf(given, currency, t),
    t('value.note.calculator'),
    example,
    t('value.note.most', { tried: moneyIn(currency, t)(worked.most.winningBack / 10) }),
    ...(settingTyped ? [] : [t('value.note.noMargin')]),
  ];
}

/** The figures of the form in words: paper has no fields. */
function basisOf(
  { customers, shareLost, spendMinor, margin, discount }: Given,
  currency: string,
  t: Translate,
): string {
  return t('value.note.basis', {
    customers: formatNumber(customers, t.language),
    lost: shareIn(shareLost, t),
    spend: formatMoney(spendMinor, currency, t.language),
    margin: shareIn(margin, t),
    discount: shareIn(discount, t),
  });
}

/** What could not be read stands as it was typed. */
const wrong = (typed: Trying, errors: FieldErrors) =>
  Object.fromEntries(Object.keys(errors).map((field) => [field, typed[field as keyof Trying] ?? '']));

/** Whole units; a dash where there is no end to it. */
export function moneyIn(currency: string, t: Translate): (minor: number) => string {
  return (minor) => (Number.isFinite(minor) ? formatMoneyWhole(minor, currency, t.language) : t('value.endless'));
}

/** The business's own figures beside the worked example, the same lines for both. */
function linesOf({ given, worked, currency }: ValueReport, t: Translate): CalculatorLine[] {
  const model = example(10 ** decimalsOf(currency));
  const [own, other] = [columnOf(given, worked, currency, t), columnOf(model, workOut(model), currency, t)];
  return own.map(({ key, value }, i) => ({
    name: t(`value.line.${key}`),
    formula: t(`value.formula.${key}`),
    own: value,
    example: other[i]?.value ?? { each: '', all: '' },
  }));
}

const NOT_KNOWN = '–';

/** A dash where customers or what one spends are not known: a nought would be an answer. */
function columnOf(given: Given, worked: Worked, currency: string, t: Translate): { key: string; value: Figures }[] {
  const money = moneyIn(currency, t);
  const lost = Math.round(given.customers * given.shareLost);
  const single = (minor: number) => ({ each: given.spendMinor > 0 ? money(minor) : NOT_KNOWN, all: '' });
  const ofAll = (minor: number) => (given.customers > 0 ? single(minor) : { each: NOT_KNOWN, all: '' });
  const pair = ({ each, ofLost }: { each: number; ofLost: number }) => ({
    ...single(each),
    ...(lost > 0 && given.spendMinor > 0
      ? { all: t('value.ofLost', { count: lost.toLocaleString(t.language), all: money(ofLost) }) }
      : {}),
  });
  return [
    { key: 'lost', value: ofAll(worked.lostMinor) },
    { key: 'keeping', value: single(worked.most.keeping) },
    { key: 'winningBack', value: single(worked.most.winningBack) },
    { key: 'acquiring', value: single(worked.most.acquiring) },
    { key: 'point', value: ofAll(worked.point.yearlySpend) },
    { key: 'pointLifetime', value: ofAll(worked.point.lifetime) },
    { key: 'toCome', value: pair(worked.lifetime) },
    { key: 'fromNow', value: pair(worked.fromNow) },
    { key: 'undiscounted', value: pair(worked.undiscounted) },
  ];
}

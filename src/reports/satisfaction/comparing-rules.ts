import { benjaminiHochberg, normalCdf, twoSharesP, wilson, type Difference } from '../../shared/statistics.ts';
import { differenceOf, MOST_CHANGES } from '../changes/rules.ts';
import type { CodedShare } from '../leaving-rules.ts';
import { trustIn } from '../rules.ts';
import type { MeasureReport, MomentReport, QuestionReport, Theme, ToldChange } from './report.ts';

/** Half of a 95 % interval is so many standard errors. */
const Z = 1.959963984540054;

/** A share of one period. */
interface Side extends CodedShare {
  base: number;
  /** Every one of the base was counted, none estimated. */
  counted: boolean;
}

interface Tested {
  change: ToldChange;
  p: number;
}

interface Figures {
  measures: MeasureReport[];
  moments: MomentReport[];
  questions: QuestionReport[];
}

/**
 * What has changed by more than chance: all shares whose bases are 30 or more in both periods (score test or Fisher's; where
 * they are estimated, by both standard errors), tested together by Benjamini and Hochberg at 5 %. The largest changes first.
 */
export function changesBetween(now: Figures, before: Pick<Figures, 'moments' | 'questions'>) {
  const tests = [
    ...now.measures.flatMap(measureTested),
    ...now.moments.flatMap((moment) => momentTested(moment, before.moments)),
    ...now.questions.flatMap((question) => themesTested(question, before.questions)),
  ];
  const told = benjaminiHochberg(tests.map(({ p }) => p));
  const changes = tests.flatMap(({ change }, i) => (told[i] && (change.low > 0 || change.high < 0) ? [change] : []));
  const largest = changes.toSorted((a, b) => Math.abs(b.difference) - Math.abs(a.difference));
  return { changes: largest.slice(0, MOST_CHANGES), tested: tests.length };
}

function measureTested({ measure, base, share, before, change }: MeasureReport): Tested[] {
  if (!share || !before?.share || !change) return [];
  const isCounted = measure !== 'retention';
  const [now, then] = [
    { ...share, base, counted: isCounted },
    { ...before.share, base: before.base, counted: isCounted },
  ];
  return [told(now, then, change, { measure, part: null, theme: null })];
}

/** What is said after a dealing is the measure of service, and tested as that. */
function momentTested({ moment, base, share, change }: MomentReport, earlier: MomentReport[]): Tested[] {
  const before = earlier.find((each) => each.moment === moment);
  if (moment === 'after' || !share || !before?.share || !change) return [];
  const [now, then] = [
    { ...share, base, counted: true },
    { ...before.share, base: before.base, counted: true },
  ];
  return [told(now, then, change, { measure: null, part: moment, theme: null })];
}

function themesTested(question: QuestionReport, earlier: QuestionReport[]): Tested[] {
  const before = sameQuestion(question, earlier);
  if (!before) return [];
  const { part, questionKey } = question;
  return question.themes.flatMap(({ change, key, name, ...theme }): Tested[] => {
    if (!change) return [];
    const [now, then] = [sideOf(question, theme), sideOf(before, shareIn(before, theme.codeId))];
    return [told(now, then, change, { measure: null, part, theme: { questionKey, key, name } })];
  });
}

/** The themes of a question with what became of each since the other period. */
export function withChanges(question: QuestionReport, earlier: QuestionReport[]): QuestionReport {
  const before = sameQuestion(question, earlier);
  if (!before || !isSound(question) || !isSound(before)) return question;
  const changed = (theme: Theme): Theme => ({ ...theme, change: differenceOf(theme, shareIn(before, theme.codeId)) });
  return { ...question, themes: question.themes.map(changed) };
}

/** Whether shares can be compared with those of another period. */
const isSound = ({ base, basis }: QuestionReport): boolean =>
  trustIn(base) === 'sound' && (basis === 'counted' || basis === 'estimated');

const sameQuestion = ({ part, programme, questionKey }: QuestionReport, earlier: QuestionReport[]) =>
  earlier.find((each) => each.part === part && each.programme === programme && each.questionKey === questionKey);

/** What nobody spoke of has a share of nothing. */
const shareIn = ({ themes, base }: QuestionReport, codeId: string): CodedShare =>
  themes.find((theme) => theme.codeId === codeId) ?? wilson(0, Math.round(base));

const sideOf = ({ base, basis }: QuestionReport, { share, low, high }: CodedShare): Side => {
  return { share, low, high, base: Math.round(base), counted: basis === 'counted' };
};

function told(now: Side, before: Side, difference: Difference, about: Pick<ToldChange, 'measure' | 'part' | 'theme'>) {
  const change = { ...about, ...difference, now: now.share, before: before.share };
  return { change, p: pOf(now, before) };
}

function pOf(now: Side, before: Side): number {
  const countOf = ({ share, base }: Side) => Math.round(share * base);
  if (now.counted && before.counted) return twoSharesP(countOf(now), now.base, countOf(before), before.base);
  const z = (now.share - before.share) / Math.hypot(errorOf(now), errorOf(before));
  return Number.isFinite(z) ? Math.min(1, 2 * normalCdf(-Math.abs(z))) : 1;
}

const errorOf = ({ low, high }: CodedShare): number => ((high ?? 1) - (low ?? 0)) / (2 * Z);

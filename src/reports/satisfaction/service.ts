import { addDays, addMonths, dayIn } from '../../shared/dates.ts';
import { NotFound } from '../../shared/errors.ts';
import type { Job } from '../../scheduler/index.ts';
import type { Figure } from '../../retention/index.ts';
import type { InsightDeps } from '../deps.ts';
import { codesOf } from '../leaving-store.ts';
import { periodOf, type Period } from '../rules.ts';
import type { Survival } from '../survival/service.ts';
import { askedQuestions, questionAt } from './asked.ts';
import { bookOf, inOrder, mergedInto, questionReport, type Book } from './books.ts';
import { createCounting } from './counting.ts';
import { changeOf, goodShare, pairsOf, recommending, type GoodShare } from './figures-rules.ts';
import * as store from './figures-store.ts';
import { createLow } from './low.ts';
import { PARTS, topicFrom, type Part } from './parts.ts';
import type { LowReport, MeasureReport, QuestionReport, SatisfactionQuery, SatisfactionReport } from './report.ts';
import { periodBefore, spansOf } from './spans.ts';
import { monthsUpTo, trendOf, type Trend } from './trend-rules.ts';
import { wordsOf, type Behind } from './words.ts';
import { hasSpoken } from './words-store.ts';

export type Satisfaction = ReturnType<typeof createSatisfaction>;

export interface SatisfactionDeps extends InsightDeps {
  survival: Survival;
}

const SATISFACTION = 'satisfaction';
/** Under so many on either side no change is spoken of. */
const FEWEST = 10;
const MOMENTS = ['before', 'during', 'after'] as const;

/** What a filter means: days, and whose answers. */
interface Filter {
  period: Period;
  of: store.Of;
}

/** Service, satisfaction and retention, each on its own; what customers value, miss and would change. */
export function createSatisfaction(deps: SatisfactionDeps) {
  const { storage, clock, accounts, questionnaires, survival } = deps;
  const counting = createCounting(deps);
  const low = createLow(deps);

  async function filterOf({ period, from, to, ...of }: SatisfactionQuery): Promise<Filter> {
    const today = dayIn((await accounts.company()).timeZone, clock.now());
    return { period: periodOf(period ?? '12m', today, { from, to }), of };
  }

  const scoresIn = (period: Period, of: store.Of) => store.sumsIn(storage.read, 'score', spansOf(period), of);
  const book = async (programmeKey: string): Promise<Book> => bookOf(await codesOf(storage.read, programmeKey));

  async function figureOf(part: Part, period: Period): Promise<Figure> {
    const { base, share } = goodShare(await scoresIn(period, {}), part);
    return { value: share?.share ?? null, low: share?.low ?? null, high: share?.high ?? null, base, unit: 'share' };
  }

  /** Of all customers: who stays is known without asking anybody. */
  async function retentionReport(period: Period, previous: Period | null): Promise<MeasureReport> {
    const now = asShare(await survival.retention(period));
    const before = previous && asShare(await survival.retention(previous));
    const change = changeOf(now, before, FEWEST);
    return {
      measure: 'retention',
      ...plainly(now),
      before: before && plainly(before),
      change,
      trend: await stays(period.to),
    };
  }

  async function stays(day: string): Promise<Trend> {
    const points: Trend['points'] = [];
    for (const month of monthsUpTo(day).filter((_, i) => i % 3 === 0)) {
      const end = addDays(addMonths(`${month}-01`, 3), -1);
      const figure = await survival.retention({ from: `${month}-01`, to: end < day ? end : day });
      points.push({ month, ...asShare(figure) });
    }
    return { grain: 'quarter', points };
  }

  async function questions({ period, of }: Filter): Promise<QuestionReport[]> {
    const sums = await store.sumsIn(storage.read, 'code', spansOf(period), of);
    const asked = await askedQuestions(questionnaires);
    const books = new Map<string, Book>();
    const audited = new Map<string, store.AuditedWords[]>();
    const reports: QuestionReport[] = [];
    for (const [text, own] of Map.groupBy(sums, ({ topic }) => topic)) {
      const { part, programmeId, questionKey } = topicFrom(text);
      const question = asked.get(questionAt(programmeId, questionKey));
      if (!question) continue;
      const codes = books.get(programmeId) ?? (await book(question.programmeKey));
      const checked = audited.get(programmeId) ?? (await store.auditedIn(storage.read, programmeId, period, of));
      books.set(programmeId, codes);
      audited.set(programmeId, checked);
      const mine = checked.filter((each) => each.part === part && each.questionKey === questionKey);
      reports.push(questionReport(part, question, codes, own, mine));
    }
    return inOrder(reports, [...asked.values()], PARTS);
  }

  async function lowReport(): Promise<SatisfactionReport['low']> {
    const rows = await store.lowOnes(storage.read);
    const [first] = rows;
    if (!first) return null;
    const asked = await askedQuestions(questionnaires);
    const programmeId = (await questionnaires.programmes()).find(({ key }) => key === SATISFACTION)?.id ?? '';
    const codes = await book(SATISFACTION);
    const themes = rows.flatMap((row): LowReport[] => {
      const code = codes.get(row.code_id);
      if (!code) return [];
      const question = asked.get(questionAt(programmeId, row.question_key))?.text ?? {};
      const { carrying, others, difference, low: least, high: most, told } = row;
      const about = { questionKey: row.question_key, question, codeId: code.id, key: code.key, name: code.name };
      return [{ ...about, carrying, others, difference, low: least, high: most, told: told === 1 }];
    });
    return { period: { from: first.from_day, to: first.to_day }, themes };
  }

  async function report(query: SatisfactionQuery): Promise<SatisfactionReport> {
    const { period, of } = await filterOf(query);
    const previous = periodBefore(period);
    const sums = await scoresIn(period, of);
    const before = previous && (await scoresIn(previous, of));
    const months = { from: `m${monthsUpTo(period.to)[0]}`, to: `m${period.to.slice(0, 7)}` };
    const byMonth = await store.scoresByMonth(storage.read, months, of);
    const measured = (measure: 'service' | 'satisfaction', part: Part): MeasureReport => {
      const [now, then] = [goodShare(sums, part), before && goodShare(before, part)];
      const change = changeOf(now, then, FEWEST);
      return {
        measure,
        ...plainly(now),
        before: then && plainly(then),
        change,
        trend: trendOf(byMonth, part, period.to),
      };
    };
    const moments = MOMENTS.map((moment) => ({ moment, ...goodShare(sums, moment) }));
    return {
      period,
      previous,
      measures: [
        measured('service', 'after'),
        measured('satisfaction', 'satisfaction'),
        await retentionReport(period, previous),
      ],
      moments,
      gap: changeOf(goodShare(sums, 'after'), goodShare(sums, 'before'), FEWEST),
      pairs: pairsOf(sums),
      recommending: PARTS.flatMap((part) => recommending(sums, part) ?? []),
      questions: await questions({ period, of }),
      low: await lowReport(),
    };
  }

  const jobs: Job[] = [counting.count, low.work];
  return {
    jobs,
    report,
    /** Share of 4 and 5 after a dealing. */
    service: (period: Period) => figureOf('after', period),
    /** Share of 4 and 5 on "needs met". */
    satisfaction: (period: Period) => figureOf('satisfaction', period),
    /** Yearly: 1 less churn. */
    retention: (period: Period) => survival.retention(period),
    /**
     * The answers behind a theme at one moment, in random order from a point between 0 and 1.
     * @throws NotFound where nobody asks that, or there is no such theme
     */
    async verbatims(query: SatisfactionQuery, behind: Behind, after: number) {
      const filter = await filterOf(query);
      const asked = [...(await askedQuestions(questionnaires)).values()].filter(
        (each) => each.questionKey === behind.questionKey,
      );
      for (const question of asked) {
        const codes = await book(question.programmeKey);
        const code = codes.get(behind.codeId);
        if (!code) continue;
        const merged = mergedInto(codes, code.id);
        const found = await wordsOf(storage, { ...behind, codeId: code.id }, merged, filter, after);
        const names = new Map(Array.from(codes, ([id, { name }]) => [id, name]));
        return { question, code, names, ...found };
      }
      throw new NotFound();
    },
    /** Throws NotFound unless this customer is among those whose answers are counted. */
    async mayOpen(customerId: string): Promise<void> {
      if (!(await hasSpoken(storage.read, customerId))) throw new NotFound();
    },
  };
}

function asShare({ value, low, high, base }: Figure): GoodShare {
  const share = value === null ? null : { share: value, low: low ?? value, high: high ?? value };
  return { base, good: 0, share };
}

const plainly = ({ base, share }: GoodShare) => ({ base, share });

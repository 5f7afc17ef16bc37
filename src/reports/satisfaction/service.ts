import type { Actor } from '../../shared/actor.ts';
import { dayIn } from '../../shared/dates.ts';
import { NotFound } from '../../shared/errors.ts';
import type { Job } from '../../scheduler/index.ts';
import { comparedWith } from '../changes/periods.ts';
import type { InsightDeps } from '../deps.ts';
import { periodOf, type Period } from '../rules.ts';
import type { Survival } from '../survival/service.ts';
import { keepArriving } from './arriving.ts';
import { createAuditing } from './auditing.ts';
import { changesBetween, withChanges } from './comparing-rules.ts';
import { createCounting } from './counting.ts';
import { changeOf, goodShare, pairsOf, recommending } from './figures-rules.ts';
import type { Filter } from './filter.ts';
import { createLow } from './low.ts';
import { createMeasuring, FEWEST_COMPARED } from './measuring.ts';
import { PARTS, type Part } from './parts.ts';
import { createReading } from './reading.ts';
import { createRemembering } from './remembering.ts';
import type { MomentReport, SatisfactionQuery, SatisfactionReport } from './report.ts';
import { createSaying } from './saying.ts';
import type { Sum } from './sums.ts';
import type { Behind } from './words.ts';
import { hasSpoken } from './words-store.ts';

export type Satisfaction = ReturnType<typeof createSatisfaction>;

interface SatisfactionDeps extends InsightDeps {
  survival: Survival;
}

const MOMENTS = ['before', 'during', 'after'] as const;
/** Under so many on either side expectation and experience are not set against each other. */
const FEWEST = 10;

/** Service, satisfaction and retention, each on its own; what customers value, miss and would change. */
export function createSatisfaction(deps: SatisfactionDeps) {
  const { storage, clock, accounts, survival } = deps;
  const remembered = createRemembering(storage);
  const reading = createReading(storage);
  const auditing = createAuditing(deps, remembered);
  const counting = createCounting(deps);
  keepArriving(deps, auditing, counting.note);
  const measuring = createMeasuring(reading, survival);
  const saying = createSaying(deps, reading, remembered);
  const low = createLow(deps);

  async function filterOf({ period, from, to, segment, country, language }: SatisfactionQuery): Promise<Filter> {
    const today = dayIn((await accounts.company()).timeZone, clock.now());
    return { period: periodOf(period ?? '12m', today, { from, to }), of: { segment, country, language } };
  }

  /** What is said in both periods, each theme with its change. */
  async function said(filter: Filter, earlier: Filter | null) {
    const asked = await saying.asked();
    const before = earlier ? await saying.questions(earlier, asked) : [];
    const now = await saying.questions(filter, asked);
    return { asked, before, now: now.map((question) => withChanges(question, before)) };
  }

  async function report(query: SatisfactionQuery): Promise<SatisfactionReport> {
    const filter = await filterOf(query);
    const comparison = query.compare ?? 'before';
    const previous = comparedWith(filter.period, comparison);
    const earlier = previous && { ...filter, period: previous };
    const now = await reading.scores(filter);
    const before = earlier && (await reading.scores(earlier));
    const measures = await measuring.measures(filter, previous, { now, before });
    const moments = momentsOf(now, before);
    const words = await said(filter, earlier);
    const figures = { measures, moments, questions: words.now };
    return {
      period: filter.period,
      comparison,
      previous,
      changed: changesBetween(figures, { moments: momentsOf(before ?? [], null), questions: words.before }),
      ...figures,
      gap: changeOf(goodShare(now, 'after'), goodShare(now, 'before'), FEWEST),
      pairs: pairsOf(now),
      recommending: PARTS.flatMap((part) => recommending(now, part) ?? []),
      audits: await auditing.standing(filter, words.now),
      low: await saying.low(words.asked),
    };
  }

  const jobs: Job[] = [counting.count, low.work];
  return {
    jobs,
    report,
    /** Share of 4 and 5 after a dealing. */
    service: (period: Period) => measuring.figureOf('after', period),
    /** Share of 4 and 5 on "needs met". */
    satisfaction: (period: Period) => measuring.figureOf('satisfaction', period),
    /** Yearly: 1 less churn. */
    retention: (period: Period) => survival.retention(period),
    /** The answers behind a theme, see `createSaying`. */
    verbatims: async (query: SatisfactionQuery, behind: Behind, after: number) =>
      await saying.verbatims(await filterOf(query), behind, after),
    /** Draws what the shares of a part still need for an audit; the programme whose desk has them, null where none is needed. */
    async drawAudit(actor: Actor, query: SatisfactionQuery, part: Part, programme: string): Promise<string | null> {
      const filter = await filterOf(query);
      const questions = await saying.questions(filter, await saying.asked());
      const all = await auditing.standing(filter, questions);
      const standing = all.find((each) => each.part === part && each.programme === programme);
      if (!standing || standing.needed === 0) return null;
      await auditing.draw(actor, filter, standing);
      return standing.programme;
    },
    /** Throws NotFound unless this customer is among those whose answers are counted. */
    async mayOpen(customerId: string): Promise<void> {
      if (!(await hasSpoken(storage.read, customerId))) throw new NotFound();
    },
  };
}

function momentsOf(now: Sum[], before: Sum[] | null): MomentReport[] {
  return MOMENTS.map((moment) => {
    const share = goodShare(now, moment);
    const change = changeOf(share, before && goodShare(before, moment), FEWEST_COMPARED);
    return { moment, ...share, change };
  });
}

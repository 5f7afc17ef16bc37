import { z } from 'zod';
import { addDays } from '../../shared/dates.ts';
import type { Db } from '../../storage/index.ts';
import type { RiskDeps } from './deps.ts';
import { LOOKED_BACK_DAYS, rhythmOf, type GapTally, type SegmentRhythm } from './rhythm-rules.ts';
import type { Signs } from './rules.ts';
import * as sources from './sources-store.ts';
import type { AsOf, CustomerFacts } from './sources-store.ts';

/** An invoice is overdue for us a week after its day: money is on its way for some days. */
const GRACE_DAYS = 7;
const ALERT_DAYS = 90;
const ANSWER_DAYS = 365;
/** A complaint that an import left open for longer was forgotten there, not here. */
const RECORD_DAYS = 365;

export interface Known {
  facts: CustomerFacts;
  signs: Signs;
}

interface Asked {
  asOf: AsOf;
  segments: ReadonlyMap<string, SegmentRhythm>;
  /** The chance of being alive is known of today only. */
  withAlive: boolean;
  /** Counts the gaps on the way. */
  tally?: GapTally | undefined;
}

type Definitions = Pick<RiskDeps['questionnaires'], 'version'>;
const scored = z.number();

/** Gathers what is known of up to 500 customers as of a day; those who had left or are erased are missing. */
export function createSigns(questionnaires: Definitions) {
  /** The ends of scales, by version and question: published versions never change. */
  const scales = new Map<string, Map<string, { min: number; max: number }>>();

  async function scaleOf(versionId: string, questionKey: string) {
    let known = scales.get(versionId);
    if (!known) {
      const questions = (await questionnaires.version(versionId))?.definition.questions ?? [];
      known = new Map(questions.flatMap((each) => (each.kind === 'scale' ? [[each.key, each]] : [])));
      scales.set(versionId, known);
    }
    return known.get(questionKey);
  }

  /** The lowest on any scale of each customer's last response that had one. */
  async function answersOf(db: Db, ids: string[], asOf: AsOf) {
    const found = new Map<string, NonNullable<Signs['answer']>>();
    for (const row of await sources.scaleAnswers(db, ids, asOf, addDays(asOf.day, -ANSWER_DAYS))) {
      const before = found.get(row.customer_id);
      if (before && before.responseId !== row.id) continue;
      const scale = await scaleOf(row.questionnaire_version_id, row.question_key);
      const value = scored.safeParse(row.value === null ? null : JSON.parse(row.value));
      if (!scale || !value.success) continue;
      const { min, max } = scale;
      const height = (each: { score: number; min: number; max: number }) =>
        (each.score - each.min) / (each.max - each.min);
      const on = (row.submitted_at ?? '').slice(0, 10);
      const answer = { score: value.data, min, max, on, responseId: row.id };
      if (!before || height(answer) < height(before)) found.set(row.customer_id, answer);
    }
    return found;
  }

  return async function signsOf(db: Db, ids: string[], asked: Asked): Promise<Map<string, Known>> {
    const { asOf, segments, withAlive, tally } = asked;
    const { day: today } = asOf;
    const customers = await sources.customersAmong(db, ids, asOf);
    const own = customers.map(({ id }) => id);
    if (own.length === 0) return new Map();
    const days = await sources.buyingDays(db, own, { from: addDays(today, -LOOKED_BACK_DAYS), to: today });
    const overdue = await sources.overdueOf(db, own, asOf, addDays(today, -GRACE_DAYS));
    const complaints = await sources.complaintsOf(db, own, asOf, addDays(today, -RECORD_DAYS));
    const answers = await answersOf(db, own, asOf);
    const alerts = await sources.alertsOf(db, own, asOf, addDays(today, -ALERT_DAYS));
    const alive = withAlive ? await sources.aliveOf(db, own) : new Map<string, number>();
    const known = customers.map((facts): [string, Known] => {
      const { id, segment, unsubscribed_at } = facts;
      const theirs = days.get(id) ?? [];
      tally?.add(segment, theirs);
      const signs = {
        today,
        rhythm: rhythmOf(theirs, segment, segments),
        alive: alive.get(id) ?? null,
        complaint: complaints.get(id),
        answer: unsubscribed_at === null ? answers.get(id) : undefined,
        overdue: overdue.get(id),
        alert: alerts.get(id),
      };
      return [id, { facts, signs }];
    });
    return new Map(known);
  };
}

export type SignsOf = ReturnType<typeof createSigns>;

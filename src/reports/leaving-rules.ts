import type { Basis } from '../coding/index.ts';
import { wilson, type Share } from '../shared/statistics.ts';
import type { Knowledge } from './rules.ts';
import type { Code, Estimate, ReasonEstimate } from './estimate.ts';

/** So many leavers with the same main reason (known or not) and the same reason of their own. */
export interface LeaverCount {
  knowledge: Knowledge;
  mainCodeId: string | null;
  mainSource: 'colleague' | 'call' | 'engine' | 'respondent' | null;
  statedCodeId: string | null;
  /** They answered in words that the engine has read. */
  read: boolean;
  /** They were asked and never answered: a call alone says why they left. */
  silent: boolean;
  count: number;
  lostMinor: number;
}

/** A share between 0 and 1 with its 95 % interval, which there is none of before an audit. */
export interface CodedShare {
  share: number;
  low: number | null;
  high: number | null;
}

export interface ReasonRow {
  codeId: string;
  key: string;
  count: number;
  lostMinor: number;
  /** The 95 % interval of money that is estimated; null where it is counted, and before an audit. */
  lost: { lowMinor: number; highMinor: number } | null;
  /** Of all known main reasons. */
  coded: CodedShare;
  statedCount: number;
  /** Of all who ticked a main reason; null where nobody did. */
  stated: Share | null;
  runningMinor: number;
  /** Of them, those of whom a call alone says why they left. */
  fromCalls: number;
  /** The codes of the second level, as people gave them, without shares of their own. */
  parts: { codeId: string; key: string; count: number; lostMinor: number }[];
}

interface UnknownRow {
  knowledge: Exclude<Knowledge, 'known'>;
  count: number;
  lostMinor: number;
}

/** What estimated shares stand on. */
export interface AuditStanding {
  /** Answers that the engine has read. */
  read: number;
  /** Of these, drawn at random and coded by a person who was not shown what the engine thought. */
  audited: number;
  /** Drawn, and not coded yet. */
  waiting: number;
  /** More audited answers until every interval reaches at most 5 points to either side. */
  needed: number;
}

export interface LeavingFigures {
  leavers: number;
  lostMinor: number;
  /** Leavers whose main reason is known: the base of the shares; itself estimated where the shares are. */
  base: number;
  basis: Basis;
  /** Null where all is counted. */
  audit: AuditStanding | null;
  statedBase: number;
  asked: number;
  answered: number;
  /**
   * Whose word stands behind the base; the engine's for all that it has read and nobody has coded. Beside the base are
   * those of whom colleagues found that they do not know.
   */
  bySource: { colleague: number; doesNotKnow: number; engine: number; respondent: number; call: number };
  /** Most money first. */
  reasons: ReasonRow[];
  unknown: { count: number; lostMinor: number; runningMinor: number; parts: UnknownRow[] };
}

const UNKNOWN_ORDER = ['withheld', 'not_asked', 'no_answer', 'not_coded', 'does_not_know'] as const;

/**
 * The page's figures from counts. Each leaver's money stands with their main reason alone, so that rows and "reason
 * unknown" add up to all that was lost; shares have as their base the leavers whose main reason is known.
 * @param estimate of those who are `read`; without it all that is known of them is counted as it stands
 * @param stated those who ticked a main reason, where the counts do not say which
 */
export function leavingFigures(
  counts: LeaverCount[],
  codes: Code[],
  estimate?: Estimate,
  stated: StatedCount[] = counts.filter(isStated),
): LeavingFigures {
  const exact = estimate ? counts.filter((each) => !each.read) : counts;
  const known = exact.filter(isKnown);
  const exactBase = countOf(known);
  const statedBase = countOf(stated);
  const byPeople = estimate ? counts.filter(isGivenByPeople) : known;
  const table = {
    known: byMainCode(known),
    byPeople: byMainCode(byPeople),
    exactBase,
    stated: Map.groupBy(stated, ({ statedCodeId }) => statedCodeId),
    statedBase,
    codes,
    estimate,
  };
  const parts = UNKNOWN_ORDER.map((knowledge) => unknownRow(exact, knowledge, estimate));
  const lostMinor = minorOf(counts);
  const answered = countOf(counts.filter(hasAnswered));
  return {
    leavers: countOf(counts),
    lostMinor,
    base: exactBase + (estimate?.known ?? 0),
    basis: estimate?.basis ?? 'counted',
    audit: estimate ? standingOf(estimate, exactBase) : null,
    statedBase,
    answered,
    asked: answered + countOf(counts.filter(({ knowledge, silent }) => knowledge === 'no_answer' || silent)),
    bySource: sourcesOf(counts, estimate),
    reasons: withRunningTotal(reasonRows(table)),
    unknown: { count: countOf(parts), lostMinor: minorOf(parts), runningMinor: lostMinor, parts },
  };
}

/** What leavers ticked as their main reason, whatever else is known of them. */
interface StatedCount {
  statedCodeId: string;
  count: number;
}

const isStated = (each: LeaverCount): each is LeaverCount & StatedCount => each.statedCodeId !== null;
const ANSWERED: readonly Knowledge[] = ['known', 'not_coded', 'does_not_know'];
/** Whoever was spoken to has answered no questions. */
const hasAnswered = ({ knowledge, mainSource }: LeaverCount): boolean =>
  ANSWERED.includes(knowledge) && mainSource !== 'call';
const isKnown = ({ knowledge }: LeaverCount): boolean => knowledge === 'known';
const countOf = (rows: { count: number }[]): number => rows.reduce((total, { count }) => total + count, 0);
const minorOf = (rows: { lostMinor: number }[]): number => rows.reduce((total, { lostMinor }) => total + lostMinor, 0);

function standingOf(estimate: Estimate, exactBase: number): AuditStanding {
  const { read, audited, waiting, needed } = estimate;
  return { read, audited, waiting, needed: needed(partOf(estimate, exactBase)) };
}

/** How much of the base is estimated. */
const partOf = ({ knownOf }: Estimate, exactBase: number): number =>
  knownOf > 0 ? knownOf / (exactBase + knownOf) : 0;

function sourcesOf(counts: LeaverCount[], estimate: Estimate | undefined): LeavingFigures['bySource'] {
  const from = (source: LeaverCount['mainSource']) =>
    countOf(counts.filter((each) => isKnown(each) && each.mainSource === source));
  const engine = estimate ? countOf(counts.filter(isForTheEngine)) : from('engine');
  const unsure = counts.filter((each) => each.knowledge === 'does_not_know' && each.mainSource === 'colleague');
  const [colleague, respondent, call] = [from('colleague'), from('respondent'), from('call')];
  return { colleague, doesNotKnow: countOf(unsure), engine, respondent, call };
}

/** Read by the engine, and nobody has said anything else. */
const isForTheEngine = ({ read, mainSource }: LeaverCount): boolean => read && mainSource !== 'colleague';

function unknownRow(
  exact: LeaverCount[],
  knowledge: UnknownRow['knowledge'],
  estimate: Estimate | undefined,
): UnknownRow {
  const own = exact.filter((each) => each.knowledge === knowledge);
  const more = knowledge === 'does_not_know' && estimate ? [estimate.unknown] : [];
  return { knowledge, count: countOf([...own, ...more]), lostMinor: minorOf([...own, ...more]) };
}

interface Table {
  /** Those who are counted, by the id of their code, and how many they are. */
  known: ByCode<LeaverCount>;
  exactBase: number;
  /** Those of whom people said why they left. */
  byPeople: ByCode<LeaverCount>;
  stated: ByCode<StatedCount>;
  statedBase: number;
  codes: Code[];
  estimate: Estimate | undefined;
}

type ByCode<T> = ReadonlyMap<string | null, T[]>;

const byMainCode = (counts: LeaverCount[]): ByCode<LeaverCount> => Map.groupBy(counts, ({ mainCodeId }) => mainCodeId);

function reasonRows(table: Table): ReasonRow[] {
  const below = Map.groupBy(table.codes, ({ parentId }) => parentId);
  return (below.get(null) ?? [])
    .map((top) => ({ top, ...reasonRow(top, below.get(top.id) ?? [], table) }))
    .filter(worthShowing)
    .sort(mostMoneyFirst)
    .map(({ top: _, ...row }) => row);
}

function reasonRow(top: Code, second: Code[], table: Table): ReasonRow {
  const { known, exactBase, byPeople, stated, statedBase, estimate } = table;
  const ids = [top.id, ...second.map((code) => code.id)];
  const own = ids.flatMap((id) => known.get(id) ?? []);
  const statedCount = countOf(ids.flatMap((id) => stated.get(id) ?? []));
  const estimated = estimate?.reasons.get(top.id);
  const [count, lostMinor] = [countOf(own), minorOf(own)];
  return {
    codeId: top.id,
    key: top.key,
    count: count + (estimated?.count ?? 0),
    lostMinor: lostMinor + (estimated?.lostMinor ?? 0),
    lost: estimated?.lost
      ? { lowMinor: lostMinor + estimated.lost.lowMinor, highMinor: lostMinor + estimated.lost.highMinor }
      : null,
    coded: estimate ? combined(count, exactBase, estimated, estimate) : wilson(count, exactBase),
    statedCount,
    stated: statedBase > 0 ? wilson(statedCount, statedBase) : null,
    runningMinor: 0,
    fromCalls: countOf(own.filter(({ mainSource }) => mainSource === 'call')),
    parts: partsOf(second, byPeople),
  };
}

/** What is counted is certain: the interval is that of the estimated part, scaled by its part of the base. */
function combined(
  count: number,
  exactBase: number,
  estimated: ReasonEstimate | undefined,
  estimate: Estimate,
): CodedShare {
  const part = partOf(estimate, exactBase);
  const certain = exactBase > 0 ? (count / exactBase) * (1 - part) : 0;
  const { share, low, high } = estimated ?? { share: 0, low: null, high: null };
  return {
    share: certain + part * share,
    low: low === null ? null : certain + part * low,
    high: high === null ? null : certain + part * high,
  };
}

/** The engine does not tell codes of the second level apart. */
const isGivenByPeople = (each: LeaverCount): boolean => isKnown(each) && each.mainSource !== 'engine';

function partsOf(codes: Code[], known: ByCode<LeaverCount>): ReasonRow['parts'] {
  return codes
    .map((code) => {
      const own = known.get(code.id) ?? [];
      return { codeId: code.id, key: code.key, count: countOf(own), lostMinor: minorOf(own) };
    })
    .filter((part) => part.count > 0);
}

/** A reason that nobody gave still stands in the table; one that was retired only while it has figures. */
function worthShowing({ top, count, statedCount }: { top: Code; count: number; statedCount: number }): boolean {
  return count > 0 || statedCount > 0 || (top.kind !== 'unknown' && !top.retired);
}

function mostMoneyFirst(a: ReasonRow & { top: Code }, b: ReasonRow & { top: Code }): number {
  return b.lostMinor - a.lostMinor || b.count - a.count || a.top.position - b.top.position || (a.key < b.key ? -1 : 1);
}

function withRunningTotal(rows: ReasonRow[]): ReasonRow[] {
  let runningMinor = 0;
  return rows.map((row) => ({ ...row, runningMinor: (runningMinor += row.lostMinor) }));
}

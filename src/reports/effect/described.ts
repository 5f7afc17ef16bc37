import type { Db } from '../../storage/index.ts';
import type { InsightDeps } from '../deps.ts';
import type { Period } from '../rules.ts';
import { LEAVING } from '../service.ts';
import { countByColleague, countByOffer, offersNamed, type Counts, type OfferCounts } from './winback-store.ts';

/** Described, not compared: whom we speak to is no chance. */
export interface Described {
  /** The key '' is unknown. */
  reasons: (Counts & { key: string; name: Record<string, string> })[];
  offers: (OfferCounts & { name: Record<string, string>; kind: string })[];
  /** '' for letters alone. */
  colleagues: (Counts & { id: string; name: string })[];
}

type Deps = Pick<InsightDeps, 'questionnaires' | 'coding' | 'accounts'>;

/** Reasons by how many were spoken to, offers by how often they were given, colleagues by whom they spoke to. */
export async function describe(deps: Deps, db: Db, period: Period, reasons: Map<string, Counts>): Promise<Described> {
  return {
    reasons: await reasonsNamed(deps, reasons),
    offers: await offersIn(db, period),
    colleagues: await colleaguesIn(deps, db, period),
  };
}

async function reasonsNamed(
  { questionnaires, coding }: Deps,
  reasons: Map<string, Counts>,
): Promise<Described['reasons']> {
  const leaving = (await questionnaires.programmes()).find(({ key }) => key === LEAVING);
  const book = leaving && (await coding.codebook(leaving.id));
  const names = new Map((book?.codes ?? []).map((code) => [code.key, code.name]));
  return [...reasons]
    .map(([key, row]) => ({ key, name: names.get(key) ?? {}, ...row }))
    .sort((a, b) => Number(a.key === '') - Number(b.key === '') || b.attempted - a.attempted || b.lost - a.lost);
}

async function offersIn(db: Db, period: Period): Promise<Described['offers']> {
  const named = await offersNamed(db);
  return (await countByOffer(db, period))
    .map((row) => ({ ...row, name: named.get(row.offerId)?.name ?? {}, kind: named.get(row.offerId)?.kind ?? '' }))
    .sort((a, b) => b.given - a.given);
}

async function colleaguesIn({ accounts }: Deps, db: Db, period: Period): Promise<Described['colleagues']> {
  const people = await accounts.colleagues();
  const nameOf = (id: string | null) => people.find((each) => each.id === id)?.name ?? '';
  return [...(await countByColleague(db, period))]
    .map(([id, row]) => ({ id: id ?? '', name: nameOf(id), ...row }))
    .sort((a, b) => Number(a.id === '') - Number(b.id === '') || b.attempted - a.attempted);
}

import { sql } from 'kysely';
import type { Db } from '../../storage/index.ts';
import type { LeaverFilter } from '../covers-rules.ts';
import { matches } from '../leaving-store.ts';
import { stratumOf, type LeaverFacts } from './sums.ts';

/** One leaver with the fields that figures can be broken down by. */
export interface LeaverRow extends LeaverFacts {
  customerId: string;
  leftOn: string;
  segment: string;
  country: string;
  language: string;
  tenure_band: string;
  value_band: string;
}

/** Ticks without words are never read; whoever was not asked has no response. 2 where besides no person has coded the words. */
const reading = sql<number>`case
  when leaver.response_id is null or coalesce(leaver.main_source, '') = 'respondent' then 0
  when not exists (select 1 from main_chance as h where h.response_id = leaver.response_id) then 0
  when (leaver.knowledge = 'not_coded' or leaver.main_source = 'engine') and not exists (
    select 1 from coding_task as t where t.response_id = leaver.response_id and t.state = 'coded') then 2
  else 1 end`;

/** Those who left as the filter says, one by one. */
export async function leaverRows(db: Db, filter: LeaverFilter): Promise<LeaverRow[]> {
  const rows = await db
    .selectFrom('leaver')
    .select(['customer_id', 'left_on', 'lost_minor', 'knowledge', 'main_code_id', 'main_source', 'stated_code_id'])
    .select(['segment', 'country', 'language', 'tenure_band', 'value_band', 'response_id', 'from_call', 'silent'])
    .select(reading.as('reading'))
    .where(matches(filter))
    .execute();
  const chances = rows.some((row) => row.reading > 0) ? await chancesBehind(db, filter) : new Map<string, never>();
  return rows.map((row) => ({
    customerId: row.customer_id,
    leftOn: row.left_on,
    lostMinor: row.lost_minor,
    knowledge: row.knowledge,
    mainCodeId: row.main_code_id,
    mainSource: row.from_call === 1 ? 'call' : row.main_source,
    statedCodeId: row.stated_code_id,
    reading: row.reading,
    silent: row.silent === 1,
    stratum: stratumOf(row.tenure_band, row.value_band),
    chances: (row.reading > 0 && chances.get(row.response_id ?? '')) || [],
    segment: row.segment,
    country: row.country,
    language: row.language,
    tenure_band: row.tenure_band,
    value_band: row.value_band,
  }));
}

async function chancesBehind(db: Db, filter: LeaverFilter) {
  const rows = await db
    .selectFrom('leaver')
    .innerJoin('main_chance as h', 'h.response_id', 'leaver.response_id')
    .select(['h.response_id', 'h.code_id as codeId', 'h.chance'])
    .where(matches(filter))
    .execute();
  return Map.groupBy(rows, (row) => row.response_id);
}

/** What else is known of leavers, by field: a customer can have several tags, and no response and no call no channel. */
export async function moreFields(db: Db, customerIds: string[]): Promise<Map<string, Record<string, string[]>>> {
  const found = new Map<string, Record<string, string[]>>(customerIds.map((id) => [id, {}]));
  for (let start = 0; start < customerIds.length; start += AT_ONCE) {
    const ids = customerIds.slice(start, start + AT_ONCE);
    for (const row of await profiles(db, ids)) {
      Object.assign(found.get(row.id)!, {
        region: [row.region],
        city: [row.city],
        contact: [row.contact_account_id ?? ''],
        mode: [row.mode ?? (row.from_call === 1 ? 'call' : '')],
      });
    }
    const tags = await db.selectFrom('customer_tag').selectAll().where('customer_id', 'in', ids).execute();
    for (const { customer_id: id, tag } of tags) (found.get(id)!.tag ??= []).push(tag);
    for (const [id, item] of await itemsOf(db, ids)) found.get(id)!.item = [item];
  }
  return found;
}

const AT_ONCE = 500;

async function profiles(db: Db, ids: string[]) {
  return await db
    .selectFrom('leaver')
    .innerJoin('customer as c', 'c.id', 'leaver.customer_id')
    .leftJoin('response as r', 'r.id', 'leaver.response_id')
    .select(['c.id', 'c.region', 'c.city', 'c.contact_account_id', 'r.mode', 'leaver.from_call'])
    .where('leaver.customer_id', 'in', ids)
    .execute();
}

/** What each bought most often; of two as often the first by name. */
async function itemsOf(db: Db, ids: string[]): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('purchase')
    .select(['customer_id', 'item', ({ fn }) => fn.countAll<number>().as('count')])
    .where('customer_id', 'in', ids)
    .where('item', '<>', '')
    .groupBy(['customer_id', 'item'])
    .orderBy('count')
    .orderBy('item', 'desc')
    .execute();
  return new Map(rows.map(({ customer_id: id, item }) => [id, item]));
}

const THEIRS = ['segment', 'country', 'language', 'tenure_band', 'value_band'] as const;

/** The values that leavers have in a field. */
export async function valuesOfCustomers(db: Db, field: string, customerIds: string[]): Promise<Map<string, string[]>> {
  const name = THEIRS.find((each) => each === field);
  if (!name) {
    const more = await moreFields(db, customerIds);
    return new Map([...more].map(([id, values]) => [id, values[field] ?? (field === 'tag' ? [] : [''])]));
  }
  const found = new Map<string, string[]>();
  for (let start = 0; start < customerIds.length; start += AT_ONCE) {
    const ids = customerIds.slice(start, start + AT_ONCE);
    const rows = await db.selectFrom('leaver').select(['customer_id', name]).where('customer_id', 'in', ids).execute();
    for (const row of rows) found.set(row.customer_id, [row[name]]);
  }
  return found;
}

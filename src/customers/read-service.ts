import { addMonths, dayIn } from '../shared/dates.ts';
import { NotFound } from '../shared/errors.ts';
import { isId } from '../shared/ids.ts';
import { page } from '../storage/index.ts';
import type { Audience, AudienceFilter } from './audience.ts';
import { countLeavers, sliceAudience } from './audience-store.ts';
import type { Context } from './context.ts';
import { displayName, type LegalBasis, type MailCustomer } from './customer.ts';
import { findCustomers } from './customer-store.ts';
import { mailRows, outlinesOf } from './outline-store.ts';
import { duplicatesOf, resembling } from './duplicates/finding.ts';
import { emailKey } from './fields.ts';
import type { Customers } from './interface.ts';
import { keptFor, keptWithEmail } from './merge-store.ts';
import { findMoments } from './moments-store.ts';
import { countCustomers, idsWithEmailKey, listCustomers, readFacets } from './list-store.ts';
import { lastResubscription, refusalsOf, refusingWithSameAddress } from './subscription-store.ts';

type Reading = Pick<
  Customers,
  | 'get'
  | 'find'
  | 'findMany'
  | 'outlines'
  | 'findByReference'
  | 'list'
  | 'listWhole'
  | 'count'
  | 'facets'
  | 'duplicatesOf'
  | 'resembling'
  | 'idsWithEmail'
  | 'leavers'
  | 'audienceSlice'
  | 'forMail'
  | 'moments'
  | 'names'
  | 'resubscription'
  | 'refusals'
  | 'refusingWithSameAddress'
>;

export function createReading({ storage, clock, answeredAs }: Context): Reading {
  const { read } = storage;

  const daysBack = (months: number | undefined) =>
    months === undefined ? undefined : addMonths(dayIn('UTC', clock.now()), -months);
  const today = (filter: AudienceFilter): Audience => ({
    filter,
    leftSince: daysBack(filter.leftWithinMonths),
    boughtSince: daysBack(filter.boughtWithinMonths),
    notBoughtSince: daysBack(filter.notBoughtWithinMonths),
    answered: answeredAs?.({
      reasons: filter.reasons,
      contentment: filter.contentment,
      answeredSince: daysBack(filter.answeredWithinMonths),
    }),
  });

  const reading: Reading = {
    async get(id) {
      const customer = await reading.find(id);
      if (!customer || customer.erasedAt !== null) throw new NotFound();
      return customer;
    },
    find: async (id, db = read) => (isId(id) ? (await findCustomers(db, 'id', [id]))[0] : undefined),
    async findMany(db, ids) {
      const rows = ids.length === 0 ? [] : await findCustomers(db, 'id', ids);
      return new Map(rows.map((row) => [row.id, row]));
    },
    outlines: outlinesOf,
    async findByReference(reference) {
      const [found] = await findCustomers(read, 'reference', [reference]);
      const keptId = found && found.erasedAt !== null ? await keptFor(read, found.id) : undefined;
      return keptId === undefined ? found : await reading.find(keptId);
    },

    async list(filter, after, limit) {
      return page(await listCustomers(read, filter, after, limit + 1), limit, ({ id }) => id);
    },
    async listWhole(filter, after, limit) {
      const listed = await reading.list(filter, after, limit);
      const whole = await findCustomers(
        read,
        'id',
        listed.rows.map(({ id }) => id),
      );
      const byId = new Map(whole.map((each) => [each.id, each]));
      return { rows: listed.rows.flatMap(({ id }) => byId.get(id) ?? []), next: listed.next };
    },
    count: (filter, atMost) => countCustomers(read, filter, atMost),

    facets: () => readFacets(read),

    async idsWithEmail(db, email) {
      const now = await idsWithEmailKey(db, emailKey(email));
      return [...new Set([...now, ...(await keptWithEmail(db, emailKey(email)))])];
    },
    duplicatesOf: (fields, exceptId) => duplicatesOf(read, fields, exceptId),
    resembling: (rows) => resembling(read, rows),

    leavers: () => countLeavers(read),
    audienceSlice: (db, filter, afterId, limit) => sliceAudience(db, today(filter), afterId, limit),

    moments: (db, query) => findMoments(db, { ...query, audience: today(query.audience) }),
    async forMail(db, ids) {
      const rows = await mailRows(db, ids);
      return new Map(rows.map((row) => [row.id, mailCustomer(row)]));
    },
    refusals: async (customerId) => (await refusalsOf(read, customerId)).map(({ customer_id: _, ...each }) => each),
    async refusingWithSameAddress(customerId) {
      const others = await refusingWithSameAddress(read, customerId);
      return others.map((each) => `${displayName(each)} (${each.reference})`);
    },
    async resubscription(customerId) {
      const row = await lastResubscription(read, customerId);
      return row && { at: row.at, accountId: row.account_id, how: row.how, reason: row.reason };
    },
    async names(db, ids) {
      const people = [...(await reading.forMail(db, ids)).values()].filter(({ erasedAt }) => erasedAt === null);
      return new Map(people.map((each) => [each.id, { name: displayName(each), reference: each.reference }]));
    },
  };
  return reading;
}

function mailCustomer(row: Awaited<ReturnType<typeof mailRows>>[number]): MailCustomer {
  return {
    id: row.id,
    reference: row.reference,
    email: row.email,
    title: row.title,
    givenName: row.given_name,
    familyName: row.family_name,
    organisation: row.organisation,
    greeting: row.greeting,
    language: row.language,
    country: row.country,
    timeZone: row.time_zone,
    legalBasis: row.legal_basis as LegalBasis | '',
    unsubscribedAt: row.unsubscribed_at,
    erasedAt: row.erased_at,
  };
}

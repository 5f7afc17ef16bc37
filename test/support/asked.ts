import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import express from 'express';
import { sql, type Kysely } from 'kysely';
import { pino } from 'pino';
import { answeringRoutes, createAnswering, optOutRoutes, type Answering } from '../../src/answering/index.ts';
import { loadTexts } from '../../src/i18n/index.ts';
import { findInvitation, markCompleted, markOptedOut, markStarted } from '../../src/invitations/store.ts';
import { definitionSchema, type Definition } from '../../src/questionnaires/index.ts';
import { createResponses, type Responses } from '../../src/responses/index.ts';
import { newId } from '../../src/shared/ids.ts';
import { createSigner, type Signer } from '../../src/shared/tokens.ts';
import type { Storage, Tx } from '../../src/storage/index.ts';
import {
  createAssets,
  createPages,
  createRender,
  errorPages,
  notFound,
  requestId,
  securityHeaders,
} from '../../src/web/index.ts';
import { testClock, type TestClock } from './clock.ts';

const root = join(import.meta.dirname, '../..');

export function starter(name: 'leaving' | 'satisfaction'): Definition {
  return definitionSchema.parse(JSON.parse(readFileSync(join(root, `data/questionnaires/${name}.json`), 'utf8')));
}

/** A wave of one version, put there row by row. */
export interface Ground {
  programmeId: string;
  versionId: string;
  waveId: string;
  definition: Definition;
  accountId: string;
}

export async function layGround(storage: Storage, clock: TestClock, definition: Definition): Promise<Ground> {
  const at = clock.now().toISOString();
  const [programmeId, questionnaireId, versionId, waveId, accountId] = [1, 2, 3, 4, 5].map(() => newId(clock)) as [
    string,
    string,
    string,
    string,
    string,
  ];
  await storage.transaction(async (tx) => {
    await tx
      .insertInto('account')
      .values({
        id: accountId,
        email: `${accountId}@example.com`,
        email_key: accountId,
        name: 'Miriam Adler',
        title: 'Kundenbetreuung',
        role: 'staff',
        language: 'de',
        password_hash: null,
        created_at: at,
        deactivated_at: null,
      })
      .execute();
    await tx
      .insertInto('programme')
      .values({ id: programmeId, key: programmeId, name: definition.programme, created_at: at })
      .execute();
    await tx
      .insertInto('questionnaire')
      .values({
        id: questionnaireId,
        programme_id: programmeId,
        name: 'Leaving',
        draft: JSON.stringify(definition),
        draft_revision: 1,
        created_at: at,
        updated_at: at,
        archived_at: null,
      })
      .execute();
    await tx
      .insertInto('questionnaire_version')
      .values({
        id: versionId,
        questionnaire_id: questionnaireId,
        number: 1,
        definition: JSON.stringify(definition),
        published_at: at,
        published_by: null,
      })
      .execute();
    await tx
      .insertInto('wave')
      .values({
        id: waveId,
        programme_id: programmeId,
        questionnaire_version_id: versionId,
        name: 'November',
        state: 'sending',
        audience: '{}',
        sender_account_id: accountId,
        sender_name: 'Miriam Adler',
        reply_to: 'miriam.adler@example.com',
        expires_days: 30,
        created_by: accountId,
        created_at: at,
        started_by: accountId,
        started_at: at,
        hold_until: null,
        enrolled_upto: null,
        stopped_at: null,
        reminder_days: '[]',
        paused_from: null,
        schedule_run_id: null,
      })
      .execute();
  });
  return { programmeId, versionId, waveId, definition, accountId };
}

interface Who {
  language?: string;
  expiresAt?: string;
}

/** A customer with an invitation that has been sent. */
export async function invite(storage: Storage, clock: TestClock, ground: Ground, who: Who = {}): Promise<string> {
  const { language = 'de', expiresAt = '2026-12-10T08:00:00.000Z' } = who;
  const at = clock.now().toISOString();
  const [customerId, id] = [newId(clock), newId(clock)];
  await storage.transaction(async (tx) => {
    await tx
      .insertInto('customer')
      .values(customerRow(customerId, language, at))
      .execute();
    await tx
      .insertInto('invitation')
      .values({
        id,
        wave_id: ground.waveId,
        customer_id: customerId,
        language,
        delivery: 'sent',
        skip_reason: null,
        skip_until: null,
        progress: 'none',
        bounced_at: null,
        reached_at: null,
        sent_at: at,
        revoked_at: null,
        expires_at: expiresAt,
        created_at: at,
      })
      .execute();
  });
  return id;
}

function customerRow(id: string, language: string, at: string) {
  const blank = Object.fromEntries(
    'title given_name family_name organisation email_key telephone street postal_code city region country time_zone segment legal_basis legal_basis_source notes unsubscribed_how'
      .split(' ')
      .map((name) => [name, '']),
  ) as Record<'title', string>;
  return {
    ...blank,
    id,
    reference: id,
    greeting: 'formal',
    email: 'karla@example.com',
    language,
    customer_since: null,
    status: 'active' as const,
    left_on: null,
    contact_account_id: null,
    yearly_value_minor: null,
    worth_minor: 0,
    first_purchase_on: null,
    last_purchase_on: null,
    legal_basis_on: null,
    search: '',
    revision: 1,
    created_at: at,
    updated_at: at,
    unsubscribed_at: null,
    erased_at: null,
  } as never;
}

/** What the invitations feature does, as far as answering needs it. */
function plainInvitations(storage: Storage, signer: Signer) {
  return {
    async open(token: string) {
      const id = signer.verify('q', token);
      return id === undefined ? undefined : await findInvitation(storage.read, id);
    },
    markStarted: (tx: Tx, id: string) => markStarted(tx, { id }),
    markCompleted: (tx: Tx, id: string) => markCompleted(tx, { id }),
    optOut: (tx: Tx, id: string) => markOptedOut(tx, { id }),
  };
}

const OFFICE = { from: '09:00', to: '17:00' };

const business = {
  name: 'Hollerbach Kaffee',
  address: 'Speicherstraße 14\n24103 Kiel',
  telephone: '0431 555 01',
  email: 'hallo@example.com',
  timeZone: 'Europe/Berlin',
  defaultLanguage: 'de',
  workingHours: { mon: OFFICE, tue: OFFICE, wed: OFFICE, thu: OFFICE, fri: OFFICE, sat: null, sun: null },
  retentionMonths: 24,
};

export interface Asking {
  signer: Signer;
  clock: TestClock;
  responses: Responses;
  answering: Answering;
  ground: Ground;
  baseUrl: string;
  /** What the timeline was told. */
  events: { customerId: string; kind: string }[];
  server: Server;
  close(): Promise<void>;
}

interface Options {
  clock?: TestClock;
  definition?: Definition;
  offered?: string[];
}

/** The answering pages alone, over HTTP, with everything beside them reduced to rows. */
export async function startAsking(storage: Storage, options: Options = {}): Promise<Asking> {
  const { clock = testClock(), definition = starter('leaving'), offered = ['en', 'de', 'nl', 'nb'] } = options;
  const ground = await layGround(storage, clock, definition);
  const signer = createSigner(new Uint8Array(32).fill(7));
  const invitations = plainInvitations(storage, signer);
  const events: Asking['events'] = [];
  const responses = createResponses({
    storage,
    clock,
    invitations,
    companyName: async () => business.name,
    audit: async () => {},
    recordEvents: async (_tx, more) => void events.push(...more),
  });
  const texts = loadTexts(join(root, 'data/locales'));
  const pages = createPages(createRender(join(root, 'views')), createAssets(join(root, 'public')), []);
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const answering = createAnswering({
    storage,
    clock,
    signer,
    texts,
    responses,
    invitations,
    questionnaires: {
      version: async (id) => (id === ground.versionId ? { definition } : undefined),
      offeredLanguages: async () => offered,
    },
    accounts: {
      company: async () => business,
      colleagues: async () => [
        { id: ground.accountId, name: 'Miriam Adler', title: 'Kundenbetreuung', email: 'm@example.com', active: true },
        { id: 'another', name: 'Jan Visser', title: '', email: 'j@example.com', active: true },
        { id: 'gone', name: 'Kari Berg', title: '', email: 'k@example.com', active: false },
      ],
    },
    customers: {
      find: (id) => {
        const row = storage.read
          .selectFrom('customer')
          .select(['unsubscribed_at as unsubscribedAt', 'telephone', 'email'])
          .where('id', '=', id);
        return row.executeTakeFirst();
      },
      refusals: (id) => storage.read.selectFrom('refusal').select('topic').where('customer_id', '=', id).execute(),
    },
    refuse: (tx, customer_id, topic, how) =>
      tx
        .insertInto('refusal')
        .values({ customer_id, topic, how, since: clock.now().toISOString() })
        .onConflict((on) => on.doNothing())
        .execute(),
    unsubscribe: (tx, customerId, how) =>
      tx
        .updateTable('customer')
        .set({ unsubscribed_at: clock.now().toISOString(), unsubscribed_how: how })
        .where('id', '=', customerId)
        .where('unsubscribed_at', 'is', null)
        .execute(),
  });
  const app = express();
  app.disable('etag').set('query parser', 'simple');
  app.use(
    requestId,
    securityHeaders(baseUrl),
    answeringRoutes({ answering, pages, baseUrl }),
    optOutRoutes({ answering, pages }),
  );
  app.use(notFound, errorPages({ pages, texts, logger: pino({ level: 'silent' }) }));
  server.on('request', app);
  const close = async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  return { signer, clock, responses, answering, ground, baseUrl, events, server, close };
}

/** Every row of every table, as text. */
export async function everything(storage: Pick<Storage, 'read' | 'engine'>): Promise<string> {
  return JSON.stringify(await contents(storage));
}

/** Every row of every table but these, by table. */
export async function contents(
  { read, engine }: Pick<Storage, 'read' | 'engine'>,
  except: string[] = [],
): Promise<Record<string, unknown[]>> {
  const names =
    engine === 'sqlite'
      ? sql<{ name: string }>`select name from sqlite_master where type = 'table' order by name`
      : sql<{ name: string }>`select tablename as name from pg_tables where schemaname = 'public' order by tablename`;
  const db = read as unknown as Kysely<unknown>;
  const tables = (await names.execute(db)).rows.map(({ name }) => name);
  for (const table of ['answer', ...except]) {
    if (!tables.includes(table)) throw new Error(`There is no table ${table}`);
  }
  const kept = tables.filter((table) => !except.includes(table));
  const rows = await Promise.all(kept.map((table) => sql`select * from ${sql.table(table)}`.execute(db)));
  return Object.fromEntries(kept.map((table, i) => [table, rows[i]?.rows ?? []]));
}

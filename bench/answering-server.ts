/** One of the two servers that `bench -- answering` compares, in a process of its own. Tells its parent where it listens. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import ejs from 'ejs';
import express, { type Express } from 'express';
import { pino } from 'pino';
import { z } from 'zod';
import { createApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { SYSTEM } from '../src/shared/actor.ts';
import { systemClock } from '../src/shared/clock.ts';
import { randomToken } from '../src/shared/tokens.ts';
import { migrate, openStorage } from '../src/storage/index.ts';
import { openDatabase } from '../src/storage/sqlite.ts';

const [kind, directory = '', respondents = '0'] = process.argv.slice(2);

interface Made {
  handler: RequestListener;
  tokens: string[];
  /** Codes what has been answered, by the words, and lets the engine learn from it. */
  learn?: (mains: Record<string, string>) => Promise<void>;
}

async function ours(baseUrl: string): Promise<Made> {
  const url = `sqlite:${join(directory, 'ours.db')}`;
  await migrate(url);
  const storage = await openStorage(url);
  const config = readConfig({ BASE_URL: baseUrl, LOG_LEVEL: 'silent', DATABASE_URL: url });
  const logger = pino({ level: 'silent' });
  const app = createApp({ config, storage, clock: systemClock, logger, secret: new Uint8Array(32).fill(1) });
  await app.prepare();
  await app.questionnaires.approveAll(SYSTEM);
  const sender = await app.accounts.createAccount({
    email: 'sender@example.com',
    name: 'Miriam Adler',
    role: 'staff',
    language: 'en',
    password: 'a long pass phrase',
  });
  const basis = { legalBasis: 'contract', legalBasisSource: 'bench', legalBasisOn: '2024-01-01' } as const;
  const rows = Array.from({ length: Number(respondents) }, (_, i) => ({
    reference: `B-${i}`,
    familyName: `Nummer ${i}`,
    email: `b${i}@example.com`,
    language: 'de' as const,
    status: 'left' as const,
    leftOn: '2026-01-15',
    ...basis,
  }));
  await app.customers.upsertMany(SYSTEM, rows);
  const questionnaire = (await app.questionnaires.list()).find((each) => each.programme.key === 'leaving');
  const wave = await app.invitations.createWave(SYSTEM, {
    questionnaireId: questionnaire?.id ?? '',
    name: 'bench',
    audience: {},
    senderAccountId: sender.id,
    expiresDays: 60,
  });
  if (!wave.ok) throw new Error('The wave was refused');
  await app.invitations.startWave(SYSTEM, wave.value.id, { holdMinutes: 60 });
  await app.invitations.work();
  const invitations = await storage.read.selectFrom('invitation').select('id').execute();
  async function learn(mains: Record<string, string>): Promise<void> {
    const answers = await storage.read
      .selectFrom('coding_task as k')
      .innerJoin('answer as a', (on) =>
        on.onRef('a.response_id', '=', 'k.response_id').onRef('a.question_key', '=', 'k.question_key'),
      )
      .select(['k.response_id as responseId', 'a.verbatim'])
      .where('k.state', '=', 'open')
      .execute();
    const coded = answers.flatMap(({ responseId, verbatim }) => {
      const main = mains[verbatim ?? ''];
      return main === undefined ? [] : [{ responseId, codes: [main], main }];
    });
    for (let i = 0; i < coded.length; i += 100) await app.coding.codeResponses(SYSTEM, coded.slice(i, i + 100));
    process.send?.('learning');
    const hasLearned = setInterval(() => void tellIfLearned().then((has) => has && clearInterval(hasLearned)), 50);
    await app.coding.opinions.work();
    process.send?.(`learned from ${coded.length}`);
  }
  /** Reading all answers with what was learned begins when the model is there. */
  async function tellIfLearned(): Promise<boolean> {
    const model = await storage.read.selectFrom('engine_model').select('id').executeTakeFirst();
    if (model) process.send?.('reading');
    return model !== undefined;
  }
  return {
    handler: app.handler,
    learn,
    tokens: invitations.map(({ id }) => app.invitations.linkFor(id).slice(baseUrl.length)),
  };
}

// What ours writes when a response of this bench is sent, beside the response and its invitation, by comparing all
// tables before and after: two codings, one answer to code, its main reason, the leaver's row and the day that is to be
// counted anew; the case that opens, its number, its first event and the conversation with the customer, how they stand
// with winning back; two events on their timeline, one entry in the audit log.
const FOLLOWING = 14;
const WHAT_FOLLOWS = 'x'.repeat(120);

/**
 * Express as it comes, EJS as it comes, a page of the same size, a look-up of the token; a form checked by zod and as
 * many rows as ours writes (the invitation moves on, the response begins, the answer is kept; the last post completes
 * both and adds what follows from them) in one durable commit, without a secondary index.
 */
function bare(): { handler: Express; tokens: string[] } {
  const app = express();
  app.engine('ejs', (path, data, done) => void ejs.renderFile(path, data, done));
  app
    .set('views', join(import.meta.dirname, 'pages'))
    .set('view cache', true)
    .disable('etag');
  const db = openDatabase(join(directory, 'bare.db'));
  const tokens = bareTables(db);
  const known = db.prepare('select token from invitation where token = ?');
  const begun = db.prepare("update invitation set progress = 'started' where token = ? and progress = 'none'");
  const addResponse = db.prepare('insert into response values (?, ?, null) on conflict (token) do nothing');
  const addAnswer = db.prepare(
    'insert into answer values (?, ?, ?, ?) on conflict (token, question) do update set words = excluded.words',
  );
  const completed = db.prepare("update invitation set progress = 'completed' where token = ?");
  const submitted = db.prepare('update response set submitted_at = ? where token = ? and submitted_at is null');
  const addFollowing = db.prepare('insert into following values (?, ?, ?, ?)');
  const durable = sharedCommits(db);
  const form = z.object({ answer: z.string().max(5000) });
  const at = '2026-01-01T00:00:00.000Z';
  app.get('/q/:token{/:page}', (req, res) => {
    known.get(req.params.token);
    res.render('question.ejs', { action: `/q/${req.params.token}/happened`, title: 'Was ist passiert?', kept: '' });
  });
  app.post('/q/:token/:page', express.urlencoded({ extended: false }), async (req, res) => {
    const { answer } = form.parse(req.body);
    const { token, page } = req.params;
    known.get(token);
    await durable(() => {
      if (page === 'check-answers') {
        submitted.run(at, token);
        completed.run(token);
        for (let row = 0; row < FOLLOWING; row++) addFollowing.run(`${token} ${row}`, token, WHAT_FOLLOWS, at);
        return;
      }
      begun.run(token);
      addResponse.run(token, at);
      addAnswer.run(token, page, answer, at);
    });
    res.redirect(303, `/q/${token}/next`);
  });
  return { handler: app, tokens };
}

function bareTables(db: ReturnType<typeof openDatabase>): string[] {
  db.exec('create table invitation (token text primary key, progress text not null)');
  db.exec('create table response (token text primary key, started_at text not null, submitted_at text)');
  db.exec(
    'create table answer (token text not null references response (token), question text not null, words text, at text not null, primary key (token, question))',
  );
  db.exec(
    'create table following (id text primary key, token text not null references response (token), value text, at text)',
  );
  const tokens = Array.from({ length: Number(respondents) }, () => randomToken());
  const add = db.prepare("insert into invitation values (?, 'none')");
  db.transaction(() => tokens.forEach((token) => add.run(token)))();
  return tokens.map((token) => `/q/${token}`);
}

/** The writers of one turn share a commit, as ours do: the stronger limit. */
function sharedCommits(db: ReturnType<typeof openDatabase>): (write: () => void) => Promise<void> {
  const [begin, commit] = [db.prepare('begin immediate'), db.prepare('commit')];
  let waiting: (() => void)[] = [];
  const endTurn = () => {
    commit.run();
    for (const answer of waiting.splice(0)) answer();
  };
  return (write) =>
    new Promise((resolve) => {
      if (waiting.length === 0) {
        begin.run();
        setImmediate(endTurn);
      }
      write();
      waiting.push(resolve);
    });
}

const server = createServer();
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const made: Made = kind === 'ours' ? await ours(baseUrl) : bare();
process.on('message', (mains: Record<string, string>) => void made.learn?.(mains));
server.on('request', made.handler);
process.send?.({ baseUrl, tokens: made.tokens });
process.on('disconnect', () => process.exit(0));

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
import { migrate, openStorage } from '../src/storage/index.ts';
import { openDatabase } from '../src/storage/sqlite.ts';

const [kind, directory = '', respondents = '0'] = process.argv.slice(2);

async function ours(baseUrl: string): Promise<{ handler: RequestListener; tokens: string[] }> {
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
  return {
    handler: app.handler,
    tokens: invitations.map(({ id }) => app.invitations.linkFor(id).slice(baseUrl.length)),
  };
}

/** Express as it comes, EJS as it comes, a page of the same size; a form checked by zod; the same rows, one durable commit. */
function bare(): Express {
  const app = express();
  app.engine('ejs', (path, data, done) => void ejs.renderFile(path, data, done));
  app
    .set('views', join(import.meta.dirname, 'pages'))
    .set('view cache', true)
    .disable('etag');
  const db = openDatabase(join(directory, 'bare.db'));
  db.exec('create table response (id text primary key, token text not null unique, started_at text not null)');
  db.exec(
    'create table answer (response_id text not null references response (id), question text not null, words text, at text not null, primary key (response_id, question))',
  );
  const known = db.prepare('select id from response where token = ?');
  const addResponse = db.prepare('insert into response values (?, ?, ?) on conflict (token) do nothing');
  const addAnswer = db.prepare(
    'insert into answer values (?, ?, ?, ?) on conflict (response_id, question) do update set words = excluded.words',
  );
  const [begin, commit] = [db.prepare('begin immediate'), db.prepare('commit')];
  let waiting: (() => void)[] = [];
  const endTurn = () => {
    commit.run();
    for (const answer of waiting.splice(0)) answer();
  };
  /** The writers of one turn share a commit, as ours do: the stronger limit. */
  const durable = (write: () => void) =>
    new Promise<void>((resolve) => {
      if (waiting.length === 0) {
        begin.run();
        setImmediate(endTurn);
      }
      write();
      waiting.push(resolve);
    });
  const form = z.object({ answer: z.string().max(5000) });
  const at = '2026-01-01T00:00:00.000Z';
  app.get('/q/:token', (req, res) => {
    known.get(req.params.token);
    res.render('question.ejs', { action: `/q/${req.params.token}/happened`, title: 'Was ist passiert?', kept: '' });
  });
  app.post('/q/:token/:page', express.urlencoded({ extended: false }), async (req, res) => {
    const { answer } = form.parse(req.body);
    const { token, page } = req.params;
    await durable(() => {
      addResponse.run(token, token, at);
      addAnswer.run(token, page, answer, at);
    });
    res.redirect(303, `/q/${token}/next`);
  });
  return app;
}

const server = createServer();
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const made = kind === 'ours' ? await ours(baseUrl) : { handler: bare(), tokens: [] };
server.on('request', made.handler);
process.send?.({ baseUrl, tokens: made.tokens });
process.on('disconnect', () => process.exit(0));

import { Agent, createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import supertest from 'supertest';
import type { PasswordCost } from '../../src/accounts/index.ts';
import { createApp, type App } from '../../src/app.ts';
import { readConfig, type Config } from '../../src/config.ts';
import type { Storage } from '../../src/storage/index.ts';
import type { Role } from '../../src/web/index.ts';
import { testClock, type TestClock } from './clock.ts';

export const SECRET = new Uint8Array(32).fill(7);
/** Signing in takes no time instead of a third of a second. */
const CHEAP = { logN: 4, r: 8, p: 1 };
export const PASSWORD = 'correct horse battery';

export interface Answer {
  status: number;
  text: string;
  headers: Record<string, string>;
}

/** A person with a browser: keeps cookies, sends forms with the token of the page that it saw last. */
export interface Person {
  get(path: string): Promise<Answer>;
  /** Posts a form as a browser would, with the token of the page seen last. */
  post(path: string, fields?: Record<string, string | string[]>): Promise<Answer>;
  /** Posts with a file, as multipart. */
  upload(
    path: string,
    fields: Record<string, string>,
    file: { field: string; name: string; content: Buffer },
  ): Promise<Answer>;
  agent: ReturnType<typeof supertest.agent>;
}

export interface TestApp {
  app: App;
  clock: TestClock;
  config: Config;
  baseUrl: string;
  /** Somebody who is not signed in. */
  visitor(): Person;
  /** Somebody signed in, with an account of that role made for them. */
  signIn(role: Role, name?: string): Promise<Person & { accountId: string }>;
  close(): Promise<void>;
}

interface Options {
  clock?: TestClock;
  environment?: Record<string, string>;
  passwordCost?: PasswordCost;
  /** Where suppressions are remembered outside the database. */
  journal?: string;
  /** Where erasures are remembered outside the database. */
  erasures?: string;
  /** Stands in for the network where certificates of mail services are fetched. */
  fetchText?: (address: string) => Promise<string>;
  /** Another folder of codebooks than the product's own. */
  codebooks?: string;
}

/** The whole application on a free port, with a clock that stands still and CSRF on. Background work runs when started. */
export async function startApp(
  storage: Storage,
  {
    clock = testClock(),
    environment = {},
    passwordCost = CHEAP,
    journal,
    erasures,
    fetchText,
    codebooks,
  }: Options = {},
): Promise<TestApp> {
  // A slow test machine lets connections rest for longer than the five seconds of Node.
  const server = createServer({ keepAliveTimeout: 75_000 });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connections = new Agent({ keepAlive: true });
  const config = readConfig({ LOG_LEVEL: 'silent', BASE_URL: baseUrl, ...environment });
  const app = createApp({
    config,
    storage,
    clock,
    logger: pino({ level: config.logLevel }),
    secret: SECRET,
    passwordCost,
    journal,
    erasures,
    ...(fetchText && { fetchText }),
    ...(codebooks !== undefined && { codebooks }),
  });
  server.on('request', app.handler);
  await app.prepare();
  return {
    app,
    clock,
    config,
    baseUrl,
    visitor: () => person(server, baseUrl, connections),
    signIn: (role, name = `Test ${role}`) => signIn(person(server, baseUrl, connections), app, role, name),
    async close() {
      await app.stop();
      connections.destroy();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

const TOKEN = /name="csrf" value="([^"]+)"/;

function person(server: Server, baseUrl: string, connections: Agent): Person {
  // Its own way opens a connection for each request.
  const agent = supertest.agent(server).use((request: supertest.Test) => request.agent(connections));
  let csrf = '';
  const remember = (response: supertest.Response): Answer => {
    csrf = TOKEN.exec(response.text ?? '')?.[1] ?? csrf;
    return { status: response.status, text: response.text, headers: response.headers as Record<string, string> };
  };
  return {
    agent,
    get: async (path) => remember(await agent.get(path)),
    post: async (path, fields = {}) => {
      const body = new URLSearchParams();
      for (const [name, value] of Object.entries({ csrf, ...fields }))
        for (const each of [value].flat()) body.append(name, each);
      return remember(await agent.post(path).set('Origin', baseUrl).type('form').send(body.toString()));
    },
    upload: async (path, fields, file) => {
      let request = agent.post(path).set('Origin', baseUrl);
      for (const [name, value] of Object.entries({ csrf, ...fields })) request = request.field(name, value);
      return remember(await request.attach(file.field, file.content, file.name));
    },
  };
}

let people = 0;

async function signIn(someone: Person, app: App, role: Role, name: string) {
  const email = `${role}-${++people}@example.com`;
  const account = await app.accounts.createAccount({ email, name, role, language: 'en', password: PASSWORD });
  await someone.get('/sign-in');
  const answer = await someone.post('/sign-in', { email, password: PASSWORD });
  if (answer.status !== 303) throw new Error(`Signing in failed with ${answer.status}: ${answer.text.slice(0, 300)}`);
  // The first page of the new session brings its form token.
  await someone.get('/me');
  return { ...someone, accountId: account.id };
}

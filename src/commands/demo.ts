import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, type Config } from '../config.ts';
import type { Sample } from '../demo/index.ts';
import type { Wanted } from '../sample.ts';
import { serveWith } from '../serve.ts';
import { languageFrom, readArguments, type Command } from './usage.ts';

const PASSWORD = 'morgens um sieben';
/** One of each role: administrator, manager, staff. */
const SIGN_IN = ['katharina.hollerbach@example.com', 'miriam.adler@example.com', 'jonas.petersen@example.com'];
const PAGES = [
  ['/leaving', 'why they leave, and what it costs a year'],
  ['/customers', 'all of them; of the 700 of the last twelve months 140 were lost'],
  ['/answers', 'the desk where answers get their codes'],
  ['/waves', 'what was sent, and a wave that can still be stopped'],
  ['/outbox', 'the mail that would have gone out'],
  ['/questionnaires', 'what is asked, in four languages'],
] as const;

export const demoCommand: Command = {
  usage: 'demo [--language L]',
  summary: 'the sample company in a temporary folder, until a stop signal',
  async run(args) {
    // In which its people read the app.
    const language = languageFrom(readArguments(args, { language: { type: 'string' } }, 0).values.language) ?? 'en';
    const folder = mkdtempSync(join(tmpdir(), 'comeback-demo-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    const config = await demoConfig(folder);
    console.log('\n  Making up the sample company ...');
    const sample = await untilStopped(load(config, language));
    await serveWith(config);
    console.log(welcome(config, sample));
  },
};

/** Its own database and secret, and no mail server, whatever else is set: nothing leaves. */
async function demoConfig(folder: string): Promise<Config> {
  const config = readConfig();
  const port = await freePort(config.port);
  return {
    ...config,
    port,
    baseUrl: port === config.port ? config.baseUrl : `http://localhost:${port}`,
    databaseUrl: `sqlite:${join(folder, 'demo.db')}`,
    secretFile: join(folder, 'secret'),
    smtpUrl: undefined,
    dkim: undefined,
    imapUrl: undefined,
    logLevel: config.logLevel === 'info' ? 'warn' : config.logLevel,
  };
}

/** The wanted port, or any other where that one is taken. */
function freePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' && wanted !== 0 ? resolve(freePort(0)) : reject(error),
    );
    server.listen(wanted, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** In a process of its own, which goes with this one. */
async function load(config: Config, language: string): Promise<Sample> {
  const filling = fork(join(import.meta.dirname, '../sample.ts'));
  process.prependOnceListener('exit', () => filling.kill('SIGKILL'));
  filling.send({ config, password: PASSWORD, language } satisfies Wanted);
  const ended = once(filling, 'exit').then(([code]) => {
    throw new Error(`The sample company was not made: its process ended with ${code}`);
  });
  const [sample] = (await Promise.race([once(filling, 'message'), ended])) as [Sample];
  await ended.catch(() => {});
  return sample;
}

/** A stop signal ends the process as usual, so that the folder goes too. */
async function untilStopped<T>(work: Promise<T>): Promise<T> {
  const stop = () => process.exit(1);
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    return await work;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

function welcome({ baseUrl }: Config, { people, links }: Sample): string {
  const known = people.filter(({ email }) => SIGN_IN.includes(email));
  const who = known.map(({ name, role, email }) => `    ${role.padEnd(14)} ${email.padEnd(34)} ${name}`);
  const pages = PAGES.map(([path, what]) => `    ${(baseUrl + path).padEnd(38)} ${what}`);
  const open = links.map(({ programme, language, href }) => `    ${href}  (${programme}, ${language})`);
  return `
  Hollerbach Kaffee is open: ${baseUrl}

  Sign in with the password "${PASSWORD}" as
${who.join('\n')}

  Worth seeing
${pages.join('\n')}

  What a customer sees who has not answered yet
${open.join('\n')}

  Everything lies in a temporary folder and goes when you stop (Ctrl+C).
`;
}

import type { Server } from 'node:http';
import { flushCompileCache } from 'node:module';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { App } from './app.ts';
import { ConfigError, readConfig, type Config } from './config.ts';
import { openApp } from './open.ts';
import { NewerSchema } from './storage/index.ts';
import { troubleInWords } from './trouble.ts';

// An import would read all that node:http exports, and one of those loads a whole HTTP client: a tenth of the start.
const { createServer } = process.getBuiltinModule('node:http');

/** Connections that are still open this long after a stop signal are cut. */
const GRACE_MS = 10_000;

/** Migrates, serves, and stops cleanly at SIGTERM or SIGINT. What cannot start says why and ends with 1. */
export async function serve(): Promise<void> {
  try {
    await serveWith(readConfig());
  } catch (error) {
    const why = whyNotServed(error);
    if (why === undefined) throw error;
    console.error(why);
    process.exit(1);
  }
}

function whyNotServed(error: unknown): string | undefined {
  if (error instanceof ConfigError || error instanceof NewerSchema) return error.message;
  if (!isListenError(error)) return troubleInWords(error);
  return isTaken(error) ? `${error.message}. Set PORT to another one, or stop what serves there` : error.message;
}

const isListenError = (error: unknown): error is Error =>
  Error.isError(error) && (error as NodeJS.ErrnoException).syscall === 'listen';

const isTaken = (error: Error) => (error as NodeJS.ErrnoException).code === 'EADDRINUSE';

const PAGES_FIRST_MS = 500;
/** A full disk or a database that is away. */
const AGAIN_MS = 5000;
const COMPILED_AFTER_MS = 10_000;

/** Longer than reverse proxies keep a connection for the next request, which else comes as we close it. */
const IDLE_MS = 75_000;

/** Serves with these settings until a stop signal. */
export async function serveWith(config: Config): Promise<void> {
  const { app, logger, close } = await openApp(config);
  const server = createServer({ keepAliveTimeout: IDLE_MS }, app.handler);
  await listen(server, config.port);
  const stopping = new AbortController();
  const working = startWorking(app, logger, stopping.signal);
  const stop = stopper(server, app, logger, close);
  const stopAll = () => {
    stopping.abort();
    void working.then(stop);
  };
  process.once('SIGTERM', stopAll).once('SIGINT', stopAll);
  await announce(app, config, logger);
  // Not before the code of some pages is among what was compiled. One that ends properly keeps it by itself.
  setTimeout(flushCompileCache, COMPILED_AFTER_MS).unref();
}

/**
 * Else what sent messages leave behind lies about until the heap is three times what is in use. From the start on, it would
 * take a tenth longer to the first page.
 */
function collectSooner(): void {
  process.getBuiltinModule('node:v8').setFlagsFromString('--heap-growing-percent=30');
}

/** Whoever restarts the server waits for a page, not for the background work, nor does it end where that cannot begin yet. */
async function startWorking(app: App, logger: Logger, signal: AbortSignal): Promise<void> {
  for (let pause = PAGES_FIRST_MS; ; pause = AGAIN_MS) {
    await wait(pause, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    collectSooner();
    try {
      return await app.start();
    } catch (error) {
      const { name, code } = error as NodeJS.ErrnoException;
      logger.error({ err: { name, code } }, 'the background work could not begin and is tried again');
    }
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function announce(app: App, config: Config, logger: Logger): Promise<void> {
  logger.info({ port: config.port, database: config.databaseUrl.split(':')[0] }, 'serving');
  const setupLink = await app.accounts.setupLink();
  if (setupLink) console.log(`\n  Comeback is ready. Open this link once to set it up:\n\n  ${setupLink}\n`);
}

/** No new connections, then the background work, then the database; what hangs is cut after the grace period. */
function stopper(server: Server, app: App, logger: Logger, close: () => Promise<void>): () => void {
  return () => {
    logger.info('stopping');
    const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    void inOrder([() => Promise.all([closed, app.stop()]), close], logger).then((wholly) => {
      clearTimeout(cut);
      if (wholly) logger.info('stopped');
      // Whatever still hangs would keep the process.
      else process.exit(1);
    });
  };
}

/** One after the other, also after one that failed, as writing does on a full disk. @returns whether all went well */
async function inOrder(steps: (() => Promise<unknown>)[], logger: Logger): Promise<boolean> {
  let wholly = true;
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      wholly = false;
      const { name, code } = error as NodeJS.ErrnoException;
      logger.error({ err: { name, code } }, 'could not stop wholly; what was left is taken up at the next start');
    }
  }
  return wholly;
}

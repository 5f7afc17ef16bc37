import { dirname, join } from 'node:path';
import { pino, type Logger } from 'pino';
import { createApp, type App } from './app.ts';
import type { Config } from './config.ts';
import { readOrMakeSecret } from './secret.ts';
import { systemClock } from './shared/clock.ts';
import { migrate, openStorage } from './storage/index.ts';

interface OpenedApp {
  app: App;
  logger: Logger;
  /** After the background work has ended. */
  close(): Promise<void>;
}

/** Migrates, opens the database and puts the application together, without serving it. */
export async function openApp(config: Config): Promise<OpenedApp> {
  const logger = pino({ level: config.logLevel });
  const secret = readOrMakeSecret(config.secretFile);
  await migrate(config.databaseUrl);
  const storage = await openStorage(config.databaseUrl);
  const beside = dirname(config.secretFile);
  const journal = join(beside, 'suppressions.jsonl');
  const erasures = join(beside, 'erasures.jsonl');
  try {
    const app = createApp({ config, storage, clock: systemClock, logger, secret, journal, erasures });
    await app.prepare();
    return { app, logger, close: () => storage.close() };
  } catch (error) {
    await storage.close();
    throw error;
  }
}

/**
 * Fills the database of `demo` with the sample company, in a process of its own: what that takes, three times what
 * serving needs, goes with it. Told by its parent what to fill; tells it who can sign in.
 */
import { pino } from 'pino';
import { createApp } from './app.ts';
import type { Config } from './config.ts';
import { readOrMakeSecret } from './secret.ts';
import { COMMAND } from './shared/actor.ts';
import { systemClock } from './shared/clock.ts';
import { migrate, openStorage } from './storage/index.ts';

export interface Wanted {
  config: Config;
  password: string;
  /** In which its people read the app. */
  language: string;
}

process.once('message', ({ config, password, language }: Wanted) => void fill(config, password, language));
process.once('disconnect', () => process.exit());

async function fill(config: Config, password: string, language: string): Promise<void> {
  const secret = readOrMakeSecret(config.secretFile);
  await migrate(config.databaseUrl);
  // It lies in a folder that goes with the demo.
  const storage = await openStorage(config.databaseUrl, { durable: false });
  const logger = pino({ level: config.logLevel });
  const app = createApp({ config, storage, clock: systemClock, logger, secret });
  const sample = await app.demo.loadSample(COMMAND, { password, language });
  await app.accounts.settings.finishSetUp(COMMAND);
  await app.stop();
  await storage.close();
  process.send?.(sample, () => process.disconnect());
}

import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { App } from '../../src/app.ts';
import { startApp, type TestApp } from './app.ts';
import { testClock, type TestClock } from './clock.ts';
import type { TestEngine } from './engines.ts';
import { startSmtp, type SmtpServer } from './smtp.ts';
import { forgetWaves, readyToSend } from './waves.ts';

/** What a suite about waves runs on. */
interface WavesHere {
  running: TestApp;
  app: App;
  clock: TestClock;
  /** Only where the app was not told to keep its mail. */
  smtp: SmtpServer;
  /** Who signs, and what is asked. */
  ready: { senderId: string; questionnaireId: string };
  environment: Record<string, string>;
  /** Who has got something, in order. */
  recipients(): string[];
  /** All that is due at that moment. */
  run(at: string): Promise<void>;
}

/**
 * The app with the starters approved, its clock and, unless it keeps its mail, a mail server. Every test begins at the
 * same moment, with nothing received and no customers.
 */
export function wavesOn(
  on: TestEngine,
  { at = '2026-11-10T08:05:00.000Z', keepsMail = false }: { at?: string; keepsMail?: boolean } = {},
): WavesHere {
  const clock = testClock(at);
  const here = {
    clock,
    environment: {},
    recipients: () => here.smtp.received.flatMap(({ to }) => to).sort(),
    run: async (moment: string) => {
      clock.set(moment);
      await here.app.runDue();
    },
  } as WavesHere;
  beforeAll(async () => {
    if (!keepsMail) {
      here.smtp = await startSmtp();
      here.environment = { SMTP_URL: here.smtp.url, MAIL_FROM: 'house@example.com' };
    }
    here.running = await startApp(on.storage(), { clock, environment: here.environment });
    here.app = here.running.app;
    here.ready = await readyToSend(here.app);
  });
  afterAll(async () => {
    await here.running.close();
    if (!keepsMail) await here.smtp.close();
  });
  beforeEach(() => {
    clock.set(at);
    if (keepsMail) return;
    here.smtp.behaviour = {};
    here.smtp.received.length = 0;
  });
  afterEach(() => forgetWaves(on.storage()));
  return here;
}

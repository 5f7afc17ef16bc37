import type { Express } from 'express';
import { createDemo, type Demo } from './demo/index.ts';
import { whileResting } from './scheduler/index.ts';
import type { Clock } from './shared/clock.ts';
import { createServices, type Services, type ServicesOptions } from './services.ts';
import { createHandler } from './routes.ts';

export interface App extends Services {
  handler: Express;
  demo: Demo;
  /** Puts starters and codebooks in place; harmless when they are there. */
  prepare(): Promise<void>;
  /** Begins the background work. */
  start(): Promise<void>;
  /** One pass of everything that is due, for the command line. */
  runDue(): Promise<{ sent: number; failed: number; left: number }>;
  /** Ends the background work; what is under way is finished first. */
  stop(): Promise<void>;
}

/** Puts the parts together: services, routes, background work. */
export function createApp(options: ServicesOptions): App {
  const services = createServices(options);
  const { bounces, coding, imports, invitations, mailer, questionnaires, reports } = services;
  const caring = [services.recovery, services.loyalty, services.insight];
  const { storage, clock } = options;
  const past = (then: Clock) => createServices({ ...options, clock: then, keepsMail: true });
  const demo = createDemo({ storage, clock, present: services, past, alone });
  let [running, stopping] = [false, false];

  /** What goes on in the background would act at once on a past that is half told: write, remind, escalate, count. */
  async function alone<T>(work: () => Promise<T>): Promise<T> {
    return running ? await whileResting([invitations, ...caring], () => running, work) : await work();
  }

  async function ready(): Promise<void> {
    if (stopping) throw new Error('shutting down');
    await options.storage.ping();
  }

  return {
    ...services,
    demo,
    handler: createHandler(options, services, { ready, demo }),
    async prepare() {
      // How customers are addressed is known before anything is written to them.
      await services.accounts.company();
      await bounces.prepare();
      await services.privacy.prepare();
      await questionnaires.installStarters();
      await coding.installCodebooks();
      await services.retention.playbook.installStarters();
      await reports.prepare();
    },
    async start() {
      running = true;
      await coding.finishMoves();
      await mailer.start();
      bounces.start();
      invitations.start();
      imports.start();
      coding.opinions.start();
      coding.discoveries.start();
      for (const each of caring) each.start();
      services.webhooks.start();
      services.privacy.start();
      services.merging.start();
      services.duplicates.start();
    },
    async runDue() {
      await bounces.work();
      await invitations.work();
      for (const each of caring) await each.work();
      const done = await mailer.sendDue();
      await invitations.work();
      await services.webhooks.work();
      await services.privacy.work();
      await services.merging.work();
      await services.duplicates.work();
      return done;
    },
    async stop() {
      [running, stopping] = [false, true];
      const { opinions, discoveries } = coding;
      const working = [
        services.duplicates,
        services.merging,
        services.privacy,
        services.webhooks,
        ...caring,
        imports,
        opinions,
        discoveries,
        invitations,
        mailer,
        bounces,
      ];
      // What one could not write down stops none of the others.
      const ended = await Promise.allSettled(working.map((each) => each.stop()));
      const failed = ended.find((each) => each.status === 'rejected');
      if (failed) throw failed.reason as Error;
    },
  };
}

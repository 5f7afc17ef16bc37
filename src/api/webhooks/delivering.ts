import type { Logger } from 'pino';
import { repeating, type Repeating } from '../../scheduler/index.ts';
import { SYSTEM } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { addMinutes } from '../../shared/dates.ts';
import { administratorsOf, GIVEN_UP, givenUpComposer, tellAdministrators, type TellingDeps } from './given-up-mail.ts';
import { FAILING_DAYS, MOST_TRIES, nextTry } from './rules.ts';
import { post, type Attempt } from './sending.ts';
import { sealerOf, type SettingsDeps } from './service.ts';
import { signedHeaders } from './signing.ts';
import * as rows from './webhook-store.ts';

const EVERY_MS = 2000;
const AT_ONCE = 8;
const SLICE = 40;
const DAY_MINUTES = 24 * 60;
const KEPT_DAYS = 30;
const OLD_SLICE = 500;
/** The spec asks that an endpoint that answers "gone" is not tried again. */
const GONE = 410;

type Deps = SettingsDeps & TellingDeps & { logger: Logger };

/** Delivers what waits, at least once; several processes share the work, because an attempt counts before it is made. */
export function createDelivering(deps: Deps): Repeating & { work(): Promise<void> } {
  const { storage, clock, secret, allowsPrivate } = deps;
  const sealer = sealerOf(secret);
  const now = () => timestamp(clock);
  let swept = '';
  let stopping = false;
  deps.mailer.register(GIVEN_UP, givenUpComposer(deps));

  async function deliver(delivery: rows.DueDelivery): Promise<void> {
    const attempt = delivery.tries + 1;
    const at = now();
    if (attempt > MOST_TRIES) return await fail(delivery, delivery.tries, NEVER_HEARD);
    const dueAt = nextTry(attempt, at);
    if (!(await storage.transaction((tx) => rows.claim(tx, delivery, at, dueAt)))) return;
    const { url, payload, event_id: id } = delivery;
    const key = sealer.open(delivery.secret);
    const sealed = key === undefined || payload === null;
    const outcome = sealed
      ? UNREADABLE
      : await post(url, payload, signedHeaders(key, id, clock.now(), payload), allowsPrivate);
    if (outcome.error !== '') return await fail(delivery, attempt, outcome);
    await storage.transaction((tx) => delivered(tx, delivery, attempt, outcome));
  }

  async function fail(delivery: rows.DueDelivery, attempt: number, outcome: Attempt): Promise<void> {
    const administrators = await administratorsOf(deps);
    await storage.transaction(async (tx) => {
      if (await failed(tx, delivery, attempt, outcome))
        await tellAdministrators(deps, tx, administrators, delivery.endpoint_id);
    });
  }

  async function delivered(tx: Tx, delivery: rows.DueDelivery, attempt: number, { status }: Attempt): Promise<void> {
    const done = {
      state: 'delivered' as const,
      due_at: null,
      delivered_at: now(),
      last_status: status,
      last_error: '',
    };
    if (delivery.failing_since !== null) await rows.noteHealth(tx, delivery.endpoint_id, null);
    await rows.settle(tx, delivery.id, attempt, done);
  }

  /** @returns whether the endpoint is given up by it */
  async function failed(
    tx: Tx,
    delivery: rows.DueDelivery,
    attempt: number,
    { status, error }: Attempt,
  ): Promise<boolean> {
    const { endpoint_id: id, failing_since: since } = delivery;
    const tooLong = since !== null && addMinutes(since, FAILING_DAYS * DAY_MINUTES) <= now();
    // The endpoint's row before those of its deliveries, always: two that fail at once wait for each other only one way.
    if (since === null) await rows.noteHealth(tx, id, now());
    const givenUp = (tooLong || status === GONE) && (await rows.giveUp(tx, id));
    const last = attempt >= MOST_TRIES ? { state: 'failed' as const, due_at: null } : {};
    await rows.settle(tx, delivery.id, attempt, { ...last, last_status: status, last_error: error });
    if (!givenUp) return false;
    await rows.failWaiting(tx, id);
    await deps.accounts.audit(tx, SYSTEM, 'webhooks.gaveUp', { kind: 'webhook', id });
    return true;
  }

  async function sweep(): Promise<void> {
    if (swept !== '' && addMinutes(swept, DAY_MINUTES) > now()) return;
    const before = addMinutes(now(), -KEPT_DAYS * DAY_MINUTES);
    for (let some = OLD_SLICE; some === OLD_SLICE && !stopping;)
      some = await storage.transaction((tx) => rows.forgetOld(tx, before, OLD_SLICE));
    swept = now();
  }

  async function work(): Promise<void> {
    for (let some = SLICE; some === SLICE && !stopping;) {
      const due = await rows.dueDeliveries(storage.read, now(), SLICE);
      some = due.length;
      for (let i = 0; i < due.length && !stopping; i += AT_ONCE)
        await Promise.all(due.slice(i, i + AT_ONCE).map(deliver));
    }
    await sweep();
  }

  const background = repeating(EVERY_MS, deps.logger, 'delivering webhooks failed', work);
  return {
    ...background,
    start() {
      stopping = false;
      background.start();
    },
    async stop() {
      stopping = true;
      await background.stop();
    },
    async work() {
      stopping = false;
      await background.once();
    },
  };
}

type Tx = Parameters<typeof rows.settle>[0];

/** Sealed under another secret than the one of today: nothing can be signed. */
const UNREADABLE: Attempt = { status: null, error: 'refused' };

/** The process that made the last attempt died with it. */
const NEVER_HEARD: Attempt = { status: null, error: 'connection' };

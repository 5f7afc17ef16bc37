import { createHash } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import session, { Store, type SessionData } from 'express-session';
import { timestamp, type Clock } from '../shared/clock.ts';
import { addMinutes } from '../shared/dates.ts';
import type { Storage, Tx } from '../storage/index.ts';
import * as rows from './session-store.ts';

/** Said once on the next page; with `post` the undo is a button that sends these fields. */
export interface Notice {
  text: string;
  undo?: { href: string; text: string; post?: Record<string, string> };
}

declare module 'express-session' {
  interface SessionData {
    accountId: string;
    csrf: string;
    notice: Notice;
    /** When this session was last seen, as the store read it; not kept in the data. */
    seenAt: string;
  }
}

const IDLE_MINUTES = 8 * 60;
const TOUCH_AFTER_MINUTES = 5;
type Done = (error?: unknown) => void;

const hashed = (sid: string) => createHash('sha256').update(sid).digest('base64url');

/** Sessions of staff. The database holds only a hash of the id; use is recorded every five minutes, not at every page. */
class SessionStore extends Store {
  readonly #storage: Storage;
  readonly #clock: Clock;
  constructor(storage: Storage, clock: Clock) {
    super();
    this.#storage = storage;
    this.#clock = clock;
  }

  override get(sid: string, done: (error: unknown, session?: SessionData | null) => void): void {
    const since = addMinutes(timestamp(this.#clock), -IDLE_MINUTES);
    rows.findSession(this.#storage.read, hashed(sid), since).then(
      (row) => {
        const found = row ? ({ ...JSON.parse(row.data), seenAt: row.seen_at } as SessionData) : null;
        queueMicrotask(() => done(null, found));
      },
      (error: unknown) => queueMicrotask(() => done(error)),
    );
  }

  override set(sid: string, data: SessionData, done: Done = () => {}): void {
    const { seenAt, ...kept } = data as Partial<SessionData>;
    const now = timestamp(this.#clock);
    const row = { sid_hash: hashed(sid), account_id: data.accountId ?? null, data: JSON.stringify(kept), seen_at: now };
    // One that was read may have been ended meanwhile by a change of password: it must not come back.
    const isNew = seenAt === undefined;
    this.#write((tx) => (isNew ? begin(tx, { ...row, created_at: now }) : rows.updateSession(tx, row)), done);
  }

  /** Answers at once when nothing is due: express-session splits the response in two for a store that answers later. */
  override touch(sid: string, data: SessionData, done: Done = () => {}): void {
    const now = timestamp(this.#clock);
    if (data.seenAt > addMinutes(now, -TOUCH_AFTER_MINUTES)) return done();
    this.#write((tx) => rows.touchSession(tx, hashed(sid), now), done);
  }

  override destroy(sid: string, done: Done = () => {}): void {
    this.#write((tx) => rows.deleteSession(tx, hashed(sid)), done);
  }

  #write(body: Parameters<Storage['transaction']>[0], done: Done): void {
    this.#storage.transaction(body).then(
      () => queueMicrotask(() => done()),
      (error: unknown) => queueMicrotask(() => done(error)),
    );
  }
}

/** Whoever comes in clears away what others left behind without signing out. */
async function begin(tx: Tx, row: Parameters<typeof rows.saveSession>[1]): Promise<void> {
  await rows.deleteIdleSessions(tx, addMinutes(row.created_at, -IDLE_MINUTES));
  await rows.saveSession(tx, row);
}

const SESSION_COOKIE = 'comeback';

/** For staff routes only: customers meet no cookie. */
export function sessions(storage: Storage, clock: Clock, secret: string, https: boolean): RequestHandler {
  return session({
    name: SESSION_COOKIE,
    secret,
    store: new SessionStore(storage, clock),
    resave: false,
    saveUninitialized: false,
    rolling: false,
    proxy: https,
    cookie: { httpOnly: true, sameSite: 'lax', secure: https, path: '/' },
  });
}

/** Whether this browser was given a session once. */
export function hadSession(req: Request): boolean {
  return (req.headers.cookie ?? '').split(';').some((each) => each.trim().startsWith(`${SESSION_COOKIE}=`));
}

/** A new session id with nothing of the old one: at sign-in, so that a planted id is worthless. */
export function renewSession(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.regenerate((error: unknown) => (error ? reject(error) : resolve()));
  });
}

/** Saved before the answer leaves, so that the page it leads to finds it. */
export function saveSession(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.save((error: unknown) => (error ? reject(error) : resolve()));
  });
}

export function endSession(req: Request, res: Response): Promise<void> {
  res.clearCookie(SESSION_COOKIE, { path: '/' });
  return new Promise((resolve, reject) => {
    req.session.destroy((error: unknown) => (error ? reject(error) : resolve()));
  });
}

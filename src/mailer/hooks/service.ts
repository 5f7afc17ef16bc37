import { timestamp } from '../../shared/clock.ts';
import { addMinutes } from '../../shared/dates.ts';
import { tokenHash } from '../../shared/tokens.ts';
import type { Tx } from '../../storage/index.ts';
import { createHearing, type Hearing, type HookOutcome, type MailHooksDeps } from './hook.ts';
import { forgetTokens, hookRows, spendToken, type HookProvider, type HookRow } from './hook-store.ts';
import {
  EARLY_MINUTES,
  fingerprintOf,
  FRESH_MINUTES,
  isFresh,
  isMailgun,
  openMailgun,
  readMailgun,
} from './mailgun.ts';
import { isPostmark, readPostmark } from './postmark.ts';
import { createSesHook } from './ses-hook.ts';

export interface HookState {
  provider: HookProvider;
  heardAt: string | null;
  confirmedAt: string | null;
  /** It said that it sends no more, after it was last confirmed. */
  endedAt: string | null;
}

/** The reports that mail services post by themselves: each takes a body as it came. */
export interface MailHooks {
  ses(body: string): Promise<HookOutcome>;
  postmark(body: string, authorization: string | undefined): Promise<HookOutcome>;
  mailgun(body: string): Promise<HookOutcome>;
  states(): Promise<HookState[]>;
}

export function createMailHooks(deps: MailHooksDeps): MailHooks {
  const heard = createHearing(deps.clock);
  return {
    ses: createSesHook(deps, heard),
    postmark: createPostmarkHook(deps, heard),
    mailgun: createMailgunHook(deps, heard),
    states: async () => (await hookRows(deps.storage.read)).map(asState),
  };
}

function createPostmarkHook({ secrets, take }: MailHooksDeps, heard: Hearing): MailHooks['postmark'] {
  return async (body, authorization) => {
    const { postmarkPassword } = await secrets();
    if (!isPostmark(authorization, postmarkPassword)) return 'refused';
    const reports = readPostmark(body);
    if (!reports) return 'malformed';
    await take(reports, (tx) => heard.note(tx, 'postmark'));
    return 'taken';
  };
}

class Refused extends Error {}

function createMailgunHook({ clock, secrets, take }: MailHooksDeps, heard: Hearing): MailHooks['mailgun'] {
  return async (body) => {
    const post = openMailgun(body);
    const { mailgunKey } = await secrets();
    if (!post || !isMailgun(post, mailgunKey) || !isFresh(post, clock.now())) return 'refused';
    const now = timestamp(clock);
    const spent = { token_hash: tokenHash(post.signature.token), fingerprint: fingerprintOf(post), taken_at: now };
    const guard = async (tx: Tx) => {
      await forgetTokens(tx, addMinutes(now, -(FRESH_MINUTES + EARLY_MINUTES)));
      if (!(await spendToken(tx, spent))) throw new Refused();
      await heard.note(tx, 'mailgun');
    };
    try {
      await take(readMailgun(post), guard);
      return 'taken';
    } catch (error) {
      if (error instanceof Refused) return 'refused';
      throw error;
    }
  };
}

const asState = (row: HookRow): HookState => ({
  provider: row.provider,
  heardAt: row.heard_at,
  confirmedAt: row.confirmed_at,
  endedAt: row.ended_at,
});

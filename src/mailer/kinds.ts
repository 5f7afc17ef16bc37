import type { Logger } from 'pino';
import type { Tx } from '../storage/index.ts';
import type { Composed, Settled } from './deliver.ts';
import type {
  Composed as Answer,
  Composer,
  Held,
  MailState,
  MailToCompose,
  OnState,
  Screen,
  Screening,
  StateChange,
} from './message.ts';
import { NOT_TRIED } from './rules.ts';
import type { Changed, Claimed } from './store.ts';

/** The kinds of mail, each with the feature that composes it and hears of its fate. */
export interface Kinds {
  register(kind: string, composer: Composer, onState?: OnState, screening?: Screening): void;
  /** Runs before mails are worded: what another process has changed about words must be known by then. */
  beforeWriting(hook: () => Promise<void>): void;
  /** The names of all kinds of mail that there are. */
  names(): string[];
  /** Prepares the last look at mails of all kinds. */
  screening(): Promise<(tx: Tx, due: Claimed[]) => Promise<Map<string, Held>>>;
  /** Tells the features whose mails these are, in the transaction that changes them. */
  announce(tx: Tx, changed: Changed[], state: MailState, error: string | null): Promise<void>;
  /** Messages, and what is settled without one because its reason has gone or nobody could compose it. */
  compose(claimed: Claimed[]): Promise<{ composed: Composed[]; settled: Settled[] }>;
}

export function createKinds(logger: Logger): Kinds {
  const kinds = new Map<
    string,
    { composer: Composer; onState: OnState | undefined; screening: Screening | undefined }
  >();

  const hooks: (() => Promise<void>)[] = [];

  const messagesOf = async (kind: string, mails: Claimed[]): Promise<Map<string, Answer> | undefined> => {
    try {
      for (const hook of hooks) await hook();
      return await composeKind(kinds.get(kind)?.composer, mails);
    } catch (error) {
      const { name, message, stack } = error as Error;
      logger.error({ kind, err: { name, message, stack } }, 'mail could not be composed');
      return undefined;
    }
  };

  return {
    register(kind, composer, onState, screening) {
      kinds.set(kind, { composer, onState, screening });
    },
    beforeWriting: (hook) => void hooks.push(hook),
    names: () => [...kinds.keys()],
    async screening() {
      const screens = new Map<string, Screen>();
      for (const [kind, { screening }] of kinds) if (screening) screens.set(kind, await screening());
      return async (tx, due) => {
        const held = new Map<string, Held>();
        for (const [kind, mails] of Map.groupBy(due, (mail) => mail.kind)) {
          const found = await screens.get(kind)?.(tx, mails.map(toCompose));
          for (const [id, why] of found ?? []) held.set(id, why);
        }
        return held;
      };
    },
    async announce(tx, changed, state, error) {
      for (const [kind, rows] of Map.groupBy(changed, (row) => row.kind)) {
        await kinds.get(kind)?.onState?.(
          tx,
          rows.map((row) => stateChange(row, state, error)),
        );
      }
    },
    async compose(claimed) {
      const composed: Composed[] = [];
      const settled: Settled[] = [];
      for (const [kind, mails] of Map.groupBy(claimed, (mail) => mail.kind)) {
        const messages = await messagesOf(kind, mails);
        for (const mail of mails) sort(mail, messages, composed, settled);
      }
      return { composed, settled };
    },
  };
}

async function composeKind(composer: Composer | undefined, mails: Claimed[]): Promise<Map<string, Answer>> {
  if (!composer) throw new Error('nobody composes mails of this kind');
  return await composer(mails.map(toCompose));
}

const toCompose = ({ id, subject_id, detail }: Claimed): MailToCompose => ({
  mailId: id,
  subjectId: subject_id,
  detail: JSON.parse(detail) as unknown,
});

function sort(
  mail: Claimed,
  messages: Map<string, Answer> | undefined,
  composed: Composed[],
  settled: Settled[],
): void {
  const answer = messages?.get(mail.id);
  if (messages === undefined) settled.push({ mail, outcome: { state: 'queued', error: 'compose', tried: true } });
  else if (answer === undefined) settled.push({ mail, outcome: { state: 'cancelled', error: 'gone' } });
  else if ('cancel' in answer) settled.push({ mail, outcome: { state: 'cancelled', error: answer.cancel } });
  else if ('notNow' in answer) settled.push({ mail, outcome: { state: 'queued', error: NOT_TRIED, tried: false } });
  else composed.push({ mail, message: answer });
}

const stateChange = ({ id, subject_id }: Changed, state: MailState, error: string | null): StateChange => ({
  mailId: id,
  subjectId: subject_id,
  state,
  error,
});

import type { Message } from './message.ts';
import type { Claimed } from './store.ts';
import type { Pace } from './pace.ts';
import { NOT_TRIED, oneAddress, type Outcome } from './rules.ts';
import type { Outgoing } from './transport.ts';

export interface Composed {
  mail: Claimed;
  message: Message;
}

export interface Settled {
  mail: Claimed;
  outcome: Outcome;
  /** Whom it was handed over for, where it was. */
  address?: string;
  /** The message, where it was kept instead of sent. */
  captured?: Message;
}

/** How a chunk is handed to a mail server. */
interface Delivery {
  deliver(outgoing: Outgoing): Promise<Outcome>;
  /** Waits for the next message's turn. */
  pace: Pace;
  /** Said before each message; the rest of a chunk then goes back into the queue untouched. */
  shouldStop(): boolean;
  /** The message as it should go now, or what it is instead: much may have happened while it waited for its turn. */
  renew(composed: Composed): Promise<Composed | Settled>;
  /** So many messages at a time. */
  lanes: number;
  /** Where a message returns that cannot be delivered; undefined: to its sender's address. */
  returnPath?(mailId: string, recipient: string): string | undefined;
}

/** Hands the messages over, a few at a time. When the server is in trouble the rest is not tried. */
export async function deliverAll(composed: Composed[], delivery: Delivery): Promise<Settled[]> {
  const waiting = composed.values();
  const settled: Settled[] = [];
  let trouble = false;
  const lane = async () => {
    for (const each of waiting) {
      await delivery.pace(() => trouble || delivery.shouldStop());
      const result = trouble || delivery.shouldStop() ? notTried(each.mail) : await renewAndDeliver(each, delivery);
      trouble ||= isServerTrouble(result.outcome);
      settled.push(result);
    }
  };
  await Promise.all(Array.from({ length: delivery.lanes }, lane));
  return settled;
}

/** It goes back into the queue untouched. */
export const notTried = (mail: Claimed): Settled => ({
  mail,
  outcome: { state: 'queued', error: NOT_TRIED, tried: false },
});

async function renewAndDeliver(composed: Composed, delivery: Delivery): Promise<Settled> {
  const now = await delivery.renew(composed);
  if ('outcome' in now) return now;
  const { mail, message } = now;
  return { mail, outcome: await deliverOne(mail, message, delivery), address: message.to.address };
}

async function deliverOne(mail: Claimed, message: Message, { deliver, returnPath }: Delivery): Promise<Outcome> {
  const recipient = oneAddress(message.to.address);
  if (recipient === undefined) return { state: 'failed', error: 'address' };
  const replyTo = message.replyTo === undefined ? undefined : oneAddress(message.replyTo);
  const from = returnPath?.(mail.id, recipient);
  return await deliver({ message: { ...message, replyTo }, recipient, messageId: mail.message_id, returnPath: from });
}

/** Trouble of the server, not of one message: a reason to leave it in peace for a while. */
export function isServerTrouble(outcome: Outcome): boolean {
  return outcome.state === 'queued' && !outcome.tried && outcome.error !== NOT_TRIED;
}

/** Without a mail server: every message counts as sent and is kept to be read in the app. */
export function captureAll(composed: Composed[]): Settled[] {
  return composed.map(({ mail, message }) =>
    oneAddress(message.to.address) === undefined
      ? { mail, outcome: { state: 'failed', error: 'address' } }
      : { mail, outcome: { state: 'sent' }, captured: message },
  );
}

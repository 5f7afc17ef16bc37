import { addMinutes } from '../shared/dates.ts';

const MOST = 254;
const MOST_LOCAL = 64;
const LOCAL = /^[^\s@,;:<>()[\]\\"\p{Cc}\p{Cf}]+$/u;
const DOMAIN = /^[^\s@,;:<>()[\]\\"'`\p{Cc}\p{Cf}_]+$/u;

/** Domains that belong to nobody (RFC 2606, RFC 6761). */
const RESERVED = /[@.](example(\.(com|net|org))?|test|invalid|localhost)$/i;

/** Whether that is an address that nobody can have. */
export const isInvented = (address: string): boolean => RESERVED.test(address);

/**
 * The text as exactly one plain address, or undefined. Nothing passes that a header or an envelope could read as two
 * addresses, a comment, or another line.
 */
export function oneAddress(text: string): string | undefined {
  const address = text.trim();
  const at = address.lastIndexOf('@');
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
  if (at < 1 || address.length > MOST || local.length > MOST_LOCAL) return undefined;
  if (!LOCAL.test(local) || !DOMAIN.test(domain) || /^[.-]|[.-]$|\.\./.test(domain)) return undefined;
  return address;
}

/** Text that is going to stand in a header: one line, without control characters. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

/** What the driver says about a message that did not go through. */
export interface DeliveryError {
  code?: string;
  responseCode?: number;
  /** The reply as the server wrote it; it may quote an address. */
  response?: string;
  /** The step that failed: CONN, EHLO, AUTH, MAIL FROM, RCPT TO, DATA, API. */
  command?: string;
}

export type Outcome =
  | { state: 'sent' }
  | { state: 'failed' | 'unknown' | 'cancelled'; error: string }
  /** `tried`: the server spoke about this message; else the trouble is the server's and no try is used up. */
  | { state: 'queued'; error: string; tried: boolean };

/** 503 says that the session was in the wrong state, not that the message was refused. */
const isPermanent = (code: number) => code >= 500 && code < 600 && code !== 503;

/** Replies to these speak about the message; replies to all before them about the server or our account there. */
const ABOUT_MESSAGE = /^(RCPT TO|DATA)/;

/**
 * What became of a message. A reply decides (RFC 5321, 4.2.1: 5yz for good, 4yz for now). Without one it is certain
 * only as long as nothing of the message had been handed over; after that it may have arrived.
 */
export function outcomeOf(error: DeliveryError, handedOver: boolean): Outcome {
  const code = error.responseCode ?? 0;
  const words = reasonOf(error);
  if (code > 0 && ABOUT_MESSAGE.test(error.command ?? '')) {
    if (isPermanent(code)) return { state: 'failed', error: words };
    return { state: 'queued', error: words, tried: code !== 421 };
  }
  if (error.command === 'API' && error.code === 'EENVELOPE') return { state: 'failed', error: 'address' };
  if (handedOver) return { state: 'unknown', error: words };
  return { state: 'queued', error: words, tried: false };
}

/** What stands for an error where the server was not even asked. */
export const NOT_TRIED = 'not tried';

/** '550 5.1.1', else the driver's code: never the sentence, which may quote an address. */
export function reasonOf({ responseCode, response, code }: DeliveryError): string {
  if (!responseCode) return code ?? 'connection';
  const enhanced = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response ?? '')?.[1];
  return enhanced ? `${responseCode} ${enhanced}` : String(responseCode);
}

const RETRY_MINUTES = [1, 5, 15, 60, 120, 240, 480, 720];

/** When to try again after so many tries, or undefined when it is time to give up (after about a day). */
export function retryAt(now: string, tries: number): string | undefined {
  const minutes = RETRY_MINUTES[tries - 1];
  return minutes === undefined ? undefined : addMinutes(now, minutes);
}

const PAUSE_SECONDS = [1, 5, 15, 60, 300];

/** How long to leave a server in peace after so many troubles in a row, in milliseconds. */
export function pauseAfter(troubles: number): number {
  return (PAUSE_SECONDS[Math.min(troubles, PAUSE_SECONDS.length) - 1] ?? 0) * 1000;
}

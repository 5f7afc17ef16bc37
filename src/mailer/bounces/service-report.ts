import { causeOf, isHard, replyClassIn, statusIn } from './causes.ts';
import type { Verdict } from './reading.ts';

/** What a mail service tells about one recipient of one message, whose origin has been checked. */
export interface ServiceReport extends Verdict {
  /** 'Amazon SES': shown to whoever reads what nobody understood. */
  service: string;
  /** The same for each repetition of the same news. */
  id: string;
  /** Which message: by its id, by the sign in its return path, or by its Message-ID without brackets; '' where unknown. */
  mailId: string;
  token: string;
  messageId: string;
  /** For a person, where the machine does not understand it; '' otherwise. */
  text: string;
}

/** Where a report names no message at all, it may be about the last that we sent there. */
export function namesNothing({ mailId, token, messageId }: ServiceReport): boolean {
  return mailId === '' && token === '' && messageId === '';
}

const SIGN = /\+([a-z2-7]{48})@/i;

/** The sign in a return path of ours. */
export function tokenOf(returnPath: string): string {
  return SIGN.exec(returnPath)?.[1]?.toLowerCase() ?? '';
}

interface Failure {
  /** RFC 3463; '' where the service does not say. */
  status: string;
  /** What the other server said. */
  words: string;
  /** The service has given up. Otherwise it goes on trying. */
  final: boolean;
  /** The service says that writing to the address is of no use. */
  forGood: boolean;
}

/** A service's word on a failure, weighed as the reports of mail servers are: what is about us never counts against them. */
export function failureOf({
  status: stated,
  words,
  final,
  forGood,
}: Failure): Pick<Verdict, 'kind' | 'cause' | 'status'> {
  const status = /^[245]\.\d{1,3}\.\d{1,3}$/.test(stated) ? stated : statusIn(words);
  if (!final) return { kind: 'soft', cause: 'delayed', status };
  const cause = causeOf(status, words);
  const statusClass = status[0] ?? (replyClassIn(words) || (forGood ? '5' : '4'));
  return { kind: forGood && isHard(cause, statusClass, words) ? 'hard' : 'soft', cause, status };
}

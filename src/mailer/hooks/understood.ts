import type { ServiceReport } from '../bounces/service-report.ts';

/** What a post of a mail service comes to; empty where it is no news for us. */
export type Understood = ServiceReport[];

const MOST_TEXT = 20_000;

/** News of a kind that we do not know is kept for a person, as unknown mail is. */
export function unknownReport(service: string, id: string, text: string): ServiceReport {
  return {
    service,
    id: `${service} ${id}`,
    recipient: '',
    kind: 'other',
    cause: 'unknown',
    status: '',
    mailId: '',
    token: '',
    messageId: '',
    text: text.slice(0, MOST_TEXT),
  };
}

import type { FieldErrors } from '../shared/errors.ts';
import type { Clock } from '../shared/clock.ts';
import type { Signer } from '../shared/tokens.ts';
import type { Texts } from '../i18n/index.ts';
import type { OpenInvitation } from '../invitations/index.ts';
import type { RefusalTopic } from '../customers/index.ts';
import type { Definition, Kept, PageRef } from '../questionnaires/index.ts';
import type { ContactWish, Responses } from '../responses/index.ts';
import type { Storage, Tx } from '../storage/index.ts';
import type { Business, Closed, Visit } from './visit.ts';

export interface AnsweringDeps {
  storage: Storage;
  clock: Clock;
  signer: Signer;
  texts: Texts;
  responses: Pick<Responses, 'find' | 'saveAnswer' | 'submit' | 'saveContactWish'>;
  invitations: {
    open(token: string): Promise<OpenInvitation | undefined>;
    optOut(tx: Tx, id: string): Promise<unknown>;
  };
  questionnaires: {
    version(id: string): Promise<{ definition: Definition } | undefined>;
    offeredLanguages(versionId: string): Promise<string[]>;
  };
  accounts: {
    company(): Promise<Business>;
    colleagues(): Promise<{ id: string; name: string; title: string; email: string; active: boolean }[]>;
  };
  customers: {
    find(id: string): Promise<{ unsubscribedAt: string | null; telephone: string; email: string } | undefined>;
    refusals(id: string): Promise<{ topic: RefusalTopic }[]>;
  };
  unsubscribe(tx: Tx, customerId: string, how: string): Promise<unknown>;
  refuse(tx: Tx, customerId: string, topic: RefusalTopic, how: string): Promise<unknown>;
}

export interface Answering {
  /** Follows a personal link, or a preview's, without changing anything. */
  open(token: string, language: string | undefined, accepted: string | undefined): Promise<Visit | Closed>;
  /** Keeps what was posted from a page, or says what is wrong with it. `null` where there is no such page. */
  answer(visit: Visit, key: string, body: unknown): Promise<Answered | null>;
  /** Sends the answers, unless a question that has to be answered is still open: then its page. */
  send(visit: Visit): Promise<{ missing: string | null }>;
  saveContactWish(visit: Visit, wish: ContactWish): Promise<void>;
  /** The invitation behind an opt-out link; it works as long as the link is ours, whatever became of the questions. */
  findOptOut(token: string, language: string | undefined, accepted: string | undefined): Promise<OptOut>;
  /** Doing it twice is harmless. */
  optOut(invitation: OpenInvitation, wish: OptOutWish, how: 'oneClick' | 'link'): Promise<void>;
}

/** No more questionnaires, no more greetings, or nothing at all. */
export const OPT_OUT_WISHES = ['all', 'surveys', 'greetings'] as const;
export type OptOutWish = (typeof OPT_OUT_WISHES)[number];

interface OptOut extends Omit<Closed, 'because'> {
  invitation: OpenInvitation | undefined;
  /** What they have asked for before. */
  already: OptOutWish[];
}

type Answered = { ok: true; next: string } | { ok: false; page: PageRef; errors: FieldErrors; kept: Kept };

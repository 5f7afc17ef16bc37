import type { Actor } from '../../shared/actor.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import type { Db, Hooks, Page } from '../../storage/index.ts';
import type { Upload } from '../../web/index.ts';
import type { Attachment } from '../attachments/index.ts';
import type { RemedyBy, RemedyKind } from '../cases/remedies.ts';
import type { RemedyRow } from '../cases/remedy-store.ts';
import type { ClaimRow, CommentKind, CommentRow } from './comment.ts';
import type { SavedSettings } from './settings-service.ts';
import type { CommentSettings, Starters } from './settings.ts';

/** The lists that staff read; `open` are those that somebody has to do something about: to look at them, or their case. */
export const COMMENT_VIEWS = ['open', 'idea', 'praise', 'held', 'case', 'spam'] as const;
export type CommentView = (typeof COMMENT_VIEWS)[number];

export interface Received {
  body: unknown;
  /** The file that came with it. */
  upload: Upload | 'none' | 'too large';
  language: string;
}

type Taken = { ok: true; token: string } | { ok: false; errors: FieldErrors; stamp: string };

/** What somebody sees of what they sent. */
export interface Sent {
  comment: CommentRow;
  /** Who answers; null: the business. */
  owner: { name: string; title: string } | null;
  /** By when. */
  answerBy: string;
}

export interface WholeComment {
  comment: CommentRow;
  claim: ClaimRow | undefined;
  /** What makes good, where the claim is granted. */
  remedy: RemedyRow | undefined;
  files: Attachment[];
  /** The number of its case. */
  caseNumber: number | null;
  customer: { id: string; name: string } | null;
  /** Customers with the same address: for a colleague to say whether it is one of them. */
  proposals: { id: string; name: string; reference: string }[];
}

export interface Decision {
  state: 'granted' | 'declined';
  /** What kind of thing makes good, where it is granted. */
  kind: RemedyKind;
  /** What the customer gets, or why not. */
  words: string;
  amountMinor: number | null;
}

/** How many comments there are of a kind, in one state. */
export interface CommentCount {
  state: CommentRow['state'];
  kind: CommentKind;
  /** Somebody has to do something about them. */
  isOpen: boolean;
  /** Up to COUNTED_UP_TO; where somebody has to, of all kinds together. */
  count: number;
}

/** So that a page costs no more where a great many have come. */
export const COUNTED_UP_TO = 1000;

interface CommentFilter {
  view?: CommentView | undefined;
  kind?: CommentKind | undefined;
  customerId?: string | undefined;
}

/** What was said of a guarantee claim. */
export type ClaimDecided = Pick<ClaimRow, 'comment_id' | 'case_id' | 'state' | 'amount_minor'> & { at: string };

export interface Comments {
  /** Runs in the same transaction when a comment is where it belongs: at once, or when a colleague says that it was meant. */
  onPlaced: Hooks<CommentRow>['on'];
  /** ... and when a guarantee claim is granted or declined. */
  onDecided: Hooks<ClaimDecided>['on'];
  settings(): Promise<SavedSettings>;
  /** @throws Conflict where somebody has saved others since that revision */
  saveSettings(actor: Actor, settings: CommentSettings, revision: number): Promise<void>;
  /** What is promised where nobody has written other words. */
  starters(): Promise<Starters>;

  /** A signed stamp for a new form; nothing is stored. */
  stamp(): string;
  /** The kinds that the page offers in a language. */
  kindsIn(language: string): Promise<CommentKind[]>;
  /**
   * Takes what somebody sent; a problem opens its case in the same transaction. The same form sent again is the same
   * comment. What looks like a program's doing waits for a colleague, and whoever sent it sees no difference.
   */
  receive(received: Received): Promise<Taken>;
  /** What the link on the thanks page leads to. */
  sent(token: string): Promise<Sent | undefined>;

  /** The newest first. */
  list(view: CommentView, before: string | null): Promise<Page<CommentRow>>;
  /** The same for programs: of every view where none is named. */
  listed(filter: CommentFilter, before: string | null, limit: number): Promise<Page<CommentRow>>;
  counts(): Promise<CommentCount[]>;
  findByReference(reference: string): Promise<CommentRow | undefined>;
  /** @throws NotFound */
  get(id: string): Promise<WholeComment>;
  /** Which comment a case came from. */
  ofCase(db: Db, caseId: string): Promise<CommentRow | undefined>;
  /** It was meant: goes where it belongs, or becomes a case. @throws Conflict where it is a case already */
  release(actor: Actor, id: string, kind: CommentKind): Promise<void>;
  /** Nobody meant it. @throws Conflict where it is a case, or set aside already */
  setAside(actor: Actor, id: string): Promise<void>;
  /** A colleague says who it was from; null: none of our customers. @throws Conflict where another said otherwise */
  confirmCustomer(actor: Actor, id: string, from: string | null, customerId: string | null): Promise<void>;
  /**
   * What is granted makes good the case: approved at once, or above the colleague's limit proposed to a manager.
   * @throws Conflict where it has been decided, or the case is closed
   */
  decide(by: RemedyBy, id: string, decision: Decision): Promise<'approved' | 'proposed' | 'declined'>;
}

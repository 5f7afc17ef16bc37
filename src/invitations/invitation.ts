import type { CameBack, MailHistory } from '../mailer/index.ts';
import type { Delivery, Progress } from './wave.ts';

/** What a personal link opens. Whether it may still be answered is for the reader to say from these. */
export interface OpenInvitation {
  id: string;
  waveId: string;
  customerId: string;
  programmeId: string;
  versionId: string;
  language: string;
  delivery: Delivery;
  progress: Progress;
  revokedAt: string | null;
  expiresAt: string;
  senderName: string;
  senderAccountId: string | null;
  replyTo: string;
}

/** A recipient of a wave, as lists show them. */
export interface ListedInvitation {
  id: string;
  customerId: string;
  language: string;
  delivery: Delivery;
  skipReason: string | null;
  skipUntil: string | null;
  progress: Progress;
  bouncedAt: string | null;
  /** By letter or telephone, after the e-mail had come back. */
  reachedAt: string | null;
  sentAt: string | null;
  revokedAt: string | null;
  expiresAt: string;
  createdAt: string;
}

/** Which recipients of a wave a list shows; at most one of these. */
export interface InvitationFilter {
  delivery?: Delivery;
  progress?: Progress;
  skipReason?: string;
}

/** A reminder, as lists show it. */
export interface SentReminder {
  number: number;
  state: 'planned' | MailHistory['state'];
  /** Why it was not sent. */
  reason: string | null;
  sentAt: string | null;
}

/** What happened to one recipient's mails. */
export interface RecipientLog {
  invitation: ListedInvitation;
  /** Why the mail server takes nothing for now, where one of these mails waits for it. */
  trouble: string | null;
  mails: MailHistory[];
  /** Of the invitation and its reminders. */
  cameBack: CameBack[];
  /** They have opted out, or their address is suppressed: nothing more will come. */
  isSilent: boolean;
  reminders: {
    id: string;
    number: number;
    state: 'planned' | MailHistory['state'];
    /** Why it was not sent. */
    reason: string | null;
    dueAt: string;
    mails: MailHistory[];
  }[];
}

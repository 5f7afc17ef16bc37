export interface InvitationsTables {
  wave: WaveTable;
  invitation: InvitationTable;
  /** How many of a wave that is over stand where: JSON, null until it is counted; see invitations. */
  wave_count: {
    wave_id: string;
    counts: string | null;
    /** 1 where somebody has come to stand elsewhere since the wave is followed: the counts no longer hold. */
    has_changed: number;
    followed_at: string;
  };
}

interface WaveTable {
  id: string;
  programme_id: string;
  questionnaire_version_id: string;
  name: string;
  state: 'draft' | 'starting' | 'sending' | 'paused' | 'stopped' | 'finished';
  /** Filters of the audience: JSON. */
  audience: string;
  sender_account_id: string | null;
  sender_name: string;
  reply_to: string;
  /** Days until the personal links expire. */
  expires_days: number;
  created_by: string | null;
  created_at: string;
  started_by: string | null;
  started_at: string | null;
  /** Until then the wave can be stopped before anything is sent. */
  hold_until: string | null;
  /** The last customer whose invitation has been written, while the wave is starting. */
  enrolled_upto: string | null;
  stopped_at: string | null;
  /** Days after the invitation on which reminders are due: a JSON list of up to two. */
  reminder_days: string;
  /** Where a paused wave goes on. */
  paused_from: 'starting' | 'sending' | 'finished' | null;
  /** The run of a schedule that made it. */
  schedule_run_id: string | null;
}

interface InvitationTable {
  id: string;
  wave_id: string;
  customer_id: string;
  language: string;
  delivery: 'queued' | 'sending' | 'sent' | 'unknown' | 'failed' | 'cancelled' | 'skipped' | 'withheld';
  skip_reason: string | null;
  skip_until: string | null;
  progress: 'none' | 'started' | 'completed' | 'opted_out' | 'expired';
  bounced_at: string | null;
  /** By letter or telephone, after the e-mail had come back. */
  reached_at: string | null;
  sent_at: string | null;
  revoked_at: string | null;
  expires_at: string;
  created_at: string;
  /** Where two records of one person were in one wave: the invitation that stands for both, be it this one. */
  joined_id: string | null;
}

import type { CapturedLine } from './captured-store.ts';
import { NotFound } from '../shared/errors.ts';
import { page, type Page, type Schema } from '../storage/index.ts';

type CapturedRow = Schema['captured_mail'] & { kind: string };

const LINES_A_PAGE = 50;

export interface CapturedMail {
  id: string;
  kind: string;
  to: string;
  subject: string;
  capturedAt: string;
  headers: [string, string][];
  text: string;
  html: string;
}

export interface Outbox {
  /** The newest first. Mails about accounts hold links that open them: only administrators see those. */
  list(before: string | null, reader: { isAdministrator: boolean }): Promise<Page<CapturedLine>>;
  /** @throws NotFound */
  get(id: string, reader: { isAdministrator: boolean }): Promise<CapturedMail>;
}

interface OutboxStore {
  list(options: { before: string | null; limit: number; withAccountMails: boolean }): Promise<CapturedLine[]>;
  find(id: string): Promise<CapturedRow | undefined>;
}

export function createOutbox(store: OutboxStore): Outbox {
  return {
    async list(before, { isAdministrator }) {
      const limit = LINES_A_PAGE + 1;
      const rows = await store.list({ before, limit, withAccountMails: isAdministrator });
      return page(rows, LINES_A_PAGE, (row) => row.id);
    },
    async get(id, { isAdministrator }) {
      const row = await store.find(id);
      if (!row || (isAboutAccounts(row.kind) && !isAdministrator)) throw new NotFound();
      return {
        id: row.id,
        kind: row.kind,
        to: row.envelope_to,
        subject: row.subject,
        capturedAt: row.captured_at,
        headers: Object.entries(JSON.parse(row.headers) as Record<string, string>),
        text: row.text,
        html: row.html,
      };
    },
  };
}

const isAboutAccounts = (kind: string) => kind.startsWith('account');

import { timestamp, type Clock } from '../../shared/clock.ts';
import { NotFound, type Message } from '../../shared/errors.ts';
import { isId, newId } from '../../shared/ids.ts';
import type { Db, Storage, Tx } from '../../storage/index.ts';
import type { Upload } from '../../web/index.ts';
import { MOST_FILE_BYTES, MOST_FILES, MOST_TOGETHER_BYTES } from './limits.ts';
import { cleanName } from './names.ts';
import * as store from './store.ts';
import { typeOf, type FileType } from './types.ts';

/** A file whose content has been looked at, under a name that is safe. */
export interface CheckedFile {
  name: string;
  type: FileType;
  bytes: Buffer;
}

/** Why a file was not taken: the text is 'casemail.file.WHY'. */
type Refusal = 'tooLarge' | 'tooMany' | 'empty' | 'type' | 'cut';

type Check = { ok: true; file: CheckedFile } | { ok: false; name: string; why: Refusal };

export interface Attachment {
  id: string;
  caseId: string | null;
  mailId: string | null;
  commentId: string | null;
  name: string;
  type: string;
  /** Bytes. */
  size: number;
  fromCustomer: boolean;
  createdAt: string;
  href: string;
}

/** What a file belongs to; a file of a comment or a mail belongs to their case as well, once there is one. */
interface Belongs {
  caseId?: string | null;
  mailId?: string | null;
  commentId?: string | null;
  fromCustomer: boolean;
}

export interface Attachments {
  /** Looks at one file: how large, and by its content of which type. Never throws, whatever the bytes are. */
  check(upload: Upload): Check;
  /**
   * The same for all that were given at once, with the limits of number and size together. `refused` is empty where all
   * may be kept.
   */
  checkAll(uploads: Upload[]): { files: CheckedFile[]; refused: { name: string; why: Refusal }[] };
  /** The first refusal as an error of a form's field. */
  problem(refused: { name: string; why: Refusal }[]): Message | undefined;
  /** Writes checked files into the database. @returns their ids, in their order */
  keep(tx: Tx, belongs: Belongs, files: CheckedFile[]): Promise<string[]>;
  /** The oldest first; at most 500. */
  listOf(
    db: Db,
    owners: { caseIds: string[] } | { mailIds: string[] } | { commentIds: string[] },
  ): Promise<Attachment[]>;
  /** What came with these comments or mails belongs to that case from now on. */
  moveToCase(
    tx: Tx,
    from: { commentIds: string[] } | { mailIds: string[] } | { caseIds: string[] },
    caseId: string | null,
  ): Promise<void>;
  /** @throws NotFound */
  get(id: string): Promise<Attachment>;
  /** @throws NotFound */
  bytes(db: Db, id: string): Promise<Buffer>;
  /** For erasing: what belongs to these is gone, content and name. */
  forget(tx: Tx, from: { commentIds: string[] } | { mailIds: string[] } | { caseIds: string[] }): Promise<void>;
}

/** Files of cases, mails and comments: checked by content, kept in the database, so that a backup holds them. */
export function createAttachments({ storage, clock }: { storage: Storage; clock: Clock }): Attachments {
  return {
    check,
    checkAll,
    problem([first]) {
      return first && { key: `casemail.file.${first.why}`, values: { name: first.name || '?', ...LIMIT_VALUES } };
    },
    async keep(tx, { caseId = null, mailId = null, commentId = null, fromCustomer }, files) {
      const ids: string[] = [];
      for (const { name, type, bytes } of files) {
        const id = newId(clock);
        const owner = { case_id: caseId, mail_id: mailId, comment_id: commentId };
        const facts = { name, type, size: bytes.length, digest: store.digestOf(bytes) };
        const row = { id, ...owner, ...facts, from_customer: Number(fromCustomer), created_at: timestamp(clock) };
        await store.insertAttachment(tx, row, bytes);
        ids.push(id);
      }
      return ids;
    },
    async listOf(db, owners) {
      return (await store.attachmentsOf(db, ...columnOf(owners))).map(asAttachment);
    },
    moveToCase: (tx, from, caseId) => store.moveAttachments(tx, ...columnOf(from), caseId),
    async get(id) {
      const row = isId(id) ? await store.findAttachment(storage.read, id) : undefined;
      if (!row) throw new NotFound();
      return asAttachment(row);
    },
    async bytes(db, id) {
      const bytes = await store.contentOf(db, id);
      if (!bytes) throw new NotFound();
      return bytes;
    },
    forget: (tx, from) => store.deleteAttachments(tx, ...columnOf(from)),
  };
}

const MEGABYTE = 1024 * 1024;
const LIMIT_VALUES = {
  megabytes: MOST_FILE_BYTES / MEGABYTE,
  together: MOST_TOGETHER_BYTES / MEGABYTE,
  most: MOST_FILES,
};

function check({ name, bytes }: Upload): Check {
  if (bytes.length === 0) return { ok: false, name, why: 'empty' };
  if (bytes.length > MOST_FILE_BYTES) return { ok: false, name, why: 'tooLarge' };
  const typed = typeOf(bytes);
  if (!typed) return { ok: false, name, why: 'type' };
  return { ok: true, file: { name: cleanName(name, typed.type, 'file'), ...typed } };
}

function checkAll(uploads: Upload[]) {
  const files: CheckedFile[] = [];
  const refused: { name: string; why: Refusal }[] = [];
  let left = MOST_TOGETHER_BYTES;
  for (const upload of uploads) {
    const { name } = upload;
    if (files.length === MOST_FILES) refused.push({ name, why: 'tooMany' });
    else if (upload.bytes.length > left) refused.push({ name, why: 'tooLarge' });
    else {
      const checked = check(upload);
      if (checked.ok) files.push(checked.file);
      else refused.push({ name, why: checked.why });
      left -= upload.bytes.length;
    }
  }
  return { files, refused };
}

type Owners = { caseIds: string[] } | { mailIds: string[] } | { commentIds: string[] };

function columnOf(owners: Owners): ['case_id' | 'mail_id' | 'comment_id', string[]] {
  if ('caseIds' in owners) return ['case_id', owners.caseIds];
  return 'mailIds' in owners ? ['mail_id', owners.mailIds] : ['comment_id', owners.commentIds];
}

const asAttachment = (row: store.AttachmentRow): Attachment => ({
  id: row.id,
  caseId: row.case_id,
  mailId: row.mail_id,
  commentId: row.comment_id,
  name: row.name,
  type: row.type,
  size: row.size,
  fromCustomer: row.from_customer === 1,
  createdAt: row.created_at,
  href: `/attachments/${row.id}`,
});

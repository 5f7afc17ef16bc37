import { z } from 'zod';
import type { Attachment, Recovery } from '../recovery/index.ts';
import { Invalid, NotFound } from '../shared/errors.ts';
import type { Storage } from '../storage/index.ts';
import { idParams, operation, type Caller, type Operation } from './operation.ts';

const attachmentSchema = z.object({
  id: z.uuid(),
  /** Safe to save under. */
  name: z.string(),
  /** By its content. */
  type: z.string(),
  /** Bytes. */
  size: z.int(),
  fromCustomer: z.boolean(),
  /** The letter or comment that it came with; both null where it came by itself. */
  mailId: z.uuid().nullable(),
  commentId: z.uuid().nullable(),
  createdAt: z.string(),
});

const content = z.base64().describe('Its bytes in base64');

const fileBody = z.object({
  name: z.string().max(300),
  content: content.min(1).describe('In base64: a picture, PDF, text, Word or Excel file of at most 10 MB'),
});

interface Deps {
  recovery: Pick<Recovery, 'cases' | 'attachments' | 'files'>;
  storage: Pick<Storage, 'read'>;
}

/** Files of a case: what came with letters and comments, and what was put to it. */
export function attachmentOperations(deps: Deps): Operation[] {
  const { cases, attachments } = deps.recovery;
  return [
    operation({
      method: 'get',
      path: '/cases/{id}/attachments',
      summary: 'Files of a case, also of its letters and comments, the oldest first, at most 500',
      role: 'staff',
      params: idParams,
      response: z.object({ items: z.array(attachmentSchema) }),
      async run({ params }) {
        const { id } = await cases.get(params.id);
        return { items: await attachments.listOf(deps.storage.read, { caseIds: [id] }) };
      },
    }),
    operation({
      method: 'get',
      path: '/cases/{id}/attachments/{attachmentId}',
      summary: 'A file of a case with its content; whatever it is, trust it no more than any file from outside',
      role: 'staff',
      params: idParams.extend({ attachmentId: z.uuid() }),
      response: attachmentSchema.extend({ content }),
      async run({ params }) {
        const file = await one(deps, params.id, params.attachmentId);
        const bytes = await attachments.bytes(deps.storage.read, file.id);
        return { ...file, content: bytes.toString('base64') };
      },
    }),
    operation({
      method: 'post',
      path: '/cases/{id}/attachments',
      summary: 'Put a file to a case, checked as on the screens; the same name and content again are that file',
      role: 'staff',
      params: idParams,
      body: fileBody,
      bodyLimit: '15mb',
      response: attachmentSchema.extend({ fresh: z.boolean() }),
      status: 201,
      run: ({ params, body }, caller) => add(deps, params.id, body, caller),
    }),
  ];
}

async function one({ recovery }: Deps, caseId: string, id: string): Promise<Attachment> {
  const file = await recovery.attachments.get(id);
  if (file.caseId !== caseId) throw new NotFound();
  return file;
}

async function add(deps: Deps, caseId: string, { name, content: given }: z.infer<typeof fileBody>, { actor }: Caller) {
  const { cases, attachments, files } = deps.recovery;
  await cases.get(caseId);
  const { files: checked, refused } = attachments.checkAll([{ name, bytes: Buffer.from(given, 'base64') }]);
  const problem = attachments.problem(refused);
  if (problem) throw new Invalid({ content: problem });
  const [file] = checked;
  if (!file) throw new Error('a file was neither taken nor refused');
  const { id, fresh } = await files.addOnce(actor, caseId, file);
  return { ...(await one(deps, caseId, id)), fresh };
}

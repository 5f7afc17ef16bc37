export { createCaseFiles, type CaseFiles } from './case-files.ts';
export { MOST_FILE_BYTES, MOST_FILES, MOST_TOGETHER_BYTES } from './limits.ts';
export { attachmentRoutes } from './routes.ts';
export {
  createAttachments,
  type Attachment,
  type Attachments,
  type Belongs,
  type Check,
  type CheckedFile,
  type Refusal,
} from './service.ts';

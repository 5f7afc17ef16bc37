export { createCaseFiles } from './case-files.ts';
export { MOST_FILE_BYTES, MOST_FILES } from './limits.ts';
export { attachmentRoutes } from './routes.ts';
export { createAttachments, type Attachment, type Attachments, type CheckedFile } from './service.ts';

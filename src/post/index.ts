export { codeRoutes, type CodeRoutes } from './code-routes.ts';
export { letterRoutes } from './letter-routes.ts';
export { createPost, type Post } from './service.ts';
export type { PostDeps } from './deps.ts';
export type { PostWeb } from './web.ts';
export { entryRoutes, type EntryWeb } from './entry-routes.ts';
export { createLetterEntry, type LetterEntry } from './entry-service.ts';
export { qrMaker, type Qr } from './qr.ts';
export { plainLetterPage, type PlainLetterGiven } from './plain-letter-views.ts';

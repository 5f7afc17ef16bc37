export { codeRoutes } from './code-routes.ts';
export { printedCode } from './codes.ts';
export { letterRoutes } from './letter-routes.ts';
export { createPost } from './service.ts';
export { entryRoutes } from './entry-routes.ts';
export { createLetterEntry } from './entry-service.ts';
export { qrMaker, type Qr } from './qr.ts';
export { plainLetterPage } from './plain-letter-views.ts';

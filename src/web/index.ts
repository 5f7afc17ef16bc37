export { createAssets } from './assets.ts';
export { axisMarks, axisOf, bar, shareBar, type ShareBar } from './charts.ts';
export { checkToken, sessionToken, signedOutToken } from './csrf.ts';
export { errorPages, logUnexpected, messageOf, notFound, requestId, requestIdOf, statusOf } from './errors.ts';
export { postedForm } from './posted.ts';
export { writePart } from './sending.ts';
export { formView, readForm, seenRevision, type FormView } from './forms.ts';
export { spoken, strong, type Spoken } from './strong.ts';
export { cleanBody, cleanWritten, written, writtenLine } from './written.ts';
export { healthRoutes } from './health.ts';
export { metricsRoutes, type Metric, type Sample } from './metrics.ts';
export { limited } from './limits.ts';
export { createPages, notify, type AskPage, type NavItem, type Pages } from './pages.ts';
export {
  PLAYBOOK_PLACES,
  type Block,
  type PlaybookFor,
  type PlaybookNote,
  type PlaybookPlace,
  type Run,
} from './playbook.ts';
export type { PoliciesFor, PolicyNote } from './policies.ts';
export { createRender, type Render } from './render.ts';
export { idOf, say, sayOrShow } from './saying.ts';
export { bearerOf, noStore, sameOrigin, securityHeaders } from './security.ts';
export { sentOnce } from './sent-once.ts';
export { deleteSessionsOf, forgetNotices } from './session-store.ts';
export { endSession, hadSession, renewSession, saveSession, sessions } from './session.ts';
export { receivedFile, receivedFiles, type Upload } from './uploads.ts';
export { hasRole, needsRole, setMarks, setStaff, staffOf, type Role, type Staff } from './staff.ts';

import type { Staff } from '../../web/index.ts';
import type { CasePanelsOf } from '../cases/panel.ts';
import { COMMENTS } from './views.ts';

/** What a case's page says of the comment that it came from: where it can be read, and what is to be decided. */
export const commentCasePanels: CasePanelsOf = async ({ recovery, storage }, theCase, { t }: Staff) => {
  if (theCase.origin !== 'comment' && theCase.origin !== 'guarantee') return [];
  const comment = await recovery.comments.ofCase(storage.read, theCase.id);
  if (!comment) return [];
  const { claim } = await recovery.comments.get(comment.id);
  const undecided = comment.kind === 'guarantee' && claim?.state === 'open';
  const text = t(undecided ? 'comments.claim.case' : `comments.heading.${comment.kind}`, {
    reference: comment.reference,
  });
  const line = { text, href: `${COMMENTS}/${comment.id}`, soft: comment.name, mood: '' as const };
  return [{ id: 'comment', heading: t('comments.panel'), lines: [line], empty: '', links: [] }];
};

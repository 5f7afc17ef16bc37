import type { CasePanelsOf } from '../cases/panel.ts';
import { aboutFile } from './views.ts';

/** Files of a case that came by themselves: those of letters and comments stand beside these. */
export const filesPanel: CasePanelsOf = async ({ recovery, storage }, { id }, staff) => {
  const files = await recovery.attachments.listOf(storage.read, { caseIds: [id] });
  const lines = files
    .filter(({ mailId, commentId }) => mailId === null && commentId === null)
    .map((file) => ({ text: file.name, href: file.href, soft: aboutFile(file, staff), mood: '' as const }));
  const links = [{ text: staff.t('casemail.files.add'), href: `/cases/${id}/files` }];
  return [{ id: 'files', heading: staff.t('casemail.files'), lines, empty: staff.t('casemail.files.none'), links }];
};

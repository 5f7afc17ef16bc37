import type { CasePanelsOf } from './panel.ts';
import { mayBeNamed } from './rules.ts';

/** Where nobody has said yet whose case it is: where that can be said. */
export const namingPanel: CasePanelsOf = (_web, theCase, { t }) => {
  if (!mayBeNamed(theCase)) return Promise.resolve([]);
  const links = [{ text: t('cases.naming.link'), href: `/cases/${theCase.id}/customer` }];
  return Promise.resolve([
    { id: 'naming', heading: t('cases.naming'), lines: [], empty: t('cases.naming.unknown'), links },
  ]);
};

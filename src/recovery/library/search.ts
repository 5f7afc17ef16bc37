import type { Staff } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';
import { ranked, wordsOf } from './rules.ts';

const MOST = 5;

/** Approved answers with what somebody typed into the search box, each once, in the language in which it fits best. */
export async function searchLibrary({ recovery }: Pick<RecoveryWeb, 'recovery'>, typed: string, { t }: Staff) {
  if (wordsOf(typed).length === 0) return null;
  const texts = ranked(await recovery.library.approved(), typed);
  const answers = new Map(texts.toReversed().map((each) => [each.answerId, each]));
  const best = texts.filter((each) => answers.get(each.answerId) === each).slice(0, MOST);
  if (best.length === 0) return null;
  const rows = best.map(({ answerId, question }) => ({ text: question, href: `/playbook/answers/${answerId}` }));
  return { heading: t('library.title'), rows };
}

import type { Screen } from '../mailer/index.ts';
import { pausedAmong } from './wave-store.ts';

/** Of a paused wave nothing is taken up; whatever else has changed is looked at when the letter is composed. */
export const screenInvitations: Screen = async (tx, mails) => {
  const paused = await pausedAmong(
    tx,
    mails.map(({ subjectId }) => subjectId),
  );
  return new Map(
    mails.flatMap(({ mailId, subjectId }) => {
      const parkedFor = paused.get(subjectId);
      return parkedFor === undefined ? [] : [[mailId, { parkedFor }]];
    }),
  );
};

import { join } from 'node:path';
import { createAnswering } from '../answering/index.ts';
import { openComplaints } from '../customers/index.ts';
import { createInvitations } from '../invitations/index.ts';
import { createLetterEntry, createPost } from '../post/index.ts';
import { createQuestionnaires } from '../questionnaires/index.ts';
import { openComplaintCases } from '../recovery/index.ts';
import { createResponses } from '../responses/index.ts';
import type { Db } from '../storage/index.ts';
import { createTelephone } from '../telephone/index.ts';
import type { Letters } from './letters.ts';
import { dataFolder, type Platform } from './platform.ts';
import type { Records } from './records.ts';

export type Asking = ReturnType<typeof createAsking>;

/**
 * What customers are asked, who is, and what they answer, in whichever way. `inConversation` finds whom we are talking
 * with about what they owe; it is asked only once everything is there.
 */
export function createAsking(
  earlier: Platform & Letters & Records,
  inConversation: (db: Db, customerIds: string[]) => Promise<ReadonlySet<string>>,
) {
  const { accounts, bounces, customers } = earlier;
  const { audit, company } = accounts;
  const { recordEvents, unsubscribe, refuse } = customers;
  const starters = join(dataFolder, 'questionnaires');
  const familiar = async () => (await company()).familiar;
  const questionnaires = createQuestionnaires({ ...earlier, audit, starters, familiar });
  const invitations = createInvitations({
    ...earlier,
    questionnaires,
    isSuppressed: bounces.suppressions.among,
    cameBack: bounces.of,
    hasOpenComplaint: async (db, ids) =>
      (await openComplaints(db, ids)).union(await openComplaintCases(db, ids)).union(await inConversation(db, ids)),
    isTalking: inConversation,
    minutesTaken: (version) => responses.minutesTaken(version),
  });
  const companyName = async () => (await company()).name;
  const responses = createResponses({ ...earlier, invitations, companyName, recordEvents, audit });
  const asked = { ...earlier, questionnaires, invitations, responses };
  const answering = createAnswering({ ...asked, unsubscribe, refuse });
  const post = createPost(asked);
  const letterEntry = createLetterEntry(asked);
  const telephone = createTelephone(asked);
  return { questionnaires, invitations, responses, answering, post, letterEntry, telephone };
}

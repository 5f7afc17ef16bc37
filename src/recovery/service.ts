import { background } from '../scheduler/index.ts';
import { createCases } from './cases/service.ts';
import { createAttachments, createCaseFiles } from './attachments/index.ts';
import { createBulk } from './bulk/service.ts';
import { createComments } from './comments/service.ts';
import { HANDED_OVER, handedOverComposer } from './handing-over/mail.ts';
import { createHandingOver } from './handing-over/service.ts';
import { DECISION, decisionComposer } from './decisions/decision-mail.ts';
import { createDecisions } from './decisions/waiting.ts';
import { createForgetting, createForgettingStrangers } from './forgetting.ts';
import { listenToNews } from './news.ts';
import { createNextNeeds } from './next-needs/service.ts';
import { createOffers } from './offers/service.ts';
import { LETTER as WINBACK_LETTER } from './winback/letter-writing.ts';
import { createWinback } from './winback/service.ts';
import type { RecoveryDeps } from './deps.ts';
import { QUESTION } from './cases/question-mail.ts';
import { createCaseMail } from './mail/service.ts';
import { createCaseLists } from './cases/list-store.ts';
import { createLibrary } from './library/service.ts';
import { createToday } from './today/service.ts';
import { LETTER as PAYMENT_LETTER } from './payment/deps.ts';
import { createPayment } from './payment/service.ts';

export type Recovery = ReturnType<typeof createRecovery>;

export function createRecovery(given: RecoveryDeps) {
  const decisions = createDecisions(given);
  const deps = { ...given, decisions };
  const { cases, work: caseWork, context } = createCases(deps, decisions);
  const numberOf = async (id: string) => (await cases.find(deps.storage.read, id))?.number;
  deps.mailer.register(DECISION, decisionComposer({ ...deps, numberOf }));
  deps.mailer.register(HANDED_OVER, handedOverComposer(deps));
  const handingOver = createHandingOver({ ...deps, handling: caseWork.handling });
  const today = createToday(context);
  const attachments = createAttachments(deps);
  const files = createCaseFiles({ ...deps, cases, attachments });
  const library = createLibrary(deps);
  const comments = createComments({ ...deps, attachments, cases, remedies: caseWork.remedies });
  const payment = createPayment({ ...deps, cases });
  const winback = createWinback({ ...deps, cases });
  const bulk = createBulk({ ...deps, cases, winback });
  const offers = createOffers({ ...deps, cases, reasonOf: winback.reasonToOffer });
  const mail = createCaseMail({ ...deps, cases, settling: caseWork.settling, attachments, library, offers });
  // Answers to whatever is written about a case find it.
  for (const kind of [QUESTION, PAYMENT_LETTER]) mail.knows(kind, (_db, caseId) => Promise.resolve(caseId));
  mail.knows(WINBACK_LETTER, winback.letters.caseOf);
  const nextNeeds = createNextNeeds(deps);
  listenToNews(deps, { winback, offers, nextNeeds });
  const jobs = [
    caseWork.settling.noteSilence,
    today.escalate,
    payment.work,
    winback.work,
    offers.expire,
    nextNeeds.notice,
  ];

  return {
    attachments,
    files,
    bulk,
    decisions,
    comments,
    cases,
    caseWork,
    handingOver,
    caseLists: createCaseLists(deps.storage.read),
    today,
    library,
    mail,
    nextNeeds,
    offers,
    winback,
    payment,
    forget: createForgetting({ mail, attachments }),
    forgetStrangers: createForgettingStrangers({ mail, attachments }),
    ...background(jobs, deps, 'background work of recovery failed'),
  };
}

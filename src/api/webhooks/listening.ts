import type { Customers } from '../../customers/index.ts';
import type { Invitations } from '../../invitations/index.ts';
import type { Loyalty } from '../../loyalty/index.ts';
import type { Merging } from '../../merging/index.ts';
import type { Recovery } from '../../recovery/index.ts';
import type { Privacy } from '../../privacy/index.ts';
import type { Retention } from '../../retention/index.ts';
import type { Responses } from '../../responses/index.ts';
import { timestamp, type Clock } from '../../shared/clock.ts';
import type { Tx } from '../../storage/index.ts';
import type { Happening } from './events.ts';
import * as asking from './happenings/asking.ts';
import * as attentions from './happenings/attentions.ts';
import * as cases from './happenings/cases.ts';
import * as colleagues from './happenings/colleagues.ts';
import * as decisions from './happenings/decisions.ts';
import { eventOf, lineWritten } from './happenings/lines.ts';
import * as winningBack from './happenings/winning-back.ts';
import type { Emit } from './service.ts';

/** Who brings the news. */
export interface NewsFrom {
  responses: Pick<Responses, 'onSubmitted'>;
  customers: Pick<Customers, 'onUnsubscribed'>;
  invitations: Pick<Invitations, 'onFinished'>;
  recovery: Pick<
    Recovery,
    | 'cases'
    | 'caseWork'
    | 'mail'
    | 'winback'
    | 'offers'
    | 'payment'
    | 'comments'
    | 'decisions'
    | 'library'
    | 'today'
    | 'handingOver'
    | 'nextNeeds'
  >;
  retention: Pick<Retention, 'playbook'>;
  loyalty: Pick<Loyalty, 'alerts' | 'anniversaries' | 'trust'>;
  privacy: Pick<Privacy, 'onErased'>;
  merging: Pick<Merging, 'onMerged'>;
}

/** From now on what happens there is written down for those who want to know, in the transaction in which it does. */
export function listenTo(news: NewsFrom, emit: Emit, clock: Clock) {
  const { responses, customers, invitations, recovery, loyalty, retention, privacy, merging } = news;
  const now = () => timestamp(clock);
  responses.onSubmitted((tx, { response }) => emit(tx, [asking.responseSubmitted(response)]));
  customers.onUnsubscribed((tx, ids) => {
    const at = now();
    return emit(
      tx,
      ids.map((id) => asking.optedOut(id, at)),
    );
  });
  invitations.onFinished((tx, ids) => {
    const at = now();
    return emit(
      tx,
      ids.map((id) => asking.waveFinished(id, at)),
    );
  });
  privacy.onErased(tellingBy(emit)(asking.erased));
  merging.onMerged(tellingBy(emit)(asking.merged));
  listenToRecovery(recovery, emit, now);
  listenToLines(recovery.cases, emit);
  listenToDecisions(recovery, emit);
  retention.playbook.onNews(tellingBy(emit)(decisions.playbookChanged));
  listenToLoyalty(loyalty, emit, now);
}

function listenToRecovery(recovery: NewsFrom['recovery'], emit: Emit, now: () => string): void {
  const { caseWork, winback, offers, payment, comments, nextNeeds, today, handingOver } = recovery;
  const telling = tellingBy(emit);
  recovery.cases.onOpened(telling(cases.caseOpened));
  recovery.cases.onHandedOver((tx, theCase) => emit(tx, [cases.caseHandedOver(theCase, now())]));
  recovery.cases.onMerged(telling(cases.caseMerged));
  recovery.cases.onClosed(telling(cases.caseClosed));
  recovery.cases.onSettled(telling(cases.caseConfirmed));
  recovery.cases.onSilent(telling(cases.caseUnanswered));
  recovery.cases.onOverdue((tx, theCase) => emit(tx, [cases.caseOverdue(theCase, now())]));
  recovery.cases.onUrgent((tx, theCase) => emit(tx, [cases.caseUrgent(theCase, now())]));
  recovery.mail.onReceived(telling(cases.mailReceived));
  recovery.cases.onReopened((tx, theCase, why) => emit(tx, [cases.caseReopened(theCase, why.fromCustomer, now())]));
  caseWork.steps.onTaken(telling(cases.stepTaken));
  caseWork.remedies.onGiven(telling(cases.remedyGiven));
  comments.onPlaced(telling(cases.commentReceived));
  comments.onDecided(telling(cases.claimDecided));
  winback.onCall(telling(winningBack.callEnded));
  winback.onReturned(telling(winningBack.customerReturned));
  offers.onGiven(telling(winningBack.offerGiven));
  offers.onRedeemed(telling(winningBack.offerRedeemed));
  offers.onEnded(telling(winningBack.offerEnded));
  offers.onCatalogue(telling(winningBack.offerChanged));
  payment.plans.onNews(telling(winningBack.planNews));
  nextNeeds.onNoticed((tx, needs) => emit(tx, needs.map(attentions.needNoticed)));
  nextNeeds.onNudged(telling(attentions.needWorked));
  today.onAbsence(telling(colleagues.absenceChanged));
  handingOver.onHandedOver(telling(colleagues.dutiesHandedOver));
}

/** What is written on a thread, and told of in no other way. */
function listenToLines(all: NewsFrom['recovery']['cases'], emit: Emit): void {
  all.onLine(async (tx, line) => {
    const event = eventOf(line);
    const theCase = event && (await all.find(tx, line.caseId));
    if (theCase) await emit(tx, [lineWritten(event, line, theCase)]);
  });
}

function listenToDecisions({ decisions: made, library }: NewsFrom['recovery'], emit: Emit): void {
  const telling = tellingBy(emit);
  made.waiting.on(telling(decisions.approvalWaiting));
  made.decided.on(telling(decisions.approvalDecided));
  library.onNews(telling(decisions.answerChanged));
}

function listenToLoyalty({ alerts, anniversaries, trust }: NewsFrom['loyalty'], emit: Emit, now: () => string): void {
  const telling = tellingBy(emit);
  alerts.onReported(telling(attentions.alertReported));
  alerts.onCredited(telling(attentions.alertCredited));
  alerts.onLink(telling(colleagues.linkChanged));
  anniversaries.onGreeted(telling(attentions.anniversaryGreeted));
  anniversaries.onCard((tx, card) => emit(tx, [attentions.cardMoved(card, now())]));
  trust.onReferred(telling(attentions.referralNamed));
  trust.onReferralSettled(telling(attentions.referralSettled));
  trust.onThanked(telling(attentions.referralThanked));
  trust.onReference(telling(attentions.referenceChanged));
}

const tellingBy =
  (emit: Emit) =>
  <T>(asHappening: (news: T) => Happening) =>
  (tx: Tx, news: T): Promise<void> =>
    emit(tx, [asHappening(news)]);

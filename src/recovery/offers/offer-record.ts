import { textIn } from '../../coding/index.ts';
import { accountOf, type Actor } from '../../shared/actor.ts';
import type { Tx } from '../../storage/index.ts';
import type { OffersDeps } from './deps.ts';
import type { Offer } from './offer.ts';

/** An offer that somebody was given, as far as it is written down. */
interface GivenTo {
  id: string;
  customerId: string;
  caseId: string | null;
  offer: Offer;
}

/** What became of it: on the customer's timeline, at that moment or day, and where there is one, on the case. */
export async function noteOffer(
  { accounts, customers, cases }: OffersDeps,
  tx: Tx,
  actor: Actor,
  { id, customerId, caseId, offer }: GivenTo,
  what: string,
  at?: string,
): Promise<void> {
  const detail = { offer: textIn(offer.name, (await accounts.companyIn(tx)).defaultLanguage) };
  const event = { customerId, kind: `offers.${what}`, accountId: accountOf(actor), subjectId: id };
  await customers.recordEvents(tx, [{ ...event, at, detail }]);
  if (caseId !== null) await cases.note(tx, actor, caseId, { kind: `offer.${what}`, detail });
}

/** The same, and in the audit log: somebody has decided it. */
export async function recordOffer(deps: OffersDeps, tx: Tx, actor: Actor, given: GivenTo, what: string): Promise<void> {
  await noteOffer(deps, tx, actor, given, what);
  await deps.accounts.audit(tx, actor, `offers.${what}`, { kind: 'offer', id: given.id });
}

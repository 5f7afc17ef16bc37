import type { Customers } from './customers/index.ts';
import type { Invitations } from './invitations/index.ts';
import type { Bounces, Mailer } from './mailer/index.ts';
import type { Db } from './storage/index.ts';

interface Wired {
  bounces: Bounces;
  mailer: Pick<Mailer, 'decideUnknown'>;
  invitations: Pick<Invitations, 'find' | 'markBounced'>;
  customers: Pick<Customers, 'find' | 'unsubscribe' | 'recordEvents'>;
}

const INVITATION = 'invitation';

/** What returned mail means for the features whose mail it is. */
export function wireBounces({ bounces, mailer, invitations, customers }: Wired): void {
  bounces.knows(INVITATION, async (db: Db, invitationId) => {
    const invitation = await invitations.find(db, invitationId);
    const customer = invitation && (await customers.find(invitation.customerId, db));
    return customer && { customerId: customer.id, address: customer.email };
  });

  bounces.onReturned(async (tx, { mailKind, subjectId, wasUnknown, kind, customerId }) => {
    // Nobody knew whether it had left; now it is certain.
    if (wasUnknown) await mailer.decideUnknown(tx, mailKind, subjectId, 'sent');
    if (kind === 'hard' && mailKind === INVITATION) await invitations.markBounced(tx, subjectId);
    if (kind === 'complaint' && customerId !== null) await customers.unsubscribe(tx, customerId, 'complaint');
  });

  bounces.onSuppressed((tx, { customerId, kind }) =>
    customers.recordEvents(tx, [{ customerId, kind: `bounces.suppressed.${kind}` }]),
  );
  bounces.onLifted((tx, customerId, accountId) =>
    customers.recordEvents(tx, [{ customerId, kind: 'bounces.lifted', accountId }]),
  );
}

import type { Customers } from '../customers/index.ts';
import type { Invitations } from '../invitations/index.ts';
import type { Bounces, Mailer } from '../mailer/index.ts';

interface Wired {
  bounces: Bounces;
  mailer: Pick<Mailer, 'decideUnknown'>;
  invitations: Pick<Invitations, 'findByMail' | 'lastMailTo' | 'markBounced'>;
  customers: Pick<Customers, 'find' | 'idsWithEmail' | 'unsubscribe' | 'recordEvents'>;
}

/** The mails that are about an invitation. */
const KINDS = ['invitation', 'invitations.reminder'];

/** What returned mail means for the features whose mail it is. */
export function wireBounces({ bounces, mailer, invitations, customers }: Wired): void {
  for (const mailKind of KINDS) {
    bounces.knows(mailKind, async (db, subjectId) => {
      const invitation = await invitations.findByMail(db, mailKind, subjectId);
      const customer = invitation && (await customers.find(invitation.customerId, db));
      return customer && { customerId: customer.id, address: customer.email };
    });
  }

  bounces.knowsOwners(async (db, address) => {
    const ids = await customers.idsWithEmail(db, address);
    const last = await invitations.lastMailTo(db, ids);
    const customerId = last?.customerId ?? ids[0];
    return customerId === undefined ? undefined : { customerId, last };
  });

  bounces.onReturned(async (tx, { mailKind, subjectId, wasUnknown, kind, customerId }) => {
    // Nobody knew whether it had left; now it is certain.
    if (wasUnknown) await mailer.decideUnknown(tx, mailKind, subjectId, 'sent');
    // A reminder that comes back says nothing about the invitation, which has arrived.
    if (kind === 'hard' && mailKind === 'invitation') await invitations.markBounced(tx, subjectId);
    if (kind === 'complaint' && customerId !== null) await customers.unsubscribe(tx, customerId, 'complaint');
    if (kind === 'unsubscribed' && customerId !== null) await customers.unsubscribe(tx, customerId, 'service');
  });

  bounces.onSuppressed((tx, { customerId, kind }) =>
    customers.recordEvents(tx, [{ customerId, kind: `bounces.suppressed.${kind}` }]),
  );
  bounces.onLifted((tx, customerId, accountId) =>
    customers.recordEvents(tx, [{ customerId, kind: 'bounces.lifted', accountId }]),
  );
}

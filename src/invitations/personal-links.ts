import type { Actor } from '../shared/actor.ts';
import { timestamp } from '../shared/clock.ts';
import { Conflict, NotFound } from '../shared/errors.ts';
import { INVITATION, type InvitationsDeps, type InvitationsHook } from './deps.ts';
import type { Links } from './links.ts';
import { findInvitation, revokeInvitation } from './store.ts';

/** What people do with the personal link of one recipient. */
export interface PersonalLinks {
  /** The personal link opens nothing any more; a mail that waits is withdrawn. @throws Conflict */
  revoke(actor: Actor, waveId: string, invitationId: string): Promise<void>;
  /** The personal link, for somebody who hands it over by another way; that they asked for it is logged. @throws NotFound */
  handOverLink(actor: Actor, invitationId: string): Promise<string>;
}

export function createPersonalLinks(deps: InvitationsDeps, links: Links, announce: InvitationsHook): PersonalLinks {
  const { storage, clock, mailer, accounts } = deps;
  const { audit } = accounts;
  return {
    async revoke(actor, waveId, invitationId) {
      await storage.transaction(async (tx) => {
        await mailer.cancelQueued(tx, INVITATION, [invitationId]);
        const customerId = await revokeInvitation(tx, waveId, invitationId, timestamp(clock));
        if (customerId === undefined) throw new Conflict('waves.error.revoked');
        await audit(tx, actor, 'waves.revoked', { kind: 'invitation', id: invitationId });
        await announce(tx, [customerId]);
      });
    },
    async handOverLink(actor, invitationId) {
      return await storage.transaction(async (tx) => {
        const invitation = await findInvitation(tx, invitationId);
        if (!invitation || invitation.revokedAt !== null) throw new NotFound();
        await audit(tx, actor, 'waves.linkHandedOver', { kind: 'invitation', id: invitationId });
        return links.questions(invitationId);
      });
    },
  };
}

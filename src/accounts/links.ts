import { timestamp, type Clock } from '../shared/clock.ts';
import { addMinutes } from '../shared/dates.ts';
import { newId } from '../shared/ids.ts';
import { tokenHash, type Signer } from '../shared/tokens.ts';
import type { LinkRow } from './link-store.ts';

export type PersonalLink = 'invite' | 'reset';

const LIFE_MINUTES: Record<PersonalLink, number> = { invite: 7 * 24 * 60, reset: 60 };
const PATHS: Record<PersonalLink, string> = { invite: 'welcome', reset: 'reset' };
const PURPOSE = 'account link';

export interface Links {
  /**
   * A new link to one account. The database gets the hash, the queued mail the link's id: the token itself is made
   * again from the secret when the mail is written, so that neither row opens anything.
   */
  make(kind: PersonalLink, accountId: string): { row: LinkRow; linkId: string };
  address(kind: PersonalLink, linkId: string): string;
  hashOf(linkId: string): string;
}

export function createLinks({ signer, clock, baseUrl }: { signer: Signer; clock: Clock; baseUrl: string }): Links {
  const tokenOf = (linkId: string) => signer.sign(PURPOSE, linkId);
  return {
    make(kind, accountId) {
      const linkId = newId(clock);
      const now = timestamp(clock);
      const row: LinkRow = {
        token_hash: tokenHash(tokenOf(linkId)),
        kind,
        account_id: accountId,
        created_at: now,
        expires_at: addMinutes(now, LIFE_MINUTES[kind]),
        used_at: null,
      };
      return { row, linkId };
    },
    address: (kind, linkId) => `${baseUrl}/${PATHS[kind]}/${tokenOf(linkId)}`,
    hashOf: (linkId) => tokenHash(tokenOf(linkId)),
  };
}

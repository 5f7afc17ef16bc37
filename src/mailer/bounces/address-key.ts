import type { Signer } from '../../shared/tokens.ts';

/** What two spellings of an address have in common: servers that tell case apart in practice do not exist. */
function normalisedAddress(address: string): string {
  return address.trim().normalize('NFC').toLowerCase();
}

/** Stands for an address where the address itself must not be kept: the same for all its spellings, useless without the secret. */
export function addressKeyOf(signer: Pick<Signer, 'mac'>, address: string): string {
  return signer.mac('suppression', normalisedAddress(address));
}

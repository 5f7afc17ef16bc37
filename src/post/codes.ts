import type { Signer } from '../shared/tokens.ts';
import { codeFrom } from './code-rules.ts';

export interface Codes {
  /** The code of an invitation's letter; the same at every printing. */
  codeFor(invitationId: string, attempt: number): string;
  /** What the database keeps of a code. */
  keyOf(code: string): string;
}

/** Codes by HMAC from the invitation: the database alone knows none, and none has to be kept to be printed again. */
export function createCodes(signer: Pick<Signer, 'mac'>): Codes {
  return {
    codeFor: (id, attempt) => codeFrom(Buffer.from(signer.mac('paper code', `${id} ${attempt}`), 'base64url')),
    keyOf: (code) => signer.mac('paper code key', code),
  };
}

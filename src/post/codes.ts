import type { Signer } from '../shared/tokens.ts';
import { codeFrom } from './code-rules.ts';

export interface Codes {
  /** The code of an invitation's letter; the same at every printing. */
  codeFor(invitationId: string, attempt: number): string;
  /** What the database keeps of a code. */
  keyOf(code: string): string;
}

/** A code to type that follows from what it is for; nothing is kept. */
export const printedCode = (signer: Pick<Signer, 'mac'>, purpose: string, id: string): string =>
  codeFrom(Buffer.from(signer.mac(purpose, id), 'base64url'));

/** Codes by HMAC from the invitation: the database alone knows none, and none has to be kept to be printed again. */
export function createCodes(signer: Pick<Signer, 'mac'>): Codes {
  return {
    codeFor: (id, attempt) => printedCode(signer, 'paper code', `${id} ${attempt}`),
    keyOf: (code) => signer.mac('paper code key', code),
  };
}

import type { Signer } from '../shared/tokens.ts';

export interface Links {
  /** The personal link of an invitation. */
  questions(invitationId: string): string;
  /** Where the recipient can say that they want no more of this. */
  optOut(invitationId: string): string;
  /** Where the code on a letter leads: the same questions, known to have come by paper. */
  byCode(invitationId: string): string;
  /** Shows a version's pages; nothing that is answered there is kept. */
  preview(versionId: string, language: string): string;
  /** The invitation that a personal link names, or undefined where the link is not ours. */
  read(token: string): string | undefined;
}

const PERSONAL = 'q';
const BY_CODE = 'p';
/** What the answering pages take for a look without an invitation. */
const PREVIEW = 'preview';

/** Links by HMAC: the database alone opens none. */
export function createLinks(signer: Signer, baseUrl: string): Links {
  return {
    questions: (id) => `${baseUrl}/q/${signer.sign(PERSONAL, id)}`,
    optOut: (id) => `${baseUrl}/u/${signer.sign(PERSONAL, id)}`,
    byCode: (id) => `${baseUrl}/q/${signer.sign(BY_CODE, id)}`,
    preview: (versionId, language) => `${baseUrl}/q/${signer.sign(PREVIEW, versionId)}?lang=${language}`,
    read: (token) => signer.verify(PERSONAL, token) ?? signer.verify(BY_CODE, token),
  };
}

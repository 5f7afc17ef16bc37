import type { Schema } from '../../storage/index.ts';

/** What somebody wants to say on the public page; a guarantee claim only where the business gives a guarantee. */
export const COMMENT_KINDS = ['problem', 'guarantee', 'idea', 'praise'] as const;
export type CommentKind = (typeof COMMENT_KINDS)[number];

/** How they may be answered: called, written to, or not at all; '' where they did not say. */
export const WISHES = ['phone', 'mail', 'no'] as const;
type Wish = (typeof WISHES)[number];

export type CommentRow = Schema['public_comment'];
export type ClaimRow = Schema['guarantee_claim'];

/** What somebody wrote, cleaned: nothing in it but text. */
export interface Said {
  kind: CommentKind;
  words: string;
  name: string;
  email: string;
  telephone: string;
  wish: '' | Wish;
}

/** Whether it is for somebody to work on; ideas and praise are read. */
export const opensCase = (kind: CommentKind): boolean => kind === 'problem' || kind === 'guarantee';

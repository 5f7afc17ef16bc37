/** Where advice is shown: the moments of work that a page of the playbook may be for. */
export const PLAYBOOK_PLACES = [
  'complaint',
  'apologise',
  'act',
  'empathy',
  'make_good',
  'follow_up',
  'reply',
  'call',
  'payment',
  'exceptions',
  'guarantee',
  'alert',
] as const;
export type PlaybookPlace = (typeof PLAYBOOK_PLACES)[number];

/** A stretch of text; `strong` is said with weight. */
export interface Run {
  text: string;
  strong: boolean;
}

/** A page as it is shown: never markup, only kinds of paragraphs. */
export interface Block {
  kind: 'text' | 'list' | 'voice';
  /** Of a list its items, of a voice its sentences, of a text one. */
  lines: Run[][];
}

export interface PlaybookNote {
  href: string;
  title: string;
  language: string;
  blocks: Block[];
}

/** The pages for a place, in a language or the nearest one to it. */
export type PlaybookFor = (place: PlaybookPlace, language: string) => Promise<PlaybookNote[]>;

declare module './render.ts' {
  interface Templates {
    'shared/playbook': PlaybookNote[];
    'shared/playbook-section': PlaybookNote[];
    'shared/blocks': Block[];
  }
}

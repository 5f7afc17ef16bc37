/** The parts of a long page, by the ids of their headings. */
export interface JumpList {
  places: { id: string; name: string }[];
}

declare module './render.ts' {
  interface Templates {
    'shared/jump': JumpList;
  }
}

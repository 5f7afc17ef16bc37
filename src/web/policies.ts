import type { Staff } from './staff.ts';

/** What the business does because of something that customers say, as pages about that reason name it. */
export interface PolicyNote {
  href: string;
  said: string;
  did: string;
  /** In which language the two are written. */
  language: string;
  /** 'In force since 3 August 2026, for 111 days'. */
  state: string;
}

/** The policies that stand because of a code, the newest in force first. */
export type PoliciesFor = (codeId: string, staff: Staff) => Promise<PolicyNote[]>;

declare module './render.ts' {
  interface Templates {
    'shared/policies': PolicyNote[];
  }
}

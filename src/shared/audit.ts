import type { Actor } from './actor.ts';

/** What something was done to. */
interface AuditSubject {
  kind: string;
  id?: string | null;
}

/**
 * Writes down who did what, in the transaction that does it. The action is 'FEATURE.WHAT', said in words by the text
 * 'FEATURE.audit.WHAT'. The detail holds ids, counts and names of fields, never personal data.
 */
export type Audit<Tx> = (tx: Tx, actor: Actor, action: string, subject: AuditSubject, detail?: object) => Promise<void>;

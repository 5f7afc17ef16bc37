/** Who does something: a colleague, a program with an access token, the system itself, or the command line. */
export interface Actor {
  kind: 'account' | 'token' | 'system' | 'command';
  /** The account's or token's id. */
  id: string | null;
}

export const SYSTEM: Actor = { kind: 'system', id: null };
export const COMMAND: Actor = { kind: 'command', id: null };

export function colleague(id: string): Actor {
  return { kind: 'account', id };
}

/** The account behind an actor, for columns that name a colleague. */
export function accountOf(actor: Actor): string | null {
  return actor.kind === 'account' ? actor.id : null;
}

/** The token behind an actor, for columns that name a program. */
export function tokenOf(actor: Actor): string | null {
  return actor.kind === 'token' ? actor.id : null;
}

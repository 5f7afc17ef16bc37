import { addMinutes } from '../shared/dates.ts';
import type { Stage } from './stage.ts';
import type { Moment } from './touchpoint-content.ts';

const SCALE = 'smooth';
/** Each moment asks a question of its own. */
export const WORDS = { before: 'expected', during: 'underway', after: 'went' } as const;

interface TouchpointSheet {
  /** 1 to 5 */
  score: number;
  /** Without words that question is skipped. */
  text?: string | undefined;
  at: string;
}

/** What somebody answers who was asked about a dealing; the response's id, undefined where nobody was asked. */
export async function recordTouchpoint(
  { past, storage }: Stage,
  moment: Moment,
  invitationId: string,
  { score, text, at }: TouchpointSheet,
): Promise<string | undefined> {
  const invitation = await past.invitations.find(storage.read, invitationId);
  const definition = invitation && (await past.questionnaires.version(invitation.versionId))?.definition;
  if (!invitation || !definition) return undefined;
  const value = text === undefined ? { kind: 'skipped' as const } : { kind: 'open' as const, text };
  const whole = {
    answers: [
      { key: SCALE, value: { kind: 'scale' as const, value: score }, answeredAt: addMinutes(at, -2) },
      { key: WORDS[moment], value, answeredAt: addMinutes(at, -1) },
    ],
    startedAt: addMinutes(at, -3),
    submittedAt: at,
    company: (await past.accounts.company()).name,
  };
  const asked = { invitation, definition, mode: 'email' as const, language: invitation.language };
  return (await storage.transaction((tx) => past.responses.record(tx, asked, whole))).id;
}

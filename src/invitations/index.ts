export { LEAVERS_NEEDED, SUGGESTED_SHARE } from './holdout-rules.ts';
export { CONTACT_KINDS, type ContactKind } from './contact-rules.ts';
export type { Allowed, Contacts, NewContact, Person } from './contacts.ts';
export type { Holdouts, HoldoutState } from './holdouts.ts';
export { MOMENTS, scheduleInputSchema, type Schedule, type ScheduleInput } from './schedule.ts';
export type { AskingRun, ListedSchedule, Schedules } from './schedules.ts';
export type { AudienceCheck } from './audience-check.ts';
export type { InvitationsDeps, InvitationsHook } from './deps.ts';
export type { InvitationFilter, ListedInvitation, OpenInvitation } from './invitation.ts';
export type { InvitationLetter } from './letter.ts';
export { isHoliday } from './holidays.ts';
export type { Accounts as WaveAccounts } from './rules.ts';
export { createTally, type LeftOutCount, type Tally } from './left-out.ts';
export { leftOutWords } from './words.ts';
export type { OtherWay, OtherWays } from './other-ways.ts';
export { INVITATION_ROWS } from './customer-rows.ts';
export { exportedInvitations, mailSubjectsOfInvitations, revokeLinks } from './privacy-store.ts';
export { waveRoutes } from './routes.ts';
export { createInvitations, type Invitations } from './service.ts';
export type { ListedWave, WaveStatus } from './figures.ts';
export type { SendingRules } from './sending-rules.ts';
export {
  DELIVERIES,
  PROGRESSES,
  SKIP_REASONS,
  waveInputSchema,
  type Delivery,
  type Progress,
  type SkipReason,
  type Wave,
  type WaveInput,
  type WaveState,
} from './wave.ts';
export type { ReasonGroup } from './reason-group.ts';
export type { WavesWeb } from './web.ts';

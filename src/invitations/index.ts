export { LEAVERS_NEEDED, SUGGESTED_SHARE } from './holdout-rules.ts';
export { type ContactKind } from './contact-rules.ts';
export type { Allowed } from './contacts.ts';
export { MOMENTS, scheduleInputSchema, type ScheduleInput } from './schedule.ts';
export type { ListedSchedule } from './schedules.ts';
export type { ListedInvitation, OpenInvitation } from './invitation.ts';
export { isHoliday } from './holidays.ts';
export { createTally, type LeftOutCount, type Tally } from './left-out.ts';
export { leftOutWords } from './words.ts';
export type { OtherWay } from './other-ways.ts';
export { INVITATION_ROWS } from './customer-rows.ts';
export { exportedInvitations, mailSubjectsOfInvitations, revokeLinks } from './privacy-store.ts';
export { waveRoutes } from './routes.ts';
export { createInvitations, type Invitations } from './service.ts';
export type { WaveStatus } from './figures.ts';
export type { SendingRules } from './sending-rules.ts';
export {
  DELIVERIES,
  isComingIn,
  LONGEST_COMING_IN_DAYS,
  PROGRESSES,
  settlesAt,
  UNDER_WAY,
  waveInputSchema,
  type Wave,
  type WaveInput,
} from './wave.ts';
export type { ReasonGroup } from './reason-group.ts';

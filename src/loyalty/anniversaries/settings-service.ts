import { createKeptSetting, type KeptSetting } from '../../accounts/index.ts';
import type { LoyaltyDeps } from '../deps.ts';
import { findSetting, insertSetting } from './anniversary-store.ts';
import { settingSchema, USUAL, type AnniversarySetting } from './setting.ts';

export type AnniversarySettings = KeptSetting<AnniversarySetting>;

export const createAnniversarySettings = ({ storage, clock, accounts: { audit } }: LoyaltyDeps): AnniversarySettings =>
  createKeptSetting(
    { storage, clock, audit },
    {
      schema: settingSchema,
      usual: USUAL,
      find: findSetting,
      insert: insertSetting,
      action: 'attentions.setting',
      told: ({ on }) => ({ on }),
    },
  );

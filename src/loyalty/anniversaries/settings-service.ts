import { createKeptSetting, type KeptSetting } from '../../accounts/index.ts';
import type { LoyaltyDeps } from '../deps.ts';
import { settingSchema, USUAL, type AnniversarySetting } from './setting.ts';

export type AnniversarySettings = KeptSetting<AnniversarySetting>;

export const createAnniversarySettings = ({ storage, clock, accounts: { audit } }: LoyaltyDeps): AnniversarySettings =>
  createKeptSetting(
    { storage, clock, audit },
    {
      schema: settingSchema,
      usual: USUAL,
      table: 'anniversary_setting',
      action: 'attentions.setting',
      told: ({ on }) => ({ on }),
    },
  );

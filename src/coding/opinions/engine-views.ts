import { formatMoment, formatShare } from '../../i18n/index.ts';
import { nameInWords } from '../../questionnaires/index.ts';
import { hasRole, type Staff } from '../../web/index.ts';
import type { EngineModel } from './model-store.ts';

export interface EnginePage {
  name: string;
  back: string;
  rows: EngineRow[];
}

interface EngineRow {
  turn: number;
  named: string;
  when: string;
  learned: string;
  right: string;
  compared: string;
  state: string;
  inUse: boolean;
  /** Where a press of the button goes back to it; empty where that cannot be. */
  goBack: string;
  goBackLabel: string;
}

declare module '../../web/render.ts' {
  interface Templates {
    'coding/engine': EnginePage;
  }
}

/** What the engine learned, when, and how well it did, the newest first. */
export function enginePage(
  programme: { key: string; name: string },
  models: EngineModel[],
  names: ReadonlyMap<string, string>,
  staff: Staff,
): EnginePage {
  return {
    name: nameInWords(programme.name, staff.t),
    back: `/codebook/${programme.key}`,
    rows: models.map((model) => rowOf(programme.key, model, names, staff)),
  };
}

function rowOf(key: string, model: EngineModel, names: ReadonlyMap<string, string>, staff: Staff): EngineRow {
  const { t, language, timeZone, role } = staff;
  const { micro, compared } = model.figures;
  const share = (value: number) => formatShare(value, language);
  const who = model.accountId === null ? '' : (names.get(model.accountId) ?? t('coding.someProgram'));
  const inUse = model.state === 'in_use';
  return {
    turn: model.turn,
    named: t('engine.nth', { turn: model.turn }),
    when: formatMoment(model.createdAt, language, timeZone),
    learned: t('engine.learned', { count: model.answers }),
    right: micro === null ? '–' : share(micro),
    compared: compared
      ? t('engine.compared', { before: share(compared.before), after: share(compared.after), count: compared.answers })
      : '–',
    state: who === '' ? t(`engine.state.${model.state}`) : t('engine.broughtBack', { who }),
    inUse,
    goBack: !inUse && hasRole(role, 'manager') ? `/codebook/${key}/engine` : '',
    goBackLabel: t('engine.goBackTo', { turn: model.turn }),
  };
}

import type { Clock } from '../../shared/clock.ts';
import type { GivingDeps } from '../giving.ts';
import { createAgreement } from './agreement.ts';
import { createDoubles } from './doubles.ts';
import { createDrawing } from './drawing.ts';
import { createInclusion, type Inclusion } from './inclusion.ts';
import { createSecond } from './second.ts';
import { createSettling, type SettlingDeps } from './settling.ts';

type Deps = SettlingDeps & Pick<GivingDeps, 'books' | 'audit'> & { inclusion: Inclusion };

/** What arriving and coding tell the random audit. */
export function createSampling(clock: Clock) {
  const doubles = createDoubles(clock);
  return { doubles, inclusion: createInclusion(doubles) };
}

/** The random audit and its double coding. */
export function createAudits(deps: Deps) {
  return {
    ...createDrawing(deps),
    include: deps.inclusion.include,
    ...createSecond(deps),
    ...createSettling(deps),
    ...createAgreement(deps.storage),
  };
}

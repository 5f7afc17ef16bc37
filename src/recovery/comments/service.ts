import { createDeciding } from './deciding.ts';
import type { CommentsDeps } from './deps.ts';
import type { Comments } from './interface.ts';
import { createPlacing } from './placing.ts';
import { createReading } from './reading.ts';
import { createReceiving } from './receiving.ts';
import { createCommentSettings } from './settings-service.ts';

/** What anybody says on the public page: problems become cases, ideas and praise are kept and read. */
export function createComments(deps: CommentsDeps): Comments {
  const settings = createCommentSettings(deps);
  const placing = createPlacing(deps, settings);
  return {
    ...settings,
    ...createReceiving(deps, placing, settings),
    ...createReading(deps, settings),
    ...createDeciding(deps, placing),
    onPlaced: placing.onPlaced,
  };
}

import { z } from 'zod';

export const liveQuery = z.object({
  environmentId: z.uuid().optional().describe('Only events of this environment. Unset: of all that the caller may see'),
});

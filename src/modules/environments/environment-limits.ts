import { z } from 'zod';

/** The same limits hold for the configured defaults and for what a caller asks for. */
export const tickSeconds = z.number().int().min(1).max(3_600);
export const retentionDays = z.number().int().min(1).max(3_650);
export const maxSeries = z.number().int().min(1).max(10_000_000);

import 'reflect-metadata';
import { Logger } from '@nestjs/common';

/** Failures are provoked all the time here. DSIM_TEST_LOGS=1 shows what the parts say about them. */
if (process.env['DSIM_TEST_LOGS'] !== '1') Logger.overrideLogger(false);

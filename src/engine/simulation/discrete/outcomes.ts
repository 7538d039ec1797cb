/** How a request or a call ended. */
export const OK = 0;
/** 500, or its server was killed. */
export const FAILED_OWN = 1;
/** 502. */
export const FAILED_DEPENDENCY = 2;
/** 504. */
export const FAILED_TIMEOUT = 3;
/** 503. */
export const REJECTED = 4;

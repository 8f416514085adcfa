/** The answer is good. */
export const GOOD = 0;
/** The answer is no: refused, invalid, broken. */
export const NO = 1;
/** The command line itself is wrong. */
export const USAGE = 2;

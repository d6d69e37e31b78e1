/* Asks for a function that no library has. */
extern int sentry_test_that_nobody_defines(void);
int use(void) { return sentry_test_that_nobody_defines(); }

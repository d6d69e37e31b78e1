#ifndef SENTRY_NAMES_H
#define SENTRY_NAMES_H

/* glibc's strverscmp, which Swift's Glibc module does not show: numbers in names count by their value. */
int sentry_compare_names(const char *_Nonnull a, const char *_Nonnull b);

#endif

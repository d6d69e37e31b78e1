/*
 * The few functions of libcurl that Sentry uses. Two reasons for a shim: curl_easy_setopt is variadic, which Swift cannot
 * call; and libcurl is opened when the first transfer starts, because its fifteen libraries would cost every other command
 * start-up time.
 */
#ifndef SENTRY_CURL_H
#define SENTRY_CURL_H

#include <stddef.h>
#include <stdint.h>

/* How a transfer ended, for those who decide whether to try again. */
enum {
  SENTRY_CURL_OK = 0,
  SENTRY_CURL_TIMEOUT,     /* the connection or the transfer was too slow */
  SENTRY_CURL_BROKEN,      /* the connection was refused, lost, or ended early */
  SENTRY_CURL_REDIRECTS,   /* too many redirects */
  SENTRY_CURL_PROTOCOL,    /* a URL or a redirect to something else than what is allowed */
  SENTRY_CURL_STOPPED,     /* a callback stopped it */
  SENTRY_CURL_NO_HOST,     /* the host's or the proxy's name cannot be resolved */
  SENTRY_CURL_CERTIFICATE, /* the server's certificate is not to be trusted */
  SENTRY_CURL_FAILED,      /* anything else */
};

typedef struct {
  const char *url;
  const char *user_agent;
  const char *proxy;         /* null: what the environment says */
  const char *range;         /* "100-", or null */
  const char *if_range;      /* a validator, or null; only with range */
  long stall_seconds;        /* give up when slower than 100 bytes a second for so long */
  long connect_seconds;
  long redirect_limit;
  int https_redirects_only;  /* redirects may not leave https */
  void *user;
  /* One header line without its end; also the status line of each response. 0: stop. */
  int (*header)(void *user, const char *line, size_t length);
  /* A piece of the body. 0: stop. */
  int (*body)(void *user, const char *bytes, size_t length);
  /* About once a second, and while nothing comes. 0: stop. */
  int (*tick)(void *user);
} sentry_curl_request;

typedef struct {
  int outcome;          /* SENTRY_CURL_… */
  long status;          /* of HTTP; 0 before any answer */
  char message[512];    /* curl's own words */
  char final_url[2048]; /* after redirects */
} sentry_curl_result;

/* Opens libcurl. 0 and *message (borrowed for good) where that fails. Thread-safe. */
int sentry_curl_load(const char **message);

/* Runs one GET to its end, in this thread. sentry_curl_load has succeeded. */
void sentry_curl_get(const sentry_curl_request *request, sentry_curl_result *result);

#endif

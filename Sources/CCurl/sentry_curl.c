#include "sentry_curl.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* The header's checking macros would call functions that are not linked. */
#undef curl_easy_setopt
#undef curl_easy_getinfo

static struct {
  const char *message;
  CURLcode (*global_init)(long);
  CURL *(*easy_init)(void);
  CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
  CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
  CURLcode (*easy_perform)(CURL *);
  void (*easy_cleanup)(CURL *);
  const char *(*easy_strerror)(CURLcode);
  struct curl_slist *(*slist_append)(struct curl_slist *, const char *);
  void (*slist_free_all)(struct curl_slist *);
} curl;

static void load(void) {
  void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    curl.message = "libcurl.so.4 cannot be loaded";
    return;
  }
#define FIND(member, name)                               \
  *(void **)&curl.member = dlsym(library, name);         \
  if (!curl.member) {                                    \
    curl.message = "libcurl.so.4 has no function " name; \
    return;                                              \
  }
  FIND(global_init, "curl_global_init")
  FIND(easy_init, "curl_easy_init")
  FIND(easy_setopt, "curl_easy_setopt")
  FIND(easy_getinfo, "curl_easy_getinfo")
  FIND(easy_perform, "curl_easy_perform")
  FIND(easy_cleanup, "curl_easy_cleanup")
  FIND(easy_strerror, "curl_easy_strerror")
  FIND(slist_append, "curl_slist_append")
  FIND(slist_free_all, "curl_slist_free_all")
  if (curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) curl.message = "libcurl cannot be started";
}

int sentry_curl_load(const char **message) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  *message = curl.message;
  return curl.message == NULL;
}

static size_t on_header(char *bytes, size_t size, size_t count, void *user) {
  const sentry_curl_request *request = user;
  size_t length = size * count;
  size_t end = length;
  while (end > 0 && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) end--;
  return request->header(request->user, bytes, end) ? length : 0;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *user) {
  const sentry_curl_request *request = user;
  size_t length = size * count;
  /* An empty piece would look like a refusal. */
  return length == 0 || request->body(request->user, bytes, length) ? length : CURL_WRITEFUNC_ERROR;
}

static int on_tick(void *user, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
  (void)a, (void)b, (void)c, (void)d;
  const sentry_curl_request *request = user;
  return request->tick(request->user) ? 0 : 1;
}

static int outcome(CURLcode code) {
  switch (code) {
    case CURLE_OK: return SENTRY_CURL_OK;
    case CURLE_OPERATION_TIMEDOUT: return SENTRY_CURL_TIMEOUT;
    case CURLE_COULDNT_CONNECT:
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_SSL_CONNECT_ERROR: return SENTRY_CURL_BROKEN;
    case CURLE_TOO_MANY_REDIRECTS: return SENTRY_CURL_REDIRECTS;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT: return SENTRY_CURL_PROTOCOL;
    case CURLE_WRITE_ERROR:
    case CURLE_ABORTED_BY_CALLBACK: return SENTRY_CURL_STOPPED;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY: return SENTRY_CURL_NO_HOST;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE: return SENTRY_CURL_CERTIFICATE;
    default: return SENTRY_CURL_FAILED;
  }
}

void sentry_curl_get(const sentry_curl_request *request, sentry_curl_result *result) {
  memset(result, 0, sizeof *result);
  CURL *easy = curl.easy_init();
  if (!easy) {
    result->outcome = SENTRY_CURL_FAILED;
    snprintf(result->message, sizeof result->message, "no memory for a transfer");
    return;
  }
  char words[CURL_ERROR_SIZE] = "";
  struct curl_slist *headers = NULL;
  CURLcode code = CURLE_OK;
#define SET(option, value) \
  if (code == CURLE_OK) code = curl.easy_setopt(easy, option, value)
  SET(CURLOPT_ERRORBUFFER, words);
  SET(CURLOPT_PROTOCOLS_STR, "http,https");
  SET(CURLOPT_REDIR_PROTOCOLS_STR, request->https_redirects_only ? "https" : "http,https");
  SET(CURLOPT_URL, request->url);
  SET(CURLOPT_USERAGENT, request->user_agent);
  if (request->proxy) SET(CURLOPT_PROXY, request->proxy);
  SET(CURLOPT_NOSIGNAL, 1L);
  SET(CURLOPT_FOLLOWLOCATION, 1L);
  SET(CURLOPT_MAXREDIRS, request->redirect_limit);
  SET(CURLOPT_CONNECTTIMEOUT, request->connect_seconds);
  SET(CURLOPT_LOW_SPEED_LIMIT, 100L);
  SET(CURLOPT_LOW_SPEED_TIME, request->stall_seconds);
  SET(CURLOPT_NOPROGRESS, 0L);
  SET(CURLOPT_XFERINFOFUNCTION, on_tick);
  SET(CURLOPT_XFERINFODATA, (void *)request);
  SET(CURLOPT_HEADERFUNCTION, on_header);
  SET(CURLOPT_HEADERDATA, (void *)request);
  SET(CURLOPT_WRITEFUNCTION, on_body);
  SET(CURLOPT_WRITEDATA, (void *)request);
  if (request->range) SET(CURLOPT_RANGE, request->range);
  if (request->range && request->if_range) {
    char line[1024];
    snprintf(line, sizeof line, "If-Range: %s", request->if_range);
    headers = curl.slist_append(headers, line);
    SET(CURLOPT_HTTPHEADER, headers);
  }
  if (code == CURLE_OK) code = curl.easy_perform(easy);
  result->outcome = outcome(code);
  snprintf(result->message, sizeof result->message, "%s", words[0] ? words : curl.easy_strerror(code));
  curl.easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &result->status);
  char *url = NULL;
  if (curl.easy_getinfo(easy, CURLINFO_EFFECTIVE_URL, &url) == CURLE_OK && url) {
    snprintf(result->final_url, sizeof result->final_url, "%s", url);
  }
  curl.slist_free_all(headers);
  curl.easy_cleanup(easy);
}

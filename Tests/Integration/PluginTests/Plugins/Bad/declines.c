#include <sentry_plugin.h>
static void nothing(sentry_error *error) { (void)error; }
const sentry_plugin *sentry_plugin_entry_v1(const sentry_host *host, sentry_error *error) {
  (void)host;
  error->code = SENTRY_UNSUPPORTED;
  error->message = "this machine has no such device";
  error->hint = "plug one in";
  error->destroy = nothing;
  return 0;
}

// The entry, and what the plugin offers.
#include "Border.hpp"
#include "Host.hpp"
#include "Options.hpp"

using namespace backbone;

extern "C" const sentry_plugin *sentry_plugin_entry_v1(const sentry_host *given, sentry_error *) {
  host = given;
  static const sentry_factory factory = [] {
    sentry_factory factory{};
    factory.struct_size = sizeof factory;
    factory.kind = SENTRY_KIND_MODEL;
    factory.name = componentName;
    factory.summary = "DenseNet121 with a 1280-d embedding over LibTorch, on a CUDA device or the CPU";
    factory.options_schema = Options::schema;
    factory.create = create;
    factory.available = available;
    return factory;
  }();
  static const sentry_plugin plugin = [] {
    sentry_plugin plugin{};
    plugin.struct_size = sizeof plugin;
    plugin.abi_major = SENTRY_ABI_MAJOR;
    plugin.abi_minor = SENTRY_ABI_MINOR;
    plugin.name = "backbone-libtorch";
    plugin.version = "0.1.0";
    plugin.summary = "The emotion model over LibTorch";
    plugin.factory_count = 1;
    plugin.get_factory = [](const sentry_plugin *, uint32_t index) -> const sentry_factory * { return index == 0 ? &factory : nullptr; };
    plugin.get_recipe = [](const sentry_plugin *, uint32_t) -> const char * { return nullptr; };
    plugin.get_extension = [](const sentry_plugin *, const char *) -> const void * { return nullptr; };
    return plugin;
  }();
  return &plugin;
}

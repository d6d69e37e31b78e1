// What authors of plugins test with is what our own plugins are tested with.
@_exported import enum SentryPluginTestKit.TestHost

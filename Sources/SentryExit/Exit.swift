import CSentryProcess

// In place of glibc's, in the programs and for their plugins: one that ends the process does not end it with success.
@_cdecl("_exit") public func endProcess(_ status: Int32) { sentry_guard_exit(status) }
@_cdecl("_Exit") public func endProcessInC99(_ status: Int32) { sentry_guard_exit(status) }

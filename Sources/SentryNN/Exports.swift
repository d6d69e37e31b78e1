/// Errors, buffers, CPU levels, losses and optimisers: who builds a network uses them as its own.
@_exported import SentryLearning

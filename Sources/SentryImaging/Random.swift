// Augmentation and drawing draw from it; who imports this module need not know where it lives.
@_exported import SentryBase

// A reader of files throws FormatError and takes AtomicFile: who imports the formats has both.
@_exported import SentryBase

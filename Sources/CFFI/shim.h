#include <ffi.h>
/* libffi's types are mutable globals, which Swift 6 does not let anyone touch; their addresses never change. */
static inline ffi_type *sentry_ffi_void(void) { return &ffi_type_void; }
static inline ffi_type *sentry_ffi_int32(void) { return &ffi_type_sint32; }
static inline ffi_type *sentry_ffi_int64(void) { return &ffi_type_sint64; }
static inline ffi_type *sentry_ffi_uint64(void) { return &ffi_type_uint64; }
static inline ffi_type *sentry_ffi_float(void) { return &ffi_type_float; }
static inline ffi_type *sentry_ffi_double(void) { return &ffi_type_double; }
static inline ffi_type *sentry_ffi_pointer(void) { return &ffi_type_pointer; }

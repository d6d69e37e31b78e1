/* sentry/author.h: what authors of plugins in C and C++ need beside the border: options, errors, tensors, texts. C11 and C++17.
 *
 * All of it is compiled into the plugin (static functions); nothing here crosses the border, so it may change in any release: a
 * plugin keeps what it was built with. Errors are filled as the border wants them, and a function that fails says so by its status
 * and leaves no memory behind.
 *
 *   sentry_status create(const sentry_factory *self, const char *options, void **object, sentry_error *error) {
 *     int64_t count;
 *     if (sentry_option_integer(options, "count", &count, error)) return error->code;
 *     …
 *     return sentry_fail(error, SENTRY_NO_MEMORY, NULL, "no memory for %lld images", (long long)count);
 */
#ifndef SENTRY_AUTHOR_H
#define SENTRY_AUTHOR_H

#include <errno.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sentry_plugin.h"

#if defined(__GNUC__)
#define SENTRY_AUTHOR static inline __attribute__((unused))
#define SENTRY_AUTHOR_FORMAT(text, first) __attribute__((format(printf, text, first)))
#else
#define SENTRY_AUTHOR static inline
#define SENTRY_AUTHOR_FORMAT(text, first)
#endif

/* ------------------------------------------------------------------------------------------------------------- Errors */

SENTRY_AUTHOR void sentry_author_error_destroy(sentry_error *error) {
  free(error->owner);
  error->owner = NULL;
  error->message = NULL;
  error->hint = NULL;
}

/* Fills an error and returns its code: `return sentry_fail(error, SENTRY_INVALID, "what to do about it", "what happened: %d", 3);`.
 * hint may be null. Where there is no memory for the message, the caller gets the code alone. */
SENTRY_AUTHOR SENTRY_AUTHOR_FORMAT(4, 5) sentry_status
    sentry_fail(sentry_error *error, sentry_status code, const char *hint, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  va_list again;
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, format, arguments);
  size_t size = length > 0 ? (size_t)length + 1 : 1, hint_size = hint ? strlen(hint) + 1 : 0;
  char *text = (char *)malloc(size + hint_size);
  if (text) {
    text[0] = 0;
    vsnprintf(text, size, format, again);
    if (hint) memcpy(text + size, hint, hint_size);
  }
  va_end(again);
  va_end(arguments);
  error->code = code;
  error->message = text;
  error->hint = text && hint ? text + size : NULL;
  error->owner = text;
  error->destroy = sentry_author_error_destroy;
  return code;
}

SENTRY_AUTHOR sentry_status sentry_no_memory(sentry_error *error, const char *what) {
  return sentry_fail(error, SENTRY_NO_MEMORY, NULL, "no memory for %s", what);
}

/* -------------------------------------------------------------------------------------------------------------- JSON */

/* A value within a JSON text, which it points into. The reader is for what the host has checked: options, descriptions, settings. Of
 * other texts it reads no byte beyond their end, and finds nothing where they are damaged. */
typedef struct sentry_json {
  const char *begin, *end; /* null: no value */
} sentry_json;

SENTRY_AUTHOR const char *sentry_json_skip_space(const char *at, const char *end) {
  while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')) at++;
  return at;
}

/* The end of the value that begins at `at`; null where there is none. */
SENTRY_AUTHOR const char *sentry_json_value_end(const char *at, const char *end) {
  int depth = 0;
  do {
    at = sentry_json_skip_space(at, end);
    if (at >= end) return NULL;
    if (*at == '"') {
      for (at++; at < end && *at != '"'; at++)
        if (*at == '\\') at++;
      if (at >= end) return NULL;
      at++;
    } else if (*at == '{' || *at == '[') {
      depth++;
      at++;
    } else if (*at == '}' || *at == ']') {
      depth--;
      at++;
    } else if (*at == ',' || *at == ':') {
      if (depth == 0) return NULL;
      at++;
    } else {
      const char *start = at;
      while (at < end && !strchr(" \t\n\r,:{}[]\"", *at)) at++;
      if (at == start) return NULL;
    }
  } while (depth > 0);
  return depth == 0 ? at : NULL;
}

/* The whole of a text that ends in NUL. */
SENTRY_AUTHOR sentry_json sentry_json_of(const char *text) {
  sentry_json value = {NULL, NULL};
  if (!text) return value;
  const char *end = text + strlen(text), *begin = sentry_json_skip_space(text, end);
  value.end = sentry_json_value_end(begin, end);
  if (value.end) value.begin = begin;
  return value;
}

/* Walks over an object or an array. Start with `at` null; returns 1 and moves on, or 0 at the end. `key` is the text between the
 * quotes as it is written; in an array it is empty.
 *
 *   for (sentry_json_place place = {0}; sentry_json_next(tasks, &place);) use(place.value); */
typedef struct sentry_json_place {
  const char *at;
  sentry_json key, value;
} sentry_json_place;

SENTRY_AUTHOR int sentry_json_next(sentry_json container, sentry_json_place *place) {
  if (!container.begin || container.end - container.begin < 2) return 0;
  int is_object = *container.begin == '{';
  if (!is_object && *container.begin != '[') return 0;
  const char *end = container.end - 1, *at = place->at;
  at = sentry_json_skip_space(at ? at : container.begin + 1, end);
  if (place->at && at < end) {
    if (*at != ',') return 0;
    at = sentry_json_skip_space(at + 1, end);
  }
  if (at >= end) return 0;
  place->key.begin = place->key.end = at;
  if (is_object) {
    const char *key_end = *at == '"' ? sentry_json_value_end(at, end) : NULL;
    if (!key_end) return 0;
    place->key.begin = at + 1;
    place->key.end = key_end - 1;
    at = sentry_json_skip_space(key_end, end);
    if (at >= end || *at != ':') return 0;
    at = sentry_json_skip_space(at + 1, end);
  }
  place->value.begin = at;
  place->value.end = sentry_json_value_end(at, end);
  if (!place->value.end) return 0;
  place->at = place->value.end;
  return 1;
}

/* The member of an object with this name; no value where there is none. Names with escapes are not found. */
SENTRY_AUTHOR sentry_json sentry_json_member(sentry_json object, const char *name) {
  sentry_json none = {NULL, NULL};
  size_t length = strlen(name);
  if (!object.begin || *object.begin != '{') return none;
  sentry_json_place place;
  memset(&place, 0, sizeof place);
  while (sentry_json_next(object, &place)) {
    if ((size_t)(place.key.end - place.key.begin) == length && !memcmp(place.key.begin, name, length)) return place.value;
  }
  return none;
}

/* The number of values in an array or of members in an object. */
SENTRY_AUTHOR int64_t sentry_json_count(sentry_json container) {
  int64_t count = 0;
  sentry_json_place place;
  memset(&place, 0, sizeof place);
  while (sentry_json_next(container, &place)) count++;
  return count;
}

SENTRY_AUTHOR int sentry_json_is(sentry_json value, const char *text) {
  return value.begin && (size_t)(value.end - value.begin) == strlen(text) && !memcmp(value.begin, text, strlen(text));
}

/* A number; returns 0 where the value is none. */
SENTRY_AUTHOR int sentry_json_number(sentry_json value, double *number) {
  char text[64];
  size_t length = value.begin ? (size_t)(value.end - value.begin) : 0;
  if (length == 0 || length >= sizeof text || !strchr("-0123456789", *value.begin)) return 0;
  memcpy(text, value.begin, length);
  text[length] = 0;
  /* strtod wants the point of the process's locale, which other libraries may have set. */
  char *dot = strchr(text, '.'), *end;
  const char *point = localeconv()->decimal_point;
  if (dot && point[0] && !point[1]) *dot = point[0];
  *number = strtod(text, &end);
  return end == text + length;
}

/* A whole number that 64 bits hold, such as 3 or 3.0; returns 0 where the value is none. */
SENTRY_AUTHOR int sentry_json_integer(sentry_json value, int64_t *integer) {
  double number;
  if (!sentry_json_number(value, &number)) return 0;
  if (strspn(value.begin, "-0123456789") >= (size_t)(value.end - value.begin)) {
    errno = 0;
    *integer = strtoll(value.begin, NULL, 10);
    return errno == 0;
  }
  if (number < -9223372036854775808.0 || number >= 9223372036854775808.0) return 0;
  *integer = (int64_t)number;
  return (double)*integer == number;
}

SENTRY_AUTHOR int sentry_author_hex(const char *at, uint32_t *code) {
  *code = 0;
  for (int i = 0; i < 4; i++) {
    static const char digits[] = "0123456789abcdef";
    const char *digit = strchr(digits, at[i] >= 'A' && at[i] <= 'F' ? at[i] + 32 : at[i]);
    if (!at[i] || !digit) return 0;
    *code = *code * 16 + (uint32_t)(digit - digits);
  }
  return 1;
}

/* A string as UTF-8 that ends in NUL, to be freed with free; null where the value is no string, holds U+0000, or memory ran out. */
SENTRY_AUTHOR char *sentry_json_string(sentry_json value) {
  if (!value.begin || value.end - value.begin < 2 || *value.begin != '"') return NULL;
  const char *at = value.begin + 1, *end = value.end - 1;
  char *text = (char *)malloc((size_t)(end - at) + 1), *out = text;
  if (!text) return NULL;
  while (at < end) {
    if (*at != '\\') {
      *out++ = *at++;
      continue;
    }
    static const char names[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    const char *name = at + 1 < end && at[1] ? strchr(names, at[1]) : NULL;
    if (name) {
      *out++ = meanings[name - names];
      at += 2;
      continue;
    }
    uint32_t code, low;
    if (end - at < 6 || at[1] != 'u' || !sentry_author_hex(at + 2, &code)) code = 0;
    at += 6;
    if (code >= 0xD800 && code < 0xDC00) {
      int paired = end - at >= 6 && at[0] == '\\' && at[1] == 'u' && sentry_author_hex(at + 2, &low) && low >= 0xDC00 && low < 0xE000;
      code = paired ? 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00) : 0;
      at += 6;
    }
    if (code == 0 || (code >= 0xDC00 && code < 0xE000)) { /* NUL, half of a pair, or no escape */
      free(text);
      return NULL;
    }
    if (code < 0x80) {
      *out++ = (char)code;
    } else if (code < 0x800) {
      *out++ = (char)(0xC0 | code >> 6);
      *out++ = (char)(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
      *out++ = (char)(0xE0 | code >> 12);
      *out++ = (char)(0x80 | (code >> 6 & 0x3F));
      *out++ = (char)(0x80 | (code & 0x3F));
    } else {
      *out++ = (char)(0xF0 | code >> 18);
      *out++ = (char)(0x80 | (code >> 12 & 0x3F));
      *out++ = (char)(0x80 | (code >> 6 & 0x3F));
      *out++ = (char)(0x80 | (code & 0x3F));
    }
  }
  *out = 0;
  return text;
}

/* ------------------------------------------------------------------------------------------------------------ Options */

/* The options of create by name. The host fills in defaults and checks types and bounds, so an error here means that the schema
 * declares no default and the user set nothing, or that the host is not Sentry's. */

SENTRY_AUTHOR sentry_json sentry_option(const char *options, const char *name) {
  return sentry_json_member(sentry_json_of(options), name);
}

SENTRY_AUTHOR sentry_status sentry_option_wrong(const char *name, const char *type, sentry_error *error) {
  return sentry_fail(error, SENTRY_INVALID, "set it with --set", "the option %s is missing or no %s", name, type);
}

SENTRY_AUTHOR sentry_status sentry_option_integer(const char *options, const char *name, int64_t *value, sentry_error *error) {
  *value = 0;
  return sentry_json_integer(sentry_option(options, name), value) ? SENTRY_OK : sentry_option_wrong(name, "whole number", error);
}

SENTRY_AUTHOR sentry_status sentry_option_number(const char *options, const char *name, double *value, sentry_error *error) {
  *value = 0;
  return sentry_json_number(sentry_option(options, name), value) ? SENTRY_OK : sentry_option_wrong(name, "number", error);
}

SENTRY_AUTHOR sentry_status sentry_option_flag(const char *options, const char *name, int *value, sentry_error *error) {
  sentry_json found = sentry_option(options, name);
  *value = sentry_json_is(found, "true");
  return *value || sentry_json_is(found, "false") ? SENTRY_OK : sentry_option_wrong(name, "true or false", error);
}

/* *value is handed over: free it with free. */
SENTRY_AUTHOR sentry_status sentry_option_string(const char *options, const char *name, char **value, sentry_error *error) {
  *value = sentry_json_string(sentry_option(options, name));
  return *value ? SENTRY_OK : sentry_option_wrong(name, "text", error);
}

/* -------------------------------------------------------------------------------------------------------------- Texts */

/* A text that grows, for descriptions. Begin with {0}; end with free(text.bytes). bytes is null where memory ran out. */
typedef struct sentry_text {
  char *bytes; /* ends in NUL */
  size_t length;
  int failed;
} sentry_text;

SENTRY_AUTHOR void sentry_text_add_bytes(sentry_text *text, const char *bytes, size_t count) {
  char *longer = text->failed ? NULL : (char *)realloc(text->bytes, text->length + count + 1);
  if (!longer) {
    free(text->bytes);
    text->bytes = NULL;
    text->failed = 1;
    return;
  }
  text->bytes = longer;
  memcpy(longer + text->length, bytes, count);
  text->length += count;
  longer[text->length] = 0;
}

SENTRY_AUTHOR void sentry_text_add(sentry_text *text, const char *more) { sentry_text_add_bytes(text, more, strlen(more)); }

SENTRY_AUTHOR void sentry_text_add_integer(sentry_text *text, int64_t value) {
  char digits[24];
  snprintf(digits, sizeof digits, "%lld", (long long)value);
  sentry_text_add(text, digits);
}

/* A JSON value as it is written: the classes of a task go from the options into the description. */
SENTRY_AUTHOR void sentry_text_add_json(sentry_text *text, sentry_json value) {
  if (value.begin) sentry_text_add_bytes(text, value.begin, (size_t)(value.end - value.begin));
}

/* A string in quotes, with escapes. */
SENTRY_AUTHOR void sentry_text_add_string(sentry_text *text, const char *value) {
  sentry_text_add(text, "\"");
  for (; *value; value++) {
    unsigned char byte = (unsigned char)*value;
    char escape[8];
    if (byte == '"' || byte == '\\') {
      snprintf(escape, sizeof escape, "\\%c", byte);
    } else if (byte < 0x20) {
      snprintf(escape, sizeof escape, "\\u%04x", byte);
    } else {
      snprintf(escape, sizeof escape, "%c", byte);
    }
    sentry_text_add(text, escape);
  }
  sentry_text_add(text, "\"");
}

/* ------------------------------------------------------------------------------------------------------------ Tensors */

SENTRY_AUTHOR sentry_dtype sentry_author_dtype(uint8_t code, uint8_t bits) {
  sentry_dtype type = {code, bits, 1};
  return type;
}
SENTRY_AUTHOR sentry_dtype sentry_uint8(void) { return sentry_author_dtype(SENTRY_DTYPE_UINT, 8); }
SENTRY_AUTHOR sentry_dtype sentry_int64(void) { return sentry_author_dtype(SENTRY_DTYPE_INT, 64); }
SENTRY_AUTHOR sentry_dtype sentry_float32(void) { return sentry_author_dtype(SENTRY_DTYPE_FLOAT, 32); }

enum { SENTRY_AUTHOR_MOST_AXES = 8 };

/* A tensor with memory of its own: the struct, its shape, and the elements after them. */
typedef struct sentry_owned_tensor {
  sentry_managed_tensor managed; /* first: a pointer to the one is a pointer to the other */
  int64_t shape[SENTRY_AUTHOR_MOST_AXES];
} sentry_owned_tensor;

SENTRY_AUTHOR void sentry_tensor_free(sentry_managed_tensor *self) { free(self->manager_ctx); }

/* The number of elements; -1 where an extent is negative or the product too large. */
SENTRY_AUTHOR int64_t sentry_tensor_count(const sentry_tensor *tensor) {
  int64_t count = 1;
  for (int32_t axis = 0; axis < tensor->ndim; axis++) {
    int64_t extent = tensor->shape[axis];
    if (extent < 0 || (extent > 0 && count > ((int64_t)1 << 48) / extent)) return -1;
    count *= extent;
  }
  return count;
}

/* The first element. */
SENTRY_AUTHOR void *sentry_tensor_data(const sentry_tensor *tensor) { return (char *)tensor->data + tensor->byte_offset; }
SENTRY_AUTHOR float *sentry_tensor_floats(const sentry_tensor *tensor) { return (float *)sentry_tensor_data(tensor); }

/* A new tensor of zeros in row-major CPU memory, 64-byte aligned, to be handed over as a sample or an output; null where memory ran
 * out or the shape is none. What is not handed over ends with tensor->deleter(tensor). */
SENTRY_AUTHOR sentry_managed_tensor *sentry_tensor_new(sentry_dtype type, int32_t ndim, const int64_t *shape) {
  if (ndim < 0 || ndim > SENTRY_AUTHOR_MOST_AXES) return NULL;
  sentry_tensor described;
  memset(&described, 0, sizeof described);
  int64_t extents[SENTRY_AUTHOR_MOST_AXES];
  for (int32_t axis = 0; axis < ndim; axis++) extents[axis] = shape[axis];
  described.ndim = ndim;
  described.shape = extents;
  int64_t count = sentry_tensor_count(&described);
  if (count < 0) return NULL;
  size_t head = (sizeof(sentry_owned_tensor) + 63) / 64 * 64, bytes = (size_t)count * (type.bits / 8);
  sentry_owned_tensor *made = (sentry_owned_tensor *)aligned_alloc(64, head + (bytes + 63) / 64 * 64);
  if (!made) return NULL;
  memset(made, 0, head + (bytes + 63) / 64 * 64);
  memcpy(made->shape, extents, sizeof extents[0] * (size_t)ndim);
  made->managed.dlpack_major = 1;
  made->managed.manager_ctx = made;
  made->managed.deleter = sentry_tensor_free;
  made->managed.tensor.data = (char *)made + head;
  made->managed.tensor.device.device_type = SENTRY_DEVICE_CPU;
  made->managed.tensor.ndim = ndim;
  made->managed.tensor.dtype = type;
  made->managed.tensor.shape = made->shape;
  return &made->managed;
}

/* Checks that a tensor that came across the border is row-major CPU memory of this type and shape; -1 stands for any extent.
 * `what` names it in the message. */
SENTRY_AUTHOR sentry_status sentry_tensor_check(const sentry_tensor *tensor, const char *what, sentry_dtype type, int32_t ndim,
                                                const int64_t *shape, sentry_error *error) {
  if (tensor->device.device_type != SENTRY_DEVICE_CPU)
    return sentry_fail(error, SENTRY_INVALID, NULL, "%s is on device type %d, not in CPU memory", what,
                       (int)tensor->device.device_type);
  if (tensor->dtype.code != type.code || tensor->dtype.bits != type.bits || tensor->dtype.lanes != 1)
    return sentry_fail(error, SENTRY_INVALID, NULL, "%s has elements of type %d with %d bits; type %d with %d bits was expected", what,
                       tensor->dtype.code, tensor->dtype.bits, type.code, type.bits);
  if (tensor->ndim != ndim)
    return sentry_fail(error, SENTRY_INVALID, NULL, "%s has %d axes; %d were expected", what, (int)tensor->ndim, (int)ndim);
  int64_t stride = 1;
  for (int32_t axis = ndim - 1; axis >= 0; axis--) {
    int64_t extent = tensor->shape[axis];
    if (extent < 1 || (shape[axis] != -1 && extent != shape[axis]))
      return sentry_fail(error, SENTRY_INVALID, NULL, "axis %d of %s has extent %lld; %lld was expected", (int)axis, what,
                         (long long)extent, (long long)shape[axis]);
    if (tensor->strides && extent > 1 && tensor->strides[axis] != stride)
      return sentry_fail(error, SENTRY_INVALID, NULL, "%s is not row-major", what);
    stride *= extent;
  }
  if (!tensor->data || sentry_tensor_count(tensor) < 0)
    return sentry_fail(error, SENTRY_INVALID, NULL, "%s has no data", what);
  return SENTRY_OK;
}

#endif

/* A program that tries sentry/author.h; it is compiled as C and as C++. Its status is the number of failures. */
#include <sentry/author.h>

static int failures;
#define CHECK(condition) ((condition) ? (void)0 : (void)(failures++, printf("line %d: %s\n", __LINE__, #condition)))

static sentry_error fresh(void) {
  sentry_error error;
  memset(&error, 0, sizeof error);
  error.struct_size = sizeof error;
  return error;
}
static void end(sentry_error *error) {
  if (error->destroy) error->destroy(error);
}

static void options(void) {
  const char *json = " {\"nested\": {\"count\": 1}, \"count\" : -12, \"whole\":3.0, \"half\":0.5,\"exponent\":1e3, \"on\":true,\"off\" :false,"
                     " \"text\":\"a \\\"b\\\" \\u00e9 \\ud83d\\ude00 \\n\", \"none\": null, \"big\":9223372036854775807, \"list\": [1, [2, 3], {}]} ";
  sentry_error error = fresh();
  int64_t integer = 0;
  double number = 0;
  int flag = 0;
  char *text = NULL;
  CHECK(sentry_option_integer(json, "count", &integer, &error) == SENTRY_OK && integer == -12);
  CHECK(sentry_option_integer(json, "whole", &integer, &error) == SENTRY_OK && integer == 3);
  CHECK(sentry_option_integer(json, "big", &integer, &error) == SENTRY_OK && integer == INT64_MAX);
  CHECK(sentry_option_number(json, "half", &number, &error) == SENTRY_OK && number == 0.5);
  CHECK(sentry_option_number(json, "exponent", &number, &error) == SENTRY_OK && number == 1000);
  CHECK(sentry_option_flag(json, "on", &flag, &error) == SENTRY_OK && flag == 1);
  CHECK(sentry_option_flag(json, "off", &flag, &error) == SENTRY_OK && flag == 0);
  CHECK(sentry_option_string(json, "text", &text, &error) == SENTRY_OK && !strcmp(text, "a \"b\" \xc3\xa9 \xf0\x9f\x98\x80 \n"));
  free(text);
  CHECK(error.code == 0 && !error.destroy);

  static const char *const wrong[] = {"half", "text", "none", "absent", "list", "nested"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    error = fresh();
    CHECK(sentry_option_integer(json, wrong[i], &integer, &error) == SENTRY_INVALID && error.message && strstr(error.message, wrong[i]));
    end(&error);
  }
  error = fresh();
  CHECK(sentry_option_string(json, "count", &text, &error) == SENTRY_INVALID && !text && error.hint);
  end(&error);

  sentry_json list = sentry_option(json, "list");
  CHECK(sentry_json_count(list) == 3 && sentry_json_count(sentry_json_of("[]")) == 0 && sentry_json_count(sentry_json_of("{ }")) == 0);
  sentry_json_place place;
  memset(&place, 0, sizeof place);
  CHECK(sentry_json_next(list, &place) && sentry_json_is(place.value, "1"));
  CHECK(sentry_json_next(list, &place) && sentry_json_is(place.value, "[2, 3]"));
  CHECK(sentry_json_next(list, &place) && sentry_json_is(place.value, "{}"));
  CHECK(!sentry_json_next(list, &place));
}

/* Every beginning of a text, and every text with one other byte, is read without a byte beyond it (the sanitizer sees that). */
static void damaged(void) {
  static const char whole[] = "{\"a\": [1, {\"b\": \"\\u00e9\\ud83d\\ude00\"}], \"c\": -1.5e3}";
  for (size_t length = 0; length < sizeof whole; length++) {
    for (int byte = -1; byte < 128; byte += byte < 0 ? 35 : 1) {
      char *copy = (char *)malloc(length + 1);
      if (!copy) return;
      memcpy(copy, whole, length);
      copy[length] = 0;
      if (byte > 0 && length > 0) copy[length / 2] = (char)byte;
      sentry_json_place place;
      memset(&place, 0, sizeof place);
      while (sentry_json_next(sentry_json_of(copy), &place)) {
        double number;
        int64_t integer;
        sentry_json_number(place.value, &number);
        sentry_json_integer(place.value, &integer);
        sentry_json_place inner;
        memset(&inner, 0, sizeof inner);
        while (sentry_json_next(place.value, &inner)) free(sentry_json_string(sentry_json_member(inner.value, "b")));
      }
      free(copy);
    }
  }
  CHECK(!sentry_json_of("").begin && !sentry_json_of(NULL).begin && !sentry_json_of("{\"a\": 1").begin);
  static const char *const strings[] = {"\"\\u0000\"", "\"\\ud83d\"", "\"\\ud83dabcdef\"", "\"\\ude00\"", "\"\\u12\"", "\"\\x\"", "1"};
  for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) CHECK(!sentry_json_string(sentry_json_of(strings[i])));
}

static void texts(void) {
  sentry_text text;
  memset(&text, 0, sizeof text);
  sentry_text_add(&text, "{\"a\": ");
  sentry_text_add_integer(&text, -5);
  sentry_text_add(&text, ", \"b\": ");
  sentry_text_add_string(&text, "\"\\\n");
  sentry_text_add(&text, ", \"c\": ");
  sentry_text_add_json(&text, sentry_option("{\"x\": [1, 2]}", "x"));
  sentry_text_add(&text, "}");
  CHECK(text.bytes && !strcmp(text.bytes, "{\"a\": -5, \"b\": \"\\\"\\\\\\u000a\", \"c\": [1, 2]}"));
  free(text.bytes);
}

static void tensors(void) {
  const int64_t shape[] = {2, 3}, any[] = {-1, 3}, other[] = {2, 4}, huge[] = {INT64_MAX, 2}, negative[] = {-1};
  sentry_managed_tensor *tensor = sentry_tensor_new(sentry_float32(), 2, shape);
  CHECK(tensor && (uintptr_t)sentry_tensor_data(&tensor->tensor) % 64 == 0 && sentry_tensor_count(&tensor->tensor) == 6);
  if (!tensor) return;
  for (int i = 0; i < 6; i++) CHECK(sentry_tensor_floats(&tensor->tensor)[i] == 0);
  sentry_error error = fresh();
  CHECK(sentry_tensor_check(&tensor->tensor, "it", sentry_float32(), 2, any, &error) == SENTRY_OK);
  CHECK(sentry_tensor_check(&tensor->tensor, "it", sentry_float32(), 2, other, &error) == SENTRY_INVALID && strstr(error.message, "it"));
  end(&error);
  CHECK(sentry_tensor_check(&tensor->tensor, "it", sentry_uint8(), 2, any, &error) == SENTRY_INVALID);
  end(&error);
  CHECK(sentry_tensor_check(&tensor->tensor, "it", sentry_float32(), 1, any, &error) == SENTRY_INVALID);
  end(&error);
  int64_t strides[] = {1, 2};
  tensor->tensor.strides = strides;
  CHECK(sentry_tensor_check(&tensor->tensor, "it", sentry_float32(), 2, any, &error) == SENTRY_INVALID);
  end(&error);
  tensor->tensor.strides = NULL;
  tensor->tensor.device.device_type = SENTRY_DEVICE_CUDA;
  CHECK(sentry_tensor_check(&tensor->tensor, "it", sentry_float32(), 2, any, &error) == SENTRY_INVALID);
  end(&error);
  tensor->deleter(tensor);
  CHECK(!sentry_tensor_new(sentry_float32(), 2, huge) && !sentry_tensor_new(sentry_float32(), 1, negative));
  sentry_managed_tensor *scalar = sentry_tensor_new(sentry_int64(), 0, shape);
  CHECK(scalar && sentry_tensor_count(&scalar->tensor) == 1);
  if (scalar) scalar->deleter(scalar);
}

int main(void) {
  options();
  damaged();
  texts();
  tensors();
  sentry_error error = fresh();
  CHECK(sentry_no_memory(&error, "it") == SENTRY_NO_MEMORY && !error.hint && !strcmp(error.message, "no memory for it"));
  end(&error);
  return failures;
}

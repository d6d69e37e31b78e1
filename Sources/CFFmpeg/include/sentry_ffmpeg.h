/*
 * FFmpeg's libraries, opened when the first video is: linked, they would cost every command that loads a video plugin a tenth of
 * a second, and libavdevice three. The functions that Sentry calls stand in tables with FFmpeg's own types. Beside them stands
 * what is a macro in FFmpeg's headers or takes a va_list, which Swift does not see.
 */
#ifndef SENTRY_FFMPEG_H
#define SENTRY_FFMPEG_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libavutil/error.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
#include <stddef.h>
#include <stdint.h>

/* Every function that Sentry calls, with its library. */
#define SENTRY_FFMPEG_FUNCTIONS(FUNCTION) \
  FUNCTION(avutil, av_dict_free)          \
  FUNCTION(avutil, av_dict_get)           \
  FUNCTION(avutil, av_dict_set)           \
  FUNCTION(avutil, av_frame_alloc)        \
  FUNCTION(avutil, av_frame_free)         \
  FUNCTION(avutil, av_frame_get_buffer)   \
  FUNCTION(avutil, av_frame_make_writable) \
  FUNCTION(avutil, av_frame_get_side_data) \
  FUNCTION(avutil, av_frame_unref)        \
  FUNCTION(avutil, av_free)               \
  FUNCTION(avutil, av_malloc)             \
  FUNCTION(avutil, av_opt_set)            \
  FUNCTION(avutil, av_strerror)           \
  FUNCTION(avcodec, av_packet_alloc)      \
  FUNCTION(avcodec, av_packet_free)       \
  FUNCTION(avcodec, av_packet_rescale_ts) \
  FUNCTION(avcodec, av_packet_unref)      \
  FUNCTION(avcodec, avcodec_alloc_context3) \
  FUNCTION(avcodec, avcodec_find_decoder) \
  FUNCTION(avcodec, avcodec_find_encoder_by_name) \
  FUNCTION(avcodec, avcodec_free_context) \
  FUNCTION(avcodec, avcodec_get_name)     \
  FUNCTION(avcodec, avcodec_open2)        \
  FUNCTION(avcodec, avcodec_parameters_from_context) \
  FUNCTION(avcodec, avcodec_parameters_to_context) \
  FUNCTION(avcodec, avcodec_receive_frame) \
  FUNCTION(avcodec, avcodec_receive_packet) \
  FUNCTION(avcodec, avcodec_send_frame)   \
  FUNCTION(avcodec, avcodec_send_packet)  \
  FUNCTION(avformat, av_find_best_stream) \
  FUNCTION(avformat, av_find_input_format) \
  FUNCTION(avformat, av_guess_frame_rate) \
  FUNCTION(avformat, av_interleaved_write_frame) \
  FUNCTION(avformat, av_read_frame)       \
  FUNCTION(avformat, av_stream_get_side_data) \
  FUNCTION(avformat, av_write_trailer)    \
  FUNCTION(avformat, avformat_alloc_context) \
  FUNCTION(avformat, avformat_alloc_output_context2) \
  FUNCTION(avformat, avformat_close_input) \
  FUNCTION(avformat, avformat_find_stream_info) \
  FUNCTION(avformat, avformat_free_context) \
  FUNCTION(avformat, avformat_network_init) \
  FUNCTION(avformat, avformat_new_stream) \
  FUNCTION(avformat, avformat_open_input) \
  FUNCTION(avformat, avformat_write_header) \
  FUNCTION(avformat, avio_alloc_context)  \
  FUNCTION(avformat, avio_context_free)   \
  FUNCTION(swscale, sws_freeContext)      \
  FUNCTION(swscale, sws_getCachedContext) \
  FUNCTION(swscale, sws_getCoefficients)  \
  FUNCTION(swscale, sws_scale)            \
  FUNCTION(swscale, sws_setColorspaceDetails)

typedef struct sentry_ffmpeg {
#define SENTRY_FFMPEG_MEMBER(library, name) __typeof__(name) *_Nonnull name;
  SENTRY_FFMPEG_FUNCTIONS(SENTRY_FFMPEG_MEMBER)
#undef SENTRY_FFMPEG_MEMBER
} sentry_ffmpeg;

/* Opens the libraries, and takes what FFmpeg logs off the terminal. Null and *message (borrowed for good) where they cannot be
 * opened. Thread-safe. */
const sentry_ffmpeg *_Nullable sentry_ffmpeg_load(const char *_Nullable *_Nonnull message);

/* Opens libavdevice and registers its inputs, which cameras need. 0 and *message (borrowed for good) where that fails. */
int sentry_ffmpeg_load_devices(const char *_Nullable *_Nonnull message);

/* Forgets what FFmpeg has logged in this thread. */
void sentry_ffmpeg_log_clear(void);
/* The first error that FFmpeg has logged in this thread since then, without its line's end; empty where there is none. Valid
 * until the next call of FFmpeg in this thread. */
const char *_Nonnull sentry_ffmpeg_log_first(void);

static const int sentry_averror_eof = AVERROR_EOF;
static const int sentry_averror_exit = AVERROR_EXIT;
static const int sentry_averror_again = AVERROR(EAGAIN);
static const int sentry_averror_invalid = AVERROR_INVALIDDATA;
static const int64_t sentry_no_pts = AV_NOPTS_VALUE;

#endif

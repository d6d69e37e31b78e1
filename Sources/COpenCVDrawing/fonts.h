/* Fonts of the machine for texts in any script. Not for Swift. */
#ifndef SENTRY_FONTS_H
#define SENTRY_FONTS_H

#include <map>
#include <mutex>
#include <opencv2/freetype.hpp>
#include <string>
#include <utility>

namespace sentry {

/// One call at a time: a font of FreeType is not to be used by two threads.
class Fonts {
public:
  static Fonts &shared();

  /// Runs `body` with the font that has most of the text's characters.
  template <typename Body> auto with(const std::string &text, Body body) {
    const std::lock_guard<std::mutex> guard(mutex);
    return body(*font(text));
  }

private:
  using Face = std::pair<std::string, int>;

  cv::freetype::FreeType2 *font(const std::string &text);
  Face find(const std::u32string &characters);

  std::mutex mutex;
  /// By the characters beyond ASCII that a text has.
  std::map<std::u32string, Face> choices;
  std::map<Face, cv::Ptr<cv::freetype::FreeType2>> faces;
};

}  // namespace sentry

#endif

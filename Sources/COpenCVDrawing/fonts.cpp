#include "fonts.h"

#include <fontconfig/fontconfig.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace sentry {

namespace {

/// The characters beyond ASCII, each once, in order. What is no UTF-8 is passed over.
std::u32string characters_beyond_ascii(const std::string &text) {
  std::u32string characters;
  const auto *place = reinterpret_cast<const FcChar8 *>(text.data());
  int left = static_cast<int>(text.size());
  while (left > 0) {
    FcChar32 character = 0;
    const int length = FcUtf8ToUcs4(place, &character, left);
    if (length <= 0) break;
    if (character > 0x7F) characters.push_back(character);
    place += length;
    left -= length;
  }
  std::sort(characters.begin(), characters.end());
  characters.erase(std::unique(characters.begin(), characters.end()), characters.end());
  return characters;
}

template <typename Value, void (*destroy)(Value *)> struct Destroy {
  void operator()(Value *value) const { destroy(value); }
};
using Pattern = std::unique_ptr<FcPattern, Destroy<FcPattern, FcPatternDestroy>>;
using CharSet = std::unique_ptr<FcCharSet, Destroy<FcCharSet, FcCharSetDestroy>>;

}  // namespace

Fonts &Fonts::shared() {
  static Fonts fonts;
  return fonts;
}

Fonts::Face Fonts::find(const std::u32string &characters) {
  const CharSet wanted(FcCharSetCreate());
  const Pattern pattern(FcPatternCreate());
  if (!wanted || !pattern) throw std::bad_alloc();
  for (FcChar32 character = 0x21; character < 0x7F; ++character) FcCharSetAddChar(wanted.get(), character);
  for (const char32_t character : characters) FcCharSetAddChar(wanted.get(), character);
  FcPatternAddCharSet(pattern.get(), FC_CHARSET, wanted.get());
  FcPatternAddString(pattern.get(), FC_FAMILY, reinterpret_cast<const FcChar8 *>("sans-serif"));
  FcPatternAddBool(pattern.get(), FC_SCALABLE, FcTrue);
  // Pictures of characters in colour cannot be drawn as outlines.
  FcPatternAddBool(pattern.get(), FC_COLOR, FcFalse);
  FcConfigSubstitute(nullptr, pattern.get(), FcMatchPattern);
  FcDefaultSubstitute(pattern.get());
  FcResult result = FcResultNoMatch;
  const Pattern match(FcFontMatch(nullptr, pattern.get(), &result));
  FcChar8 *file = nullptr;
  int index = 0;
  if (!match || FcPatternGetString(match.get(), FC_FILE, 0, &file) != FcResultMatch)
    throw std::runtime_error("no font is installed");
  FcPatternGetInteger(match.get(), FC_INDEX, 0, &index);
  // The upper half names an instance of a variable font.
  return {reinterpret_cast<const char *>(file), index & 0xFFFF};
}

cv::freetype::FreeType2 *Fonts::font(const std::string &text) {
  const std::u32string characters = characters_beyond_ascii(text);
  auto choice = choices.find(characters);
  if (choice == choices.end()) {
    if (choices.size() >= 256) choices.clear();
    choice = choices.emplace(characters, find(characters)).first;
  }
  cv::Ptr<cv::freetype::FreeType2> &face = faces[choice->second];
  if (!face) {
    auto loaded = cv::freetype::createFreeType2();
    loaded->loadFontData(choice->second.first, choice->second.second);
    face = loaded;
  }
  return face.get();
}

}  // namespace sentry

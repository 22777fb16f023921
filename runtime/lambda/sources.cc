#include "runtime/lambda/sources.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <utility>

namespace fledge::lambda {

SourceText Sources::Get(const Source& source) const {
  return {source.text, static_cast<std::uint32_t>(sources_.size() - 1)};
}

SourceText Sources::Add(std::string name, std::string text) {
  Source& source = sources_.emplace_back();
  source.name = std::move(name);
  source.own = std::move(text);
  source.text = source.own;
  return Get(source);
}

SourceText Sources::AddLibrary(std::string_view name, std::string_view text) {
  Source& source = sources_.emplace_back();
  source.name = name;
  source.text = text;
  source.is_library = true;
  return Get(source);
}

std::optional<SourceText> Sources::AddFile(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
      std::fopen(path.c_str(), "rb"), std::fclose);
  if (file == nullptr) return {};
  std::string text;
  char part[1 << 14];
  while (const std::size_t count = std::fread(part, 1, sizeof part, file.get()))
    text.append(part, count);
  if (std::ferror(file.get()) != 0) return {};
  return Add(path, std::move(text));
}

std::string Sources::PlaceOf(Position at) const {
  std::string place = NameOf(at.source);
  if (at.line != 0) {
    place += ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
  }
  return place;
}

// Lines end as they do for the lexer: in \n, \r\n, or \r alone.
std::string_view Sources::LineOf(Position at) const {
  std::string_view rest = sources_[at.source].text;
  for (std::uint32_t line = 1; line < at.line; ++line) {
    const std::size_t end = rest.find_first_of("\r\n");
    if (end == std::string_view::npos) return {};
    rest.remove_prefix(rest.substr(end).starts_with("\r\n") ? end + 2
                                                            : end + 1);
  }
  return rest.substr(0, rest.find_first_of("\r\n"));
}

}  // namespace fledge::lambda

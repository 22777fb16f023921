#include "tests/docs/page.h"

#include <fstream>
#include <sstream>

#include "allocator/base/check.h"

namespace fledge {
namespace {

std::vector<std::string> Lines(std::string_view text) {
  std::istringstream stream{std::string(text)};
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string Trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return "";
  return std::string(
      text.substr(begin, text.find_last_not_of(' ') - begin + 1));
}

bool IsFence(std::string_view line) { return Trimmed(line).starts_with("```"); }

// A `|` inside backticks is part of its cell; elsewhere it ends one. Markdown
// wants it escaped in both places.
std::vector<std::string> Cells(std::string_view line) {
  std::vector<std::string> cells;
  std::string cell;
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '|') {
      cell += line[++i];
    } else if (line[i] == '|') {
      cells.push_back(Trimmed(cell));
      cell.clear();
    } else if (line[i] != '`') {
      cell += line[i];
    }
  }
  return cells;
}

bool IsRule(const std::vector<std::string>& cells) {
  for (const std::string& cell : cells) {
    if (cell.find_first_not_of("-:") != std::string::npos) return false;
  }
  return true;
}

}  // namespace

std::string ReadCheckoutFile(std::string_view path) {
  std::ifstream file(std::string(FLEDGE_SOURCE_DIR "/") + std::string(path));
  FLEDGE_CHECK(file.is_open(), "a file that the documentation's tests read");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> CodeBlocks(std::string_view page,
                                    std::string_view language) {
  std::vector<std::string> blocks;
  bool inside = false;
  bool wanted = false;
  for (const std::string& line : Lines(page)) {
    if (IsFence(line)) {
      inside = !inside;
      wanted = inside && Trimmed(line).substr(3) == language;
      if (wanted) blocks.emplace_back();
    } else if (wanted) {
      blocks.back() += line + "\n";
    }
  }
  return blocks;
}

std::vector<std::vector<std::string>> TableRows(std::string_view page,
                                                std::string_view heading) {
  std::vector<std::vector<std::string>> rows;
  bool below = false;
  bool in_body = false;
  bool in_code = false;
  for (const std::string& line : Lines(page)) {
    if (IsFence(line)) in_code = !in_code;
    if (in_code) continue;
    if (line.starts_with("#")) below = line == heading;
    if (!below || !line.starts_with("|")) {
      in_body = false;
      continue;
    }
    std::vector<std::string> cells = Cells(line);
    if (IsRule(cells)) {
      in_body = true;
    } else if (in_body) {
      rows.push_back(std::move(cells));
    }
  }
  return rows;
}

std::string Flattened(std::string_view code) {
  std::string flat;
  for (const std::string& line : Lines(code)) {
    const std::string trimmed = Trimmed(line);
    if (!trimmed.empty()) flat += trimmed + "\n";
  }
  return flat;
}

}  // namespace fledge

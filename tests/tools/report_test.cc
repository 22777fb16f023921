#include "tools/fledge/report.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/tools/synthetic_run.h"

namespace fledge::tools {
namespace {

using Json = nlohmann::ordered_json;

std::string PageOf(const std::vector<RunRecord>& runs) {
  std::ostringstream out;
  WriteReport(runs, out);
  return out.str();
}

std::size_t CountOf(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos;
       at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

// What the page's script would parse.
Json DataIn(const std::string& page) {
  const std::string open = "<script id=\"data\" type=\"application/json\">";
  const std::size_t begin = page.find(open) + open.size();
  return Json::parse(page.substr(begin, page.find("</script>", begin) - begin));
}

TEST(ReportTest, EveryMarkOfTheTemplateIsReplaced) {
  const std::string page = PageOf({SyntheticRun({.collections = 3})});
  EXPECT_EQ(page.find("{{"), std::string::npos);
  EXPECT_NE(page.find("new uPlot"), std::string::npos);
  EXPECT_NE(page.find("prefers-color-scheme"), std::string::npos);
}

TEST(ReportTest, ThePageLoadsNothing) {
  const std::string page = PageOf({SyntheticRun({.collections = 3})});
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
  for (const char* loader : {"src=", "<link", "url(", "@import", "fetch(",
                             "XMLHttpRequest", "import("}) {
    EXPECT_EQ(page.find(loader), std::string::npos) << loader;
  }
}

TEST(ReportTest, NoTextOfARunEndsItsElement) {
  const std::string attack =
      "</script></title></noscript><script>alert(1)</script><!--<script";
  RunRecord run = SyntheticRun({.collections = 3});
  const std::string harmless = PageOf({run});
  run.workload = run.policy = run.options = run.result = attack;
  run.args = {attack};
  const std::string page = PageOf({run});
  for (const char* markup :
       {"<script", "</script", "</title", "</noscript", "<!--"}) {
    EXPECT_EQ(CountOf(page, markup), CountOf(harmless, markup)) << markup;
  }
  EXPECT_EQ(page.find("<script>alert"), std::string::npos);
  EXPECT_EQ(DataIn(page)["runs"][0]["result"], attack);
}

TEST(ReportTest, TextThatLooksLikeAMarkStaysText) {
  RunRecord run = SyntheticRun({.collections = 1});
  run.workload = "{{data}}{{unknown}}{{";
  run.args = {};
  const std::string page = PageOf({run});
  EXPECT_NE(page.find("<h1 id=\"title\">{{data}}{{unknown}}{{: genimmix</h1>"),
            std::string::npos);
  EXPECT_EQ(DataIn(page)["runs"][0]["title"], "{{data}}{{unknown}}{{");
}

TEST(ReportTest, BytesThatAreNotUtf8DoNotStopIt) {
  RunRecord run = SyntheticRun({.collections = 1});
  run.result = "\xff\xfe";
  EXPECT_EQ(DataIn(PageOf({run}))["runs"][0]["result"],
            "\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(ReportTest, AnyNumberOfRunsAndCollectionsMakesAPage) {
  EXPECT_EQ(DataIn(PageOf({}))["runs"].size(), 0u);
  EXPECT_EQ(DataIn(PageOf({RunRecord()}))["runs"].size(), 1u);
  for (const std::uint64_t collections : {0, 1, 1000}) {
    const RunRecord run = SyntheticRun({.collections = collections});
    EXPECT_EQ(DataIn(PageOf({run, run, run}))["runs"].size(), 3u);
  }
}

TEST(ReportTest, WithoutScriptsTheSummaryIsShown) {
  const std::string page = PageOf({SyntheticRun({.collections = 3})});
  const std::size_t begin = page.find("<noscript>");
  const std::size_t end = page.find("</noscript>");
  ASSERT_LT(begin, end);
  EXPECT_NE(page.substr(begin, end - begin).find("wall time"),
            std::string::npos);
}

}  // namespace
}  // namespace fledge::tools

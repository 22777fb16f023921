// Runs the program as a user does, and looks at what it prints and how it ends.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

namespace fledge::tools {
namespace {

namespace fs = std::filesystem;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Outcome {
  int status = -1;
  std::string out;
  std::string err;
};

class CliTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(::testing::TempDir()) /
              ("fledge_cli_" + std::to_string(getpid()));
    fs::create_directories(folder_);
    unsetenv("FLEDGE_GC");
  }
  void TearDown() override {
    unsetenv("FLEDGE_GC");
    fs::remove_all(folder_);
  }

  std::string Read(const std::string& name) const {
    std::ifstream in(folder_ / name);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  // Runs `fledge ARGUMENTS` in an empty folder, by the shell.
  Outcome Run(const std::string& arguments) const {
    const std::string line = "cd '" + folder_.string() + "' && " +
                             FLEDGE_PROGRAM " " + arguments +
                             " </dev/null >.out 2>.err";
    Outcome outcome;
    const int status = std::system(line.c_str());
    if (WIFEXITED(status)) outcome.status = WEXITSTATUS(status);
    outcome.out = Read(".out");
    outcome.err = Read(".err");
    return outcome;
  }

  // Expects that `arguments` are refused with that one line.
  void ExpectBadInput(const std::string& arguments,
                      const std::string& message) const {
    SCOPED_TRACE(arguments);
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 2);
    EXPECT_EQ(outcome.err, "fledge: " + message + "\n");
    EXPECT_EQ(outcome.out, "");
    EXPECT_FALSE(fs::exists(folder_ / "fledge-out"));
  }

  nlohmann::json ReadJson(const std::string& name) const {
    return nlohmann::json::parse(Read(name));
  }

  fs::path folder_;
};

// Help.

TEST_F(CliTest, AlonePrintsItsUsageInThreeLines) {
  const Outcome outcome = Run("");
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, StartsWith("usage: fledge profile WORKLOAD"));
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 3);
}

TEST_F(CliTest, HelpIsPrintedToStdout) {
  const std::map<std::string, std::string> expected = {
      {"--help", "stress     runs a workload"},
      {"profile --help", "  --out DIR"},
      {"stress --help", "  --stress SPEC"},
      {"profile lru --help", "ENTRIES"},
      {"profile --nonsense binary-trees -h", "DEPTH"},
      {"workloads --help", "usage: fledge workloads"},
      {"options --help", "usage: fledge options"},
      {"repl --help", "usage: fledge repl"},
      {"--version", "fledge 0."},
  };
  for (const auto& [arguments, part] : expected) {
    SCOPED_TRACE(arguments);
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.err, "");
    EXPECT_THAT(outcome.out, HasSubstr(part));
  }
}

TEST_F(CliTest, ListsNameWhatThereIs) {
  const Outcome workloads = Run("workloads");
  EXPECT_EQ(workloads.status, 0);
  for (const char* name :
       {"binary-trees", "gcbench", "lru", "json", "graph-mutate",
        "old-to-young", "fragment", "deep-stack", "weak-cache"}) {
    EXPECT_THAT(workloads.out, HasSubstr(std::string("  ") + name + " "));
  }
  const Outcome options = Run("options");
  EXPECT_EQ(options.status, 0);
  EXPECT_THAT(options.out, HasSubstr("  nursery "));
  EXPECT_THAT(options.out, HasSubstr("  fail-page "));
}

// Bad input.

TEST_F(CliTest, UnknownNamesAreToldTheNearest) {
  ExpectBadInput("profil",
                 "unknown command 'profil' (did you mean 'profile'? known: "
                 "run, repl, profile, compare, stress, workloads, options)");
  ExpectBadInput("profile lru --ouy x",
                 "unknown option '--ouy' (did you mean '--out'? known: --out, "
                 "--sample, --gc, --trace-gc, --json, --help)");
  ExpectBadInput("profile lur",
                 "profile: unknown workload 'lur' (known: binary-trees, "
                 "gcbench, lru, json, graph-mutate, old-to-young, fragment, "
                 "deep-stack, weak-cache)");
  ExpectBadInput("stress binary-tree",
                 "stress: unknown workload 'binary-tree' (did you mean "
                 "'binary-trees'? known: binary-trees, gcbench, lru, json, "
                 "graph-mutate, old-to-young, fragment, deep-stack, "
                 "weak-cache)");
}

TEST_F(CliTest, WhatIsMissingIsNamed) {
  ExpectBadInput("profile",
                 "profile: no workload (try fledge profile binary-trees; "
                 "fledge workloads lists all)");
  ExpectBadInput("stress binary-trees",
                 "stress: no --stress SPEC (try --stress every=1)");
  ExpectBadInput("repl program.scm",
                 "repl: 'program.scm' is one word too many (:load FILE at the "
                 "prompt, or fledge run FILE)");
  ExpectBadInput("--gc x profile",
                 "no command before option '--gc' (known: run, repl, profile, "
                 "compare, stress, workloads, options)");
}

TEST_F(CliTest, BadOptionsOfTheHeapAreRefused) {
  ExpectBadInput("profile binary-trees 10 --gc nursery=abc",
                 "--gc: nursery: 'abc' is not a size (try 16M)");
  setenv("FLEDGE_GC", "verify=maybe", 1);
  ExpectBadInput("profile binary-trees 10",
                 "FLEDGE_GC: verify: 'maybe' is not on or off (try on)");
}

TEST_F(CliTest, BadStressIsRefused) {
  ExpectBadInput("stress binary-trees --stress every=0",
                 "--stress: every: '0' is not more than zero (try 1)");
  ExpectBadInput("stress binary-trees --stress seed=3",
                 "--stress: 'seed=3' stresses nothing (add every=1)");
}

TEST_F(CliTest, BadArgumentsOfAWorkloadAreRefused) {
  for (const char* word : {"abc", "-5", "99"}) {
    ExpectBadInput(std::string("profile binary-trees ") + word,
                   std::string("binary-trees: DEPTH: '") + word +
                       "' is not a number from 4 to 26");
  }
}

TEST_F(CliTest, PlacesThatCannotBeWrittenAreFoundBeforeTheRun) {
  ExpectBadInput("profile binary-trees 26 --out /dev/null/x",
                 "--out: '/dev/null/x' cannot be written: Not a directory "
                 "(give a folder that you may write to)");
  ExpectBadInput("profile binary-trees 26 --json no/x.json",
                 "--json: 'no/x.json' cannot be written: No such file or "
                 "directory (give a file that you may write to)");
}

// Runs.

TEST_F(CliTest, ProfilePrintsASummaryAndWritesThreeFiles) {
  const Outcome outcome = Run("profile binary-trees 12 --json copy.json");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.err, "");
  EXPECT_THAT(outcome.out, StartsWith("binary-trees 12 (genimmix)\n"));
  EXPECT_THAT(Read("fledge-out/report.html"), HasSubstr("</html>"));
  EXPECT_FALSE(ReadJson("fledge-out/trace.json").empty());
  const auto summary = ReadJson("fledge-out/summary.json");
  EXPECT_EQ(summary["workload"], "binary-trees");
  EXPECT_EQ(summary["policy"], "genimmix");
  EXPECT_GT(summary["allocated_bytes"], 0);
  EXPECT_GT(summary["heap"]["peak_rss_bytes"], 0);
  EXPECT_EQ(summary["wall_ns"].get<long>(),
            summary["mutator_ns"].get<long>() +
                summary["pauses"]["total_ns"].get<long>());
  EXPECT_EQ(ReadJson("copy.json"), summary);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "fledge-out"), {}),
            3);
}

TEST_F(CliTest, OfAProgramProfileSaysWhatAllocatesAndWhatStays) {
  std::ofstream(folder_ / "pairs.scm")
      << "(define (build n) (if (= n 0) '() (cons n (build (- n 1)))))\n"
         "(define kept #f)\n"
         "(define (main i)\n"
         "  (if (> i 0) (begin (set! kept (build 1000)) (main (- i 1)))))\n"
         "(main 200)\n";
  const Outcome outcome = Run("profile pairs.scm");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, ContainsRegex("\n    pair .* MiB +9[0-9.]+%"));
  EXPECT_THAT(outcome.out,
              ContainsRegex("\n    build .* MiB +9[0-9.]+%.*pairs.scm:1\n"));
  const auto summary = ReadJson("fledge-out/summary.json");
  const auto& memory = summary["memory"];
  EXPECT_EQ(memory["functions"][0]["name"], "build");
  EXPECT_GT(memory["live_bytes"], 24'000);
  EXPECT_THAT(Read("fledge-out/report.html"), HasSubstr("pairs.scm:1:"));
  // What looks at the heap afterwards is none of the program's collections.
  EXPECT_EQ(summary["collections"]["major"], 0);
}

TEST_F(CliTest, SamplesAreAsFarApartAsOneSays) {
  std::ofstream(folder_ / "empty.scm") << "(vector-length (make-vector 99))\n";
  ExpectBadInput("profile empty.scm --sample much",
                 "--sample: 'much' is not a size (try 64K)");
  ASSERT_EQ(Run("profile empty.scm --sample 1K").status, 0);
  EXPECT_EQ(ReadJson("fledge-out/summary.json")["memory"]["interval_bytes"],
            1024);
  const Outcome none = Run("profile empty.scm --sample 0");
  EXPECT_EQ(none.status, 0);
  EXPECT_FALSE(ReadJson("fledge-out/summary.json").contains("memory"));
  EXPECT_EQ(none.out.find("by type"), std::string::npos);
  // What is no program in Lambda has nobody to say it of.
  ASSERT_EQ(Run("profile binary-trees 8").status, 0);
  EXPECT_FALSE(ReadJson("fledge-out/summary.json").contains("memory"));
}

TEST_F(CliTest, TheHeapIsAsTheFlagAndTheEnvironmentSay) {
  setenv("FLEDGE_GC", "nursery=64K,tenuring=1", 1);
  ASSERT_EQ(Run("profile binary-trees 10 --gc nursery=128K").status, 0);
  EXPECT_EQ(ReadJson("fledge-out/summary.json")["options"],
            "tenuring=1,nursery=128K");
}

TEST_F(CliTest, TraceGcPrintsALineACollection) {
  const Outcome outcome =
      Run("profile binary-trees 12 --trace-gc --gc nursery=256K");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.err, ContainsRegex("minor 1, nursery full: "));
  const auto collections = ReadJson("fledge-out/summary.json")["collections"];
  EXPECT_EQ(
      std::count(outcome.err.begin(), outcome.err.end(), '\n'),
      collections["minor"].get<long>() + collections["major"].get<long>());
}

TEST_F(CliTest, RunningOutOfMemoryIsOneLine) {
  const Outcome outcome = Run("profile binary-trees 18 --gc max-heap=8M");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, StartsWith("fledge: out of memory: the limit of 8"));
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1);
  EXPECT_FALSE(fs::exists(folder_ / "fledge-out"));
}

TEST_F(CliTest, StressComparesTheResultsAndSaysHowToRepeat) {
  const Outcome outcome =
      Run("stress binary-trees 6 --stress random=50,major=3 --json s.json");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out,
              ContainsRegex("seed [0-9]+; to repeat: fledge stress --stress "
                            "random=50,major=3,seed=[0-9]+ binary-trees 6\n"));
  EXPECT_THAT(outcome.out, HasSubstr("the results are equal\n"));
  EXPECT_GT(ReadJson("s.json")["collections"]["minor"], 0);
}

TEST_F(CliTest, CompareShowsEachPolicyAndHeapSize) {
  const Outcome outcome =
      Run("compare binary-trees 12 --policy genimmix --policy semispace "
          "--heap 2x,64M --repeat 2 --json copy.json");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  EXPECT_THAT(outcome.out, HasSubstr("the smallest heap that it runs in"));
  const auto json = ReadJson("fledge-out/compare.json");
  EXPECT_EQ(json, ReadJson("copy.json"));
  EXPECT_EQ(json["workload"], "binary-trees");
  ASSERT_EQ(json["variants"].size(), 4u);
  EXPECT_EQ(json["variants"][1]["heap"], "64M");
  EXPECT_EQ(json["variants"][1]["max_heap_bytes"], 64 << 20);
  EXPECT_EQ(json["variants"][2]["policy"], "semispace");
  EXPECT_EQ(json["variants"][2]["max_heap_bytes"],
            2 * json["smallest_heap_bytes"].get<long>());
  for (const auto& variant : json["variants"]) {
    EXPECT_EQ(variant["runs"], 2) << variant;
  }
  EXPECT_EQ(json["variants"][3]["collections"]["minor"], 0);
  EXPECT_THAT(Read("fledge-out/report.html"), HasSubstr("semispace 64M"));
}

TEST_F(CliTest, CompareSaysWhichHeapIsTooSmall) {
  const Outcome outcome =
      Run("compare binary-trees 12 --policy nogc --policy genimmix --heap 4M "
          "--repeat 1");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out,
              ContainsRegex("nogc +4M, 4.00 MiB +does not run in this heap"));
}

TEST_F(CliTest, BadComparisonsAreRefused) {
  ExpectBadInput("compare binary-trees --policy gencopi",
                 "--policy: 'gencopi' is not a policy (did you mean 'gencopy'? "
                 "known: nogc, semispace, gencopy, genimmix)");
  ExpectBadInput("compare binary-trees --policy gencopy --policy gencopy",
                 "--policy: 'gencopy' is given twice (keep one)");
  ExpectBadInput("compare binary-trees --heap 2x,0.5x",
                 "--heap: '0.5x' is not a factor from 1 to 1000 (try 1.5x)");
  ExpectBadInput("compare binary-trees --heap 2x,",
                 "--heap: '' is neither a size nor a factor (try 1.5x,2x,3x)");
  ExpectBadInput("compare binary-trees --repeat 0",
                 "--repeat: '0' is not a number from 1 to 1000 (try 5)");
}

TEST_F(CliTest, StdoutThatCannotBeWrittenIsAnError) {
  for (const char* where : {">&-", ">/dev/full"}) {
    const Outcome outcome =
        Run(std::string("profile binary-trees 6 ") + where + " 2>.err #");
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.err, StartsWith("fledge: stdout: cannot be written: "));
    EXPECT_FALSE(ReadJson("fledge-out/summary.json").empty());
  }
}

TEST_F(CliTest, AnInterruptEndsARunAtOnceAndWritesNothing) {
  const std::string err = (folder_ / ".err").string();
  const std::string out = (folder_ / "out").string();
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGINT, SIG_DFL);
    if (freopen(err.c_str(), "w", stderr) == nullptr) _exit(99);
    execl(FLEDGE_PROGRAM, FLEDGE_PROGRAM, "profile", "binary-trees", "26",
          "--out", out.c_str(), "--trace-gc", nullptr);
    _exit(98);
  }
  // The first collection shows that it runs.
  while (Read(".err").empty()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  kill(child, SIGINT);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 130);
  EXPECT_THAT(Read(".err"),
              HasSubstr("fledge: interrupted, so nothing was written\n"));
  EXPECT_FALSE(fs::exists(out));
}

}  // namespace
}  // namespace fledge::tools

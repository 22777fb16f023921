// The part of the library that is written in Lambda: the files of
// runtime/lambda/library, embedded in the program.
//
// Threads: constants, initialized at compile time.
#pragma once

#include <string_view>

namespace fledge::lambda {

extern const std::string_view kControlLibrary;
extern const std::string_view kEvaluationLibrary;
extern const std::string_view kPortsLibrary;
extern const std::string_view kSchemeLibrary;
extern const std::string_view kSequencesLibrary;
extern const std::string_view kMapsLibrary;
extern const std::string_view kMemoryLibrary;
extern const std::string_view kSrfiLibrary;
extern const std::string_view kTablesLibrary;
extern const std::string_view kWeakLibrary;

}  // namespace fledge::lambda

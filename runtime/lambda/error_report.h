// Error report: what a person is told of a program's error: where, what, the
// line itself, and how the program had come there.
//
//   trees.scm:12:5: car: argument 1 is not a pair: 5
//     12 |   (sum (car tree))
//        |        ^
//     in sum at trees.scm:12:5
//     in main at trees.scm:20:3
//
// Procedures of Lambda's own library are left out. A call in tail position has
// no frame of the caller.
//
// Design: docs/design/lambda.md. Threads: the machine's. Never collects.
#pragma once

#include <string>

#include "runtime/lambda/sources.h"
#include "runtime/lambda/syntax_error.h"
#include "runtime/lambda/vm.h"

namespace fledge::lambda {

// Of what a program has ended with, which may be any value: lines, each with
// its end. Objects that are written with it are cut short.
std::string ErrorReport(const Sources& sources, const Vm& vm, Value raised);

std::string ErrorReport(const Sources& sources, const SyntaxError& error);

// The message of a condition and what it is about, in one line.
std::string ConditionText(Value condition);

}  // namespace fledge::lambda

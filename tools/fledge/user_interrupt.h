// UserInterrupt: while it lives, SIGINT interrupts the Lambda program that
// runs, or else drops the line that is typed.
//
// A program that does not stop, because it waits for input or for a long
// primitive, can be left: the third SIGINT ends the process with a line and
// status 130.
//
// Threads: one at a time, made and destroyed by the main thread.
#pragma once

#include <csignal>

#include "runtime/lambda/vm.h"

namespace fledge::tools {

class UserInterrupt {
 public:
  UserInterrupt();
  ~UserInterrupt();
  UserInterrupt(const UserInterrupt&) = delete;
  UserInterrupt& operator=(const UserInterrupt&) = delete;

  // Whether there was a SIGINT while no program ran, since the last call.
  static bool TakeAtPrompt();

  // Whether there was one while the program ran that ran last.
  static bool was_running();

  // While it lives, `vm` runs a program. One that was interrupted before does
  // not begin with that.
  class Running {
   public:
    explicit Running(lambda::Vm& vm);
    ~Running();
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
  };

 private:
  struct sigaction before_ {};
};

}  // namespace fledge::tools

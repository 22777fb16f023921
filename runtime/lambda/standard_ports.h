// StandardPorts: the parameters current-input-port, current-output-port and
// current-error-port, and the ports that they have at first.
//
// Who writes when: what goes to standard output is written when its buffer is
// full, after each line if it is a terminal, before standard input is waited
// for if that is a terminal, and when the machine is destroyed. Who ends the
// process in another way calls PortTable::FlushAll() before. Messages of errors
// are written at once.
//
// Design: docs/design/lambda_ports.md. Threads: the machine's.
#pragma once

#include "runtime/heap.h"
#include "runtime/lambda/port_table.h"
#include "runtime/value.h"

namespace fledge::lambda {

class Vm;

class StandardPorts {
 public:
  // Of `vm`, which has its port table. May collect.
  explicit StandardPorts(Vm& vm);

  // Parameters.
  runtime::Value input() const { return Get(input_); }
  runtime::Value output() const { return Get(output_); }
  runtime::Value error() const { return Get(error_); }

 private:
  static runtime::Value Get(const runtime::Persistent& persistent) {
    return runtime::Value::FromWord(persistent.get());
  }

  runtime::Persistent input_;
  runtime::Persistent output_;
  runtime::Persistent error_;
};

}  // namespace fledge::lambda

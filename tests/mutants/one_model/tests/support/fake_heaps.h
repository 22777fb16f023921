// FakeHeaps, of one object model and compiled by each test: a mutant is built
// with one test only.
#pragma once

#include "gc/heap.h"
#include "tests/support/plain_model.h"

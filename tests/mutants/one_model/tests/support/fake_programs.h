// FakePrograms, compiled by each test: a mutant is built with one test only.
#pragma once

#include "tests/support/random_program.h"

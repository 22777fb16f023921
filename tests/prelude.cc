// What every test reads first; see CMakeLists.txt.

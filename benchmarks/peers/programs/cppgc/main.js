// Runs a workload on cppgc.
// Usage: node main.js ADDON WORKLOAD ARGUMENT...
'use strict';

const path = require('path');

const [addon, workload, first, second = 0] = process.argv.slice(2);
const {run} = require(path.resolve(addon));

console.log(run(workload, Number(first), Number(second)));

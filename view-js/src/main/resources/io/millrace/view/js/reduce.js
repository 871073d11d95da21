// The harness of reduce functions: calls the function for each of the tasks of a chunk, and writes a
// line "=value" or "!message" for each.
(function (tools, make, mostChars) {
  'use strict';

  const { parse, stringify, describe, isPromise } = tools;

  // A helper that reduce functions for CouchDB expect.
  function sum(values) {
    let total = 0;
    for (let i = 0; i < values.length; i++) {
      total += values[i];
    }
    return total;
  }

  // Keys and values of rows, or values that were reduced before.
  function reduceOne(task) {
    try {
      const reduce = make(sum);
      if (typeof reduce !== 'function') {
        throw new TypeError('the reduce is not a function');
      }
      const value = task.length === 2 ? reduce(task[0], task[1], false) : reduce(null, task[0], true);
      if (isPromise(value)) {
        throw new TypeError('the reduce function returned a promise; it must return its value at once');
      }
      const text = stringify(value);
      if (text === undefined) {
        return '=null\n';
      }
      if (text.length > mostChars) {
        throw new RangeError(`what it returned is longer than ${mostChars} characters; it must not grow with the number of rows`);
      }
      return '=' + text + '\n';
    } catch (error) {
      return '!' + stringify(describe(error)) + '\n';
    }
  }

  // The function is made anew for every task, so that nothing is carried from one to the next.
  return function (json) {
    const tasks = parse(json);
    let text = '';
    for (let i = 0; i < tasks.length; i++) {
      text += reduceOne(tasks[i]);
    }
    return text;
  };
})

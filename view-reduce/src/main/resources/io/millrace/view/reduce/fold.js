// The harness of folds: gives the function the changes of a chunk, one after the other, each with the
// state that the one before it left.
(function (tools, make, mostChars) {
  'use strict';

  const { parse, stringify, describe, isPromise } = tools;

  // The text of the state behind a change. It is what the next change begins with, so that what JSON
  // cannot hold is lost at every change and not only where a chunk ends.
  function apply(state, change) {
    const fold = make();
    if (typeof fold !== 'function') {
      throw new TypeError('the fold is not a function');
    }
    const next = fold(state, change);
    if (isPromise(next)) {
      throw new TypeError('the fold returned a promise; it must return the state at once');
    }
    const text = stringify(next);
    if (text === undefined) {
      throw new TypeError('the fold returned nothing that JSON can hold; it must return the state');
    }
    if (text.length > mostChars) {
      throw new RangeError(`the state would be longer than ${mostChars} characters`);
    }
    return text;
  }

  // The text of the state behind the last change, and for each change that failed a line with its
  // number and its message.
  return function (stateText, json) {
    const changes = parse(json);
    let text = stateText;
    let failures = '';
    for (let i = 0; i < changes.length; i++) {
      try {
        text = apply(parse(text), changes[i]);
      } catch (error) {
        failures += i + ' ' + stringify(describe(error)) + '\n';
      }
    }
    return text + '\n' + failures;
  };
})

// The simplest harness: the JSON of what the function returns for an input; null for nothing.
(function (tools, make, prefix) {
  return function (json, secondJson) {
    try {
      const second = secondJson === undefined ? undefined : tools.parse(secondJson);
      const value = make('given')(tools.parse(json), second);
      const text = tools.isPromise(value) ? 'promise' : tools.stringify(value);
      return text === undefined ? null : prefix + text;
    } catch (error) {
      return '!' + tools.describe(error);
    }
  };
})

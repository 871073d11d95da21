// The harness of map functions: gives them the documents of a chunk, one after the other, and writes
// the rows that they make.
(function (tools, make, emits, mostChars, mostRows) {
  'use strict';

  const { parse, stringify, describe, isPromise } = tools;

  // Text of one document's rows: lines "+key" and "value" for each row emitted, or "=value" for the
  // value returned, or "!message"; then ";".
  function mapDocument(document) {
    let open = true;
    let rows = 0;
    let text = '';
    let refusal = null;

    function refuse(message) {
      refusal = message;
      throw new RangeError(message);
    }

    function emit(key, value) {
      if (!open) {
        throw new TypeError('emit was called after its document had ended');
      }
      if (refusal !== null) {
        throw new RangeError(refusal);
      }
      const keyText = stringify(key);
      const valueText = stringify(value);
      const row = '+' + (keyText === undefined ? 'null' : keyText) + '\n' + (valueText === undefined ? 'null' : valueText) + '\n';
      if (++rows > mostRows) {
        refuse(`the document emits more than ${mostRows} rows`);
      }
      if (text.length + row.length > mostChars) {
        refuse(`the rows of the document are longer than ${mostChars} characters`);
      }
      text += row;
    }

    try {
      const map = make(emit);
      if (typeof map !== 'function') {
        throw new TypeError('the map is not a function');
      }
      const value = map(document, emit);
      if (rows === 0 && !emits) {
        if (isPromise(value)) {
          throw new TypeError('the map function returned a promise; it must return its value at once');
        }
        const valueText = stringify(value);
        if (valueText !== undefined) {
          if (valueText.length > mostChars) {
            refuse(`the value of the document is longer than ${mostChars} characters`);
          }
          text = rows === 0 ? '=' + valueText + '\n' : text;
        }
      }
    } catch (error) {
      text = '!' + stringify(refusal === null ? describe(error) : refusal) + '\n';
    }
    open = false;
    return refusal === null ? text + ';\n' : '!' + stringify(refusal) + '\n;\n';
  }

  // The rows of a chunk of documents; null when they are too long together. The function is made anew
  // for every document, so that nothing is carried from one to the next.
  return function (json) {
    const documents = parse(json);
    let text = '';
    for (let i = 0; i < documents.length; i++) {
      text += mapDocument(documents[i]);
      if (text.length > mostChars && documents.length > 1) {
        return null;
      }
    }
    return text;
  };
})

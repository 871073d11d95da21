// Evaluated once in every context, before anything else. First takes away what is not determined by
// the input of a function, then freezes what is left, then returns the tools of harnesses.
(function () {
  'use strict';

  const { isArray } = Array;
  const { apply, construct, ownKeys } = Reflect;
  const { freeze, getOwnPropertyDescriptor, getPrototypeOf, defineProperty, prototype: objectPrototype } = Object;
  const { parse, stringify } = JSON;
  const PromiseFunction = Promise;

  // The longest array-like that the looping methods of arrays accept: some of their loops cannot be
  // interrupted.
  const LONGEST = 1000000;

  // How deep arrays are flattened.
  const DEEPEST = 1000;

  // How often a bound function is bound again.
  const MOST_BINDINGS = 100;

  const KEPT = [
    'Object', 'Function', 'Array', 'String', 'Number', 'Boolean', 'Symbol', 'Date', 'RegExp', 'Math', 'JSON',
    'Map', 'Set', 'WeakMap', 'WeakSet', 'Reflect', 'Iterator', 'globalThis', 'NaN', 'Infinity', 'undefined',
    'isNaN', 'isFinite', 'parseFloat', 'parseInt', 'encodeURI', 'encodeURIComponent', 'decodeURI',
    'decodeURIComponent', 'Error', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError',
    'URIError', 'AggregateError',
  ];

  const LOOPING = [
    'lastIndexOf', 'indexOf', 'includes', 'shift', 'unshift', 'sort', 'splice', 'forEach', 'filter', 'flat', 'flatMap',
    'every', 'some', 'reduce', 'reduceRight', 'toReversed', 'toSorted', 'toSpliced', 'with', 'join', 'concat',
    'copyWithin', 'fill', 'reverse', 'find', 'findIndex', 'findLast', 'findLastIndex', 'map', 'slice',
  ];

  function hidden(object, name, value) {
    defineProperty(object, name, { value, writable: true, enumerable: false, configurable: true });
  }

  function removeClockAndChance() {
    const RealDate = Date;
    const SafeDate = function Date(...parts) {
      if (new.target === undefined || parts.length === 0) {
        throw new TypeError('a function has no clock: Date needs arguments');
      }
      return construct(RealDate, parts, new.target);
    };
    SafeDate.prototype = RealDate.prototype;
    hidden(SafeDate, 'parse', RealDate.parse);
    hidden(SafeDate, 'UTC', RealDate.UTC);
    hidden(SafeDate, 'now', function now() {
      throw new TypeError('a function has no clock');
    });
    hidden(RealDate.prototype, 'constructor', SafeDate);
    hidden(globalThis, 'Date', SafeDate);
    delete Math.random;
  }

  function removeLocales() {
    for (const intrinsic of [Object, Array, String, Number, Date]) {
      for (const name of ownKeys(intrinsic.prototype)) {
        if (typeof name === 'string' && /locale/i.test(name)) {
          delete intrinsic.prototype[name];
        }
      }
    }
  }

  // Only what has a length that is plain, small and its own may be looped over.
  function requireShort(thing) {
    if (thing === null || typeof thing !== 'object' && typeof thing !== 'function') {
      return;
    }
    const length = getOwnPropertyDescriptor(thing, 'length');
    if (length === undefined) {
      if ('length' in thing) {
        throw new TypeError('the length of an array-like object must be its own');
      }
    } else if (typeof length.value !== 'number' || !(length.value <= LONGEST)) {
      throw new RangeError('an array-like object must have a length of at most ' + LONGEST);
    }
  }

  function guardArrays() {
    for (const name of LOOPING) {
      const native = Array.prototype[name];
      if (native === undefined) {
        continue;
      }
      const guarded = {
        [name](...args) {
          requireShort(this);
          return apply(native, this, args);
        },
      }[name];
      defineProperty(guarded, 'length', { value: native.length, configurable: true });
      hidden(Array.prototype, name, guarded);
    }
    const concat = Array.prototype.concat;
    hidden(Array.prototype, 'concat', {
      concat(...args) {
        for (let i = 0; i < args.length; i++) {
          requireShort(args[i]);
        }
        return apply(concat, this, args);
      },
    }.concat);
    const from = Array.from;
    hidden(Array, 'from', {
      from(items, ...rest) {
        if (items !== null && items !== undefined && items[Symbol.iterator] === undefined) {
          requireShort(items);
        }
        return apply(from, this, [items, ...rest]);
      },
    }.from);
    hidden(JSON, 'stringify', {
      stringify(value, replacer, space) {
        requireShort(replacer);
        return stringify(value, replacer, space);
      },
    }.stringify);
    hidden(Reflect, 'apply', {
      apply(target, receiver, list) {
        requireShort(list);
        return apply(target, receiver, list);
      },
    }.apply);
    hidden(Reflect, 'construct', {
      construct(target, list, ...newTarget) {
        requireShort(list);
        return construct(target, list, ...newTarget);
      },
    }.construct);
    const flat = Array.prototype.flat;
    hidden(Array.prototype, 'flat', {
      flat(depth) {
        // Its recursion ends with the stack, which is not determined.
        return apply(flat, this, [depth === undefined || depth <= DEEPEST ? depth : DEEPEST]);
      },
    }.flat);
    const bind = Function.prototype.bind;
    const bindings = new WeakMap();
    const bindingsOf = apply.bind(null, WeakMap.prototype.get, bindings);
    const setBindings = apply.bind(null, WeakMap.prototype.set, bindings);
    hidden(Function.prototype, 'bind', {
      bind(...args) {
        // Calling through a long chain of them is not interrupted, and holds the arguments of each.
        const chain = (bindingsOf([this]) ?? 0) + 1;
        if (chain > MOST_BINDINGS) {
          throw new RangeError('a function is bound more than ' + MOST_BINDINGS + ' times over');
        }
        const bound = apply(bind, this, args);
        setBindings([bound, chain]);
        return bound;
      },
    }.bind);
    const applyFunction = Function.prototype.apply;
    hidden(Function.prototype, 'apply', {
      apply(receiver, list) {
        requireShort(list);
        return apply(applyFunction, this, [receiver, list]);
      },
    }.apply);
    delete String.raw;
  }

  // With frozen prototypes an assignment such as counts.constructor = 1 would throw; these members
  // are therefore accessors whose setter defines the member on the object assigned to.
  function allowOverriding(prototype) {
    for (const name of ownKeys(prototype)) {
      const property = getOwnPropertyDescriptor(prototype, name);
      if (!('value' in property) || name === '__proto__') {
        continue;
      }
      const { value } = property;
      defineProperty(prototype, name, {
        get() {
          return value;
        },
        set(replacement) {
          if (this === prototype) {
            throw new TypeError('built-in prototypes cannot be changed');
          }
          defineProperty(this, name, { value: replacement, writable: true, enumerable: true, configurable: true });
        },
        enumerable: false,
        configurable: true,
      });
    }
  }

  function deepFreeze(roots) {
    const seen = new Set();
    const waiting = [...roots];
    while (waiting.length > 0) {
      const thing = waiting.pop();
      if (thing === null || typeof thing !== 'object' && typeof thing !== 'function' || seen.has(thing)) {
        continue;
      }
      seen.add(thing);
      freeze(thing);
      waiting.push(getPrototypeOf(thing));
      for (const name of ownKeys(thing)) {
        const property = getOwnPropertyDescriptor(thing, name);
        waiting.push(property.value, property.get, property.set);
      }
    }
  }

  function intrinsicsWithoutName() {
    const generator = function* () {};
    const asyncGenerator = async function* () {};
    const iterators = [
      [].values(), new Map().entries(), new Set().values(), ''[Symbol.iterator](), 'a'.matchAll(/a/g),
      [].values().map((x) => x), Iterator.from({ next() {} }),
    ];
    return [
      generator, generator(), async function () {}, asyncGenerator, asyncGenerator(), () => {}, PromiseFunction,
      /a/, (function () { return arguments; })(), ...iterators,
    ];
  }

  removeClockAndChance();
  removeLocales();
  guardArrays();
  for (const name of ownKeys(globalThis)) {
    if (typeof name === 'string' && !KEPT.includes(name)) {
      delete globalThis[name];
    }
  }
  allowOverriding(objectPrototype);
  for (const type of [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError]) {
    allowOverriding(type.prototype);
  }
  deepFreeze([globalThis, ...intrinsicsWithoutName()]);

  function describe(error) {
    try {
      if (error instanceof Error) {
        const place = /script:(\d+):(\d+)/.exec(`${error.stack}`);
        const where = place === null ? '' : ` (line ${place[1] - 1}, column ${place[2]})`;
        return `${error.name}: ${error.message}${where}`.slice(0, 1000);
      }
      return `threw ${typeof error === 'string' ? error : stringify(error)}`.slice(0, 1000);
    } catch (_) {
      return 'threw something that cannot be described';
    }
  }

  return freeze({
    parse,
    stringify,
    describe,
    isPromise(value) {
      return value instanceof PromiseFunction;
    },
  });
})();

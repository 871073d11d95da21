package io.millrace.engine.planted;

/** Nobody prints. */
final class EnginePrints {
  void print() {
    System.out.println("here");
  }
}

package io.millrace.api.planted;

import io.millrace.spi.Meters;

/** The contracts must not know how modules are found. */
final class ApiKnowsSpi {
  final Meters meters = Meters.none();
}

package io.millrace.api;

/** A class of one module in the package of another. */
final class PlantedInForeignPackage {}

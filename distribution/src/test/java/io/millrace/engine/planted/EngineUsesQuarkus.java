package io.millrace.engine.planted;

import jakarta.inject.Singleton;

/** The engine is usable without a server. */
@Singleton
final class EngineUsesQuarkus {}

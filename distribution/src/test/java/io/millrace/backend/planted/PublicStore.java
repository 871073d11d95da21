package io.millrace.backend.planted;

/** Public, although no provider. */
public final class PublicStore {}

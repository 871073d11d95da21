package io.millrace.api.view;

/**
 * A document that a view could not compute.
 *
 * @param id the document
 * @param message why, for the author of the definition
 */
public record DocumentError(String id, String message) {}

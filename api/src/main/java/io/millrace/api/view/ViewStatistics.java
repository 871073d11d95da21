package io.millrace.api.view;

/**
 * How large a view is.
 *
 * @param rows how many rows it holds
 * @param bytes of keys and values, before compression
 * @param errors how many documents could not be computed
 */
public record ViewStatistics(long rows, long bytes, long errors) {}

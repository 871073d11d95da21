package io.millrace.sync;

/**
 * What a sync did.
 *
 * @param cid what is reached
 * @param pulled how many changes came from the server, among them those that came back
 * @param pushed how many changes the server took
 * @param startedOver whether everything was taken from the server again
 */
public record SyncReport(String cid, long pulled, long pushed, boolean startedOver) {}

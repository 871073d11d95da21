/**
 * What a log or a store does when its process is killed, its files are damaged, its disk is full,
 * or it lacks what it needs: a module extends {@link io.millrace.tck.faults.LogFaultsTck} or {@link
 * io.millrace.tck.faults.StoreFaultsTck}. Works on providers and their folders, and nothing here
 * knows how any of them works inside.
 */
@NullMarked
package io.millrace.tck.faults;

import org.jspecify.annotations.NullMarked;

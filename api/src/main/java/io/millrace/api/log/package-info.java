/** The log: the append-only truth of one database. Implementations live in modules of their own. */
@NullMarked
package io.millrace.api.log;

import org.jspecify.annotations.NullMarked;

package io.millrace.view.query;

import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import java.util.List;

/**
 * How much one question may hold in memory, and how far it counts.
 *
 * @param gatheredRows how many rows or groups one stage may hold
 * @param gatheredBytes how much memory they may take, roughly
 * @param countedRows where {@code explain} ends to count
 */
record QueryLimits(long gatheredRows, long gatheredBytes, long countedRows) {
  private static final Setting<Long> GATHERED_ROWS =
      Setting.number(
          "gathered-rows",
          "The most rows or groups that $sort or $reduce may hold for one question.",
          100_000,
          1,
          100_000_000);
  private static final Setting<Long> GATHERED_BYTES =
      Setting.size(
          "gathered-bytes",
          "The most memory that $sort or $reduce may hold for one question, in bytes.",
          "64MiB",
          1L << 10,
          64L << 30);
  private static final Setting<Long> COUNTED_ROWS =
      Setting.number(
          "counted-rows", "How many rows of a range are counted for explain.", 10_000, 1, 1L << 40);

  static final List<Setting<?>> SETTINGS = List.of(GATHERED_ROWS, GATHERED_BYTES, COUNTED_ROWS);

  static QueryLimits of(Settings settings) {
    return new QueryLimits(
        settings.get(GATHERED_ROWS), settings.get(GATHERED_BYTES), settings.get(COUNTED_ROWS));
  }
}

package io.millrace.log.store;

import io.millrace.tck.log.LogFixture;
import io.millrace.tck.log.LogTck;

final class MemoryLogContractTest extends LogTck {
  @Override
  protected LogFixture createFixture() {
    return new StoreLogFixture("memory");
  }
}

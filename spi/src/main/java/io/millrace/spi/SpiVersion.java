package io.millrace.spi;

/**
 * The version of the contract between the server and its modules: this package and {@code
 * io.millrace.api}.
 *
 * <p>It grows when a module that was built before would not work any more: a method that modules
 * must implement is added, or one that they call is removed or means something else. What is merely
 * added for modules to call leaves it alone.
 */
public final class SpiVersion {
  /**
   * The version of the classes at hand.
   *
   * <p>A constant on purpose: the compiler copies it into the class that names it, so that a
   * {@linkplain Provider#spiVersion() provider} goes on telling what it was built against.
   */
  public static final int CURRENT = 1;

  private SpiVersion() {}
}

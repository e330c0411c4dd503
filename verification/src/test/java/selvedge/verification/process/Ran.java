package selvedge.verification.process;

import java.util.List;
import selvedge.model.Bytes;

/**
 * What came of a program that has ended.
 *
 * @param out everything that it wrote to standard output
 * @param errors everything that it wrote to standard error
 */
public record Ran(List<String> command, int exit, Bytes out, String errors) {

  public String text() {
    return out.utf8();
  }

  public Ran ok() {
    if (exit != 0) {
      throw new IllegalStateException("failed: " + this);
    }
    return this;
  }

  @Override
  public String toString() {
    return String.join(" ", command)
        + "\nexit code "
        + exit
        + ", standard output:\n"
        + text()
        + "\nstandard error:\n"
        + errors;
  }
}

package selvedge.verification.process;

import java.util.List;
import selvedge.model.Bytes;

/**
 * The result of a program that has ended.
 *
 * @param out its standard output
 * @param errors its standard error
 */
public record ProcessResult(List<String> command, int exit, Bytes out, String errors) {

  public String text() {
    return out.utf8();
  }

  public ProcessResult ok() {
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

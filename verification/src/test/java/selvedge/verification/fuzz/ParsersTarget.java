package selvedge.verification.fuzz;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import java.io.IOException;
import java.security.GeneralSecurityException;

/** Selects one of the targets whose inputs are made of choices, so that one process runs all. */
public final class ParsersTarget {
  private ParsersTarget() {}

  /** Prepares the targets before the first input, whose time is limited. */
  public static void fuzzerInitialize() throws IOException, GeneralSecurityException {
    Http2Target.fuzzerInitialize();
    JournalTarget.fuzzerInitialize();
    TlsTarget.fuzzerInitialize();
  }

  /** Called for each input. */
  public static void fuzzerTestOneInput(FuzzedDataProvider data) throws IOException {
    switch (data.consumeInt(0, 7)) {
      case 0 -> Http2Target.fuzzerTestOneInput(data);
      case 1 -> TlsTarget.fuzzerTestOneInput(data);
      case 2 -> JournalTarget.fuzzerTestOneInput(data);
      case 3 -> WranglerTarget.fuzzerTestOneInput(data);
      case 4, 5 -> FeedTarget.fuzzerTestOneInput(data);
      default -> BoundaryTarget.fuzzerTestOneInput(data);
    }
  }
}

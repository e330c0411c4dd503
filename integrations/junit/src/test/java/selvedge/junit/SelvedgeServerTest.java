package selvedge.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class SelvedgeServerTest {
  @RegisterExtension static final SelvedgeServer SHARED = new SelvedgeServer();
  @RegisterExtension final SelvedgeServer own = new SelvedgeServer();

  @RepeatedTest(2)
  void anInstanceFieldStartsAServerForEachTestAndAStaticFieldOneForAll() {
    assertThat(own.namespace("n").getText("k")).isEmpty();
    own.namespace("n").put("k", "v");
    assertThat(own.namespace("n").getText("k")).contains("v");
    assertThat(own.uri()).isNotEqualTo(SHARED.uri());
    SHARED.namespace("n").put("k", "shared");
    assertThat(SHARED.namespace("n").getText("k")).contains("shared");
  }

  @Test
  void aServerThatIsNotRegisteredNamesTheRemedy() {
    assertThatThrownBy(() -> new SelvedgeServer().uri())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("register it");
  }
}

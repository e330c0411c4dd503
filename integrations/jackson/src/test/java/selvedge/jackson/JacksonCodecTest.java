package selvedge.jackson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import selvedge.model.Codec;
import selvedge.model.InvalidRequestException;
import selvedge.model.Namespace;
import selvedge.model.Selvedge;
import selvedge.model.WriteOptions;
import selvedge.model.testing.MemoryNamespaces;

final class JacksonCodecTest {
  private static final Codec<Cart> CART = JacksonCodec.of(Cart.class);

  /** A value. */
  record Cart(String owner, List<String> things) {}

  @Test
  void readsARecordAsItWasWritten() {
    try (Selvedge selvedge = MemoryNamespaces.selvedge()) {
      Namespace namespace = selvedge.namespace("carts");
      var cart = new Cart("alice", List.of("a", "b"));
      namespace.put("alice", cart, CART, WriteOptions.PLAIN);
      assertThat(namespace.get("alice", CART)).contains(cart);
      assertThat(namespace.getText("alice"))
          .contains("{\"owner\":\"alice\",\"things\":[\"a\",\"b\"]}");
      namespace.put("broken", "{");
      assertThatThrownBy(() -> namespace.get("broken", CART))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("no Cart in JSON");
    }
  }
}

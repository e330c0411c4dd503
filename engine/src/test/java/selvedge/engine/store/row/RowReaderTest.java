package selvedge.engine.store.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import selvedge.model.StoreDamagedException;

final class RowReaderTest {
  @Test
  void bytesBehindTheRowInItsArrayAreIgnored() {
    byte[] array = {0, 0, 0, 7, 9, 9, 9, 9, 9, 9, 9, 9};
    var reader = new RowReader(array, 4, "table");

    assertThat(reader.i32()).isEqualTo(7);
    reader.end();
    assertThatThrownBy(reader::i64)
        .isInstanceOf(StoreDamagedException.class)
        .hasMessageContaining("it ends after 4 bytes");
  }

  @Test
  void anExpiryThatCannotBeStoredIsDamage() {
    byte[] row = ByteBuffer.allocate(Long.BYTES).putLong(Long.MAX_VALUE).array();

    assertThatThrownBy(() -> new RowReader(row, "table").expiry())
        .isInstanceOf(StoreDamagedException.class)
        .hasMessageContaining("table");
  }
}

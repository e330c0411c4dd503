package selvedge.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import selvedge.engine.store.MemoryStore;
import selvedge.model.Bytes;

final class OpenUploadsTest {
  private final OpenUploads uploads = new OpenUploads(new MemoryStore(1)::upload, 4);

  @Test
  void chunksOfAnotherSizeAreCutAnew() {
    uploads.enter(1);
    uploads.write(7, 10, Bytes.utf8("abcde"));
    uploads.write(7, 11, Bytes.utf8("fg"));

    assertThat(uploads.finish(7).bytes()).isEqualTo(Bytes.utf8("abcdefg"));
  }

  @Test
  void theMarkStaysBeforeTheFirstChunkOfAnOpenUpload() {
    uploads.enter(1);
    uploads.write(7, 10, Bytes.utf8("ab"));
    uploads.write(8, 12, Bytes.utf8("cd"));

    assertThat(uploads.before(20)).isEqualTo(9);

    uploads.taken(7);
    assertThat(uploads.before(20)).isEqualTo(11);

    uploads.abandon(8);
    assertThat(uploads.before(20)).isEqualTo(20);
  }

  @Test
  void aNewTermFreesTheUploadsOfTheOneBefore() {
    uploads.enter(1);
    uploads.write(7, 10, Bytes.utf8("ab"));

    uploads.enter(2);

    assertThat(uploads.before(20)).isEqualTo(20);
    assertThatThrownBy(() -> uploads.finish(7)).hasMessageContaining("upload 7");
  }
}
